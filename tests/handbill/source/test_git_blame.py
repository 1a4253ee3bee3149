"""Who wrote a line, in a real repository that somebody edits."""

from __future__ import annotations

import datetime
import pathlib
import subprocess

import pytest

from handbill.source.git import open_revision
from handbill.source.git_blame import Written, open_blame, read_porcelain
from handbill.source.working_tree import open_working_tree

AUDIENCE = "audiences/lapsed.yaml"


def git(root: pathlib.Path, *words: str, author: str = "Ann") -> None:
    name = ("-c", f"user.name={author}", "-c", "user.email=a@x.example")
    subprocess.run(["git", "-C", root, *name, *words], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: pathlib.Path) -> pathlib.Path:
    git(tmp_path, "init", "-q")
    config = tmp_path / "config"
    (config / "audiences").mkdir(parents=True)
    (config / "handbill.yaml").write_text("categories: {}\n")
    (config / AUDIENCE).write_text("description: one\ninclude: a\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "First", "--date=2026-11-02T09:00:00+0000")
    (config / AUDIENCE).write_text("description: one\ninclude: b\n")
    git(tmp_path, "commit", "-qam", "Second", "--date=2026-11-03T23:30:00-0500", author="Ben")
    return config


def authors(root: pathlib.Path, revision: str | None = None) -> list[str | None]:
    tree, _ = open_working_tree(root) if revision is None else open_revision(root, revision)
    assert tree is not None
    blame = open_blame(root, tree)
    assert blame is not None
    count = tree.read(AUDIENCE).count(b"\n")
    found = (blame.of(AUDIENCE, line) for line in range(1, count + 1))
    return [each.author if each else None for each in found]


def test_each_line_has_its_author_and_the_day_at_utc(root: pathlib.Path) -> None:
    assert authors(root) == ["Ann", "Ben"]
    tree, _ = open_working_tree(root)
    assert tree is not None
    blame = open_blame(root, tree)
    assert blame is not None
    written = blame.of(AUDIENCE, 2)
    assert written is not None
    assert (written.day, written.summary) == (datetime.date(2026, 11, 4), "Second")
    assert len(written.commit) == 40


def test_edits_move_lines_and_are_not_committed(root: pathlib.Path) -> None:
    (root / AUDIENCE).write_text("# new\ndescription: one\n# more\ninclude: b\ninclude: c\n")
    assert authors(root) == [None, "Ann", None, "Ben", None]


def test_an_older_revision_is_blamed_as_it_was(root: pathlib.Path) -> None:
    assert authors(root, "HEAD~1") == ["Ann", "Ann"]


def test_a_file_that_was_never_committed_and_lines_that_are_not_there(root: pathlib.Path) -> None:
    (root / "audiences" / "new.yaml").write_text("include: a\n")
    tree, _ = open_working_tree(root)
    assert tree is not None
    blame = open_blame(root, tree)
    assert blame is not None
    assert blame.of("audiences/new.yaml", 1) is None
    assert blame.of(AUDIENCE, 99) is None


def test_without_git_and_before_the_first_commit(tmp_path: pathlib.Path) -> None:
    (tmp_path / "handbill.yaml").write_text("a: b\n")
    tree, _ = open_working_tree(tmp_path)
    assert tree is not None
    assert open_blame(tmp_path, tree) is None
    git(tmp_path, "init", "-q")
    assert open_blame(tmp_path, tree) is None


def test_no_program_of_the_repository_runs(root: pathlib.Path, tmp_path: pathlib.Path) -> None:
    """Neither a converter nor a filter that .gitattributes asks for."""
    trace = tmp_path / "ran"
    git(root, "config", "diff.spy.textconv", f"touch {trace}; cat")
    git(root, "config", "filter.spy.clean", f"touch {trace}; cat")
    (root / ".gitattributes").write_text("*.yaml diff=spy filter=spy\n")
    (root / AUDIENCE).write_text("# new\ndescription: one\ninclude: b\n")
    assert authors(root) == [None, "Ann", "Ben"]
    assert not trace.exists()


@pytest.mark.parametrize("text", ["", "fatal: no such path", "x 1 1 1\nauthor A\n"])
def test_what_is_no_blame(text: str) -> None:
    assert read_porcelain(text) is None


def test_odd_authors_and_times() -> None:
    head = "a" * 40 + " 3 7 1\n"
    assert read_porcelain(head + "author \nauthor-time x\n\tauthor Eve\n") == Written(
        "a" * 40, "", datetime.date(1970, 1, 1), ""
    )
