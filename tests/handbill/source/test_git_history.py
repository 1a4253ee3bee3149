"""Questions about commits, asked of real repositories."""

from __future__ import annotations

import pathlib
import subprocess
from collections.abc import Callable

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.source.git_history import Commits, may_name_commits, open_commits

Git = Callable[..., bytes]


def commit(git: Git, message: str) -> str:
    git("commit", "--quiet", "--allow-empty", "--message", message)
    return git("rev-parse", "HEAD").decode().strip()


def commits_of(folder: pathlib.Path) -> Commits:
    found = open_commits(folder)
    assert isinstance(found, Commits)
    return found


@pytest.fixture
def forked(git: Git) -> dict[str, str]:
    """`main` and `topic`, which parted at the second of three commits."""
    ids = {"first": commit(git, "first"), "parted": commit(git, "parted")}
    git("tag", "v1")
    git("checkout", "--quiet", "-b", "topic")
    ids["topic"] = commit(git, "topic")
    git("checkout", "--quiet", "main")
    ids["main"] = commit(git, "main")
    return ids


def test_a_name_is_resolved_to_the_commit_it_stands_for(
    tmp_path: pathlib.Path, git: Git, forked: dict[str, str]
) -> None:
    commits = commits_of(tmp_path)
    git("tag", "--annotate", "v2", "--message", "a tag of its own", "topic")
    assert commits.resolve("v2") == forked["topic"]
    assert commits.resolve(forked["main"][:12]) == forked["main"]
    assert commits.resolve("mian") is None
    assert commits.resolve("main:handbill.yaml") is None


def test_where_two_branches_parted(
    tmp_path: pathlib.Path, git: Git, forked: dict[str, str]
) -> None:
    commits = commits_of(tmp_path)
    assert commits.merge_base("main", "topic") == forked["parted"]
    assert commits.merge_base("main", "main") == forked["main"]
    git("checkout", "--quiet", "--orphan", "elsewhere")
    commit(git, "of no one")
    assert commits.merge_base("main", "elsewhere") is None


def test_what_came_before_on_its_own_branch(
    tmp_path: pathlib.Path, git: Git, forked: dict[str, str]
) -> None:
    git("merge", "--quiet", "--no-ff", "--message", "merged", "topic")
    merge = git("rev-parse", "HEAD").decode().strip()
    commits = commits_of(tmp_path)
    own = (forked["main"], forked["parted"], forked["first"])
    assert commits.first_parents(merge, 20) == own
    assert commits.first_parents(merge, 2) == own[:2]
    assert commits.first_parents(forked["first"], 20) == ()
    assert commits.first_parents("0" * 40, 20) == ()


def test_a_clone_that_was_cut_off_says_so(
    tmp_path: pathlib.Path, git: Git, forked: dict[str, str]
) -> None:
    commit(git, "another")
    shallow = tmp_path / "shallow"
    clone = ["git", "clone", "--quiet", "--depth=1", tmp_path.as_uri(), str(shallow)]
    subprocess.run(clone, check=True, capture_output=True)
    assert commits_of(shallow).is_shallow()
    assert not commits_of(tmp_path).is_shallow()


def test_branches_and_tags_those_of_remotes_too(
    tmp_path: pathlib.Path, git: Git, forked: dict[str, str]
) -> None:
    git("update-ref", "refs/remotes/origin/later", forked["main"])
    git("update-ref", "refs/notes/hidden", forked["main"])
    assert set(commits_of(tmp_path).names()) == {"main", "topic", "v1", "origin/later"}


def test_a_repository_without_a_commit(tmp_path: pathlib.Path, git: Git) -> None:
    commits = commits_of(tmp_path)
    assert (commits.resolve("HEAD"), commits.names()) == (None, ())


def test_a_folder_outside_of_git(tmp_path: pathlib.Path) -> None:
    found = open_commits(tmp_path)
    assert isinstance(found, Diagnostic)
    assert found.code == "HB101"


@pytest.mark.parametrize("name", ["main", "v1.2", "HEAD~3", "origin/main", "@{upstream}", "a" * 40])
def test_what_git_may_be_asked_about(name: str) -> None:
    assert may_name_commits(name)


@pytest.mark.parametrize("name", ["", "-n1", "--all", "main..topic", "main...topic", "a b", "x\n"])
def test_what_git_is_never_asked_about(name: str) -> None:
    assert not may_name_commits(name)
