"""Branch tips and ancestry, in real repositories of every shape."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.publish.branch import Branch, open_branch, open_log


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(folder: Path, message: str) -> str:
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "one")
    return folder


def opened(folder: Path, name: str = "main") -> Branch:
    branch = open_branch(folder, name)
    assert isinstance(branch, Branch)
    return branch


def test_the_tip_moves_with_each_commit(repository: Path) -> None:
    branch = opened(repository)
    for message in ("two", "three"):
        assert branch.tip() == git(repository, "rev-parse", "HEAD")
        assert commit(repository, message) == branch.tip()


def test_packed_refs_are_read_and_a_loose_one_wins(repository: Path) -> None:
    git(repository, "branch", "other-main")
    branch = opened(repository)
    git(repository, "pack-refs", "--all")
    assert not (repository / ".git" / "refs" / "heads" / "main").exists()
    packed = branch.tip()
    assert packed == git(repository, "rev-parse", "HEAD")
    loose = commit(repository, "two")
    assert branch.tip() == loose != packed
    git(repository, "pack-refs", "--all")
    assert branch.tip() == loose
    git(repository, "checkout", "-q", "other-main")
    git(repository, "branch", "-q", "-D", "main")
    assert branch.tip() is None


def test_a_folder_a_linked_work_tree_and_a_bare_repository(
    repository: Path, tmp_path: Path
) -> None:
    tip = git(repository, "rev-parse", "HEAD")
    (repository / "tenants" / "x").mkdir(parents=True)
    assert opened(repository / "tenants" / "x").tip() == tip
    git(repository, "worktree", "add", "-q", "-b", "side/way", str(tmp_path / "linked"))
    assert opened(tmp_path / "linked").tip() == tip
    assert opened(tmp_path / "linked", "side/way").tip() == tip
    git(tmp_path, "clone", "-q", "--bare", str(repository), "bare.git")
    bare = opened(tmp_path / "bare.git")
    assert bare.tip() == tip
    newer = commit(repository, "two")
    git(repository, "push", "-q", str(tmp_path / "bare.git"), "main")
    assert bare.tip() == newer


@pytest.mark.parametrize(
    "name", ["", "../main", "a..b", "-x", "main.lock", "a/.b", "a//b", "m ain", "a@{1}", "main/"]
)
def test_what_cannot_be_a_branch_is_refused(repository: Path, name: str) -> None:
    refusal = open_branch(repository, name)
    assert isinstance(refusal, Diagnostic) and refusal.code == "HB850"


def test_what_is_not_there_is_said(repository: Path, tmp_path: Path) -> None:
    missing = open_branch(repository, "develop")
    assert isinstance(missing, Diagnostic) and "no branch `develop`" in missing.message
    (tmp_path / "plain").mkdir()
    plain = open_branch(tmp_path / "plain", "main")
    assert isinstance(plain, Diagnostic) and plain.code == "HB101"
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / ".git").write_text("not a link")
    odd = open_branch(tmp_path / "odd", "main")
    assert isinstance(odd, Diagnostic) and odd.code == "HB101"
    (repository / ".git" / "reftable").mkdir()
    table = open_branch(repository, "main")
    assert isinstance(table, Diagnostic) and table.code == "HB851"


def test_a_ref_that_is_no_commit_is_no_tip(repository: Path) -> None:
    branch = opened(repository)
    (repository / ".git" / "refs" / "heads" / "main").write_text("garbage\n")
    assert branch.tip() is None


def test_ancestry_is_gits(repository: Path) -> None:
    one = git(repository, "rev-parse", "HEAD")
    two = commit(repository, "two")
    git(repository, "checkout", "-q", "-b", "side", one)
    side = commit(repository, "side")
    git(repository, "checkout", "-q", "main")
    git(repository, "merge", "-q", "-m", "merge", "side")
    merge = git(repository, "rev-parse", "HEAD")
    branch = opened(repository)
    commits = {"one": one, "two": two, "side": side, "merge": merge}
    expected = {
        "one": {"one"},
        "two": {"one", "two"},
        "side": {"one", "side"},
        "merge": set(commits),
    }
    for gc in (False, True):
        if gc:
            git(repository, "gc", "-q")
        for later, inside in expected.items():
            found = {name for name in commits if branch.contains(commits[later], commits[name])}
            assert found == inside
    log = open_log(repository / "tenants")
    assert log is not None and log.contains(merge, one) and not log.contains(one, merge)


def test_unknown_commits_contain_nothing(repository: Path, tmp_path: Path) -> None:
    one = git(repository, "rev-parse", "HEAD")
    branch = opened(repository)
    for later, earlier in ((one, "f" * 40), ("f" * 40, one), ("--help", one), (one, "-x")):
        assert not branch.contains(later, earlier)
    assert open_log(tmp_path) is None
