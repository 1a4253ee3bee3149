from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diff.revisions import Revision, resolve_merge_base, resolve_revision


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """`main` and `topic`, two commits after where they parted, and a tag there."""
    git(tmp_path, "init", "-q", "-b", "main")
    for branch in ("main", "topic"):
        if branch == "topic":
            git(tmp_path, "tag", "parted")
            git(tmp_path, "checkout", "-q", "-b", "topic")
        git(tmp_path, "commit", "-q", "--allow-empty", "-m", branch)
    git(tmp_path, "checkout", "-q", "main")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "more")
    return tmp_path


def test_a_name_stands_for_its_commit(repository: Path) -> None:
    found = resolve_revision(repository, "topic")
    assert found == Revision("topic", git(repository, "rev-parse", "topic"))
    short = git(repository, "rev-parse", "--short", "topic")
    assert resolve_revision(repository, short) == Revision(short, found.commit)


def test_three_dots_are_from_where_they_parted(repository: Path) -> None:
    parted = git(repository, "rev-parse", "parted")
    assert resolve_merge_base(repository, "main", "topic") == Revision("main...topic", parted)
    assert resolve_merge_base(repository, "topic", "") == Revision("topic...", parted)


@pytest.mark.parametrize(
    "asked",
    [
        "-x",
        "--output=/etc/x",
        "main..topic",
        "",
        "a b",
        "main\n",
        "main\0",
        ":handbill.yaml",
        "^main",
    ],
)
def test_what_git_is_never_asked_about(repository: Path, asked: str) -> None:
    found = resolve_revision(repository, asked)
    assert isinstance(found, Diagnostic) and found.code == "HB720"
    assert found.hint


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("mian", "did you mean main?"),
        ("@{upstream}", "name the branch, as in origin/main"),
        ("0123456789abcdef", "list what there is"),
        ("main~99", "main is there, and has no commit that far back"),
    ],
)
def test_a_revision_that_is_not_there(repository: Path, asked: str, hint: str) -> None:
    found = resolve_revision(repository, asked)
    assert isinstance(found, Diagnostic) and found.code == "HB721"
    assert hint in (found.hint or "")


def test_a_file_or_a_tree_is_no_revision(repository: Path) -> None:
    tree = git(repository, "rev-parse", "main^{tree}")
    assert isinstance(resolve_revision(repository, tree), Diagnostic)


def test_an_end_that_is_not_there_is_told_for_three_dots_too(repository: Path) -> None:
    found = resolve_merge_base(repository, "main", "nowhere")
    assert isinstance(found, Diagnostic) and found.code == "HB721"


def test_outside_of_git(tmp_path: Path) -> None:
    found = resolve_revision(tmp_path, "main")
    assert isinstance(found, Diagnostic) and found.code == "HB101"
    assert isinstance(resolve_merge_base(tmp_path, "main", "topic"), Diagnostic)


def test_branches_that_never_were_one(repository: Path) -> None:
    git(repository, "checkout", "-q", "--orphan", "elsewhere")
    git(repository, "commit", "-q", "--allow-empty", "-m", "of no one")
    found = resolve_merge_base(repository, "main", "elsewhere")
    assert isinstance(found, Diagnostic) and found.code == "HB722"
    assert found.hint == "compare the two as they are: handbill diff main elsewhere"


@pytest.fixture
def shallow(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with the last commit of each branch."""
    clone = tmp_path_factory.mktemp("shallow") / "clone"
    git(
        repository,
        "clone",
        "-q",
        "--depth=1",
        "--no-single-branch",
        repository.as_uri(),
        str(clone),
    )
    return clone


def test_a_shallow_clone_is_told_how_to_fetch_the_rest(shallow: Path) -> None:
    found = resolve_merge_base(shallow, "origin/main", "origin/topic")
    assert isinstance(found, Diagnostic) and found.code == "HB722"
    assert found.hint is not None and "fetch-depth: 0" in found.hint
    missing = resolve_revision(shallow, "HEAD~1")
    assert isinstance(missing, Diagnostic) and missing.code == "HB721"
    assert missing.hint is not None and "git fetch --unshallow" in missing.hint


def test_two_dots_are_told_how_they_are_asked_for(repository: Path) -> None:
    found = resolve_revision(repository, "main..topic")
    assert isinstance(found, Diagnostic)
    assert found.hint == "handbill diff main topic, or main...topic from where they parted"
