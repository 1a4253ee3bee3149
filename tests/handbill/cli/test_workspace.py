"""Which configuration a command is about, wherever one stands in it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from handbill.cli.workspace import find_root, git_location, line_reader, open_tree

BASE = Path(__file__).parents[2] / "golden" / "base"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration in `config/` of a git repository."""
    shutil.copytree(BASE, tmp_path / "config")
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "first"]):
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)
    return tmp_path / "config"


def test_the_root_is_at_or_above(folder: Path) -> None:
    for place in (folder, folder / "tenants", folder / "tenants" / "fresh-fields"):
        assert find_root(place) == folder
    assert find_root(folder.parent) == folder.parent  # none there: what follows says so


def test_the_nearest_root_wins(folder: Path) -> None:
    inner = folder / "tenants" / "inner"
    inner.mkdir()
    (inner / "handbill.yaml").write_text("")
    assert find_root(inner) == inner


def test_the_repository_may_be_above_the_configuration(folder: Path, tmp_path: Path) -> None:
    assert git_location(folder) == (tmp_path, "config")
    assert git_location(tmp_path) == (tmp_path, "")


def test_a_worktree_has_a_file_for_its_git_folder(folder: Path, tmp_path: Path) -> None:
    subprocess.run(
        ["git", "worktree", "add", "-q", str(tmp_path / "other"), "-b", "other"],
        cwd=tmp_path,
        check=True,
    )
    assert git_location(tmp_path / "other" / "config") == (tmp_path / "other", "config")
    tree, found = open_tree(tmp_path / "other" / "config", "HEAD")
    assert tree is not None and found == () and "handbill.yaml" in tree.paths


def test_without_git_it_is_its_own_place(tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    outside = git_location(alone)
    assert outside == (alone, "")


def test_a_revision_or_the_folder_as_it_stands(folder: Path) -> None:
    (folder / "handbill.yaml").write_text("edited: true\n")
    now, _ = open_tree(folder, None)
    then, _ = open_tree(folder, "HEAD")
    assert now is not None and then is not None
    assert now.read("handbill.yaml") == b"edited: true\n" != then.read("handbill.yaml")
    nowhere, found = open_tree(folder, "no-such-branch")
    assert nowhere is None and [each.code for each in found] == ["HB103"]


def test_lines_are_shown_of_files_that_are_there(folder: Path) -> None:
    (folder / "handbill.yaml").write_bytes(b"one\ntwo \xff\n")
    tree, _ = open_tree(folder, None)
    read = line_reader(tree)
    assert read("handbill.yaml") == ["one", "two �", ""]
    assert read("no-such-file") is None and line_reader(None)("handbill.yaml") is None
