"""What may be named as a side, and that no folder passes for a revision."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from diff_world import BASE

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diff.opening import Workplace, open_side, open_sides
from handbill.diff.revisions import Revision
from handbill.diff.sides import OpenSide


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    """A repository with one commit, on `main`, and a copy of its configuration in `before`."""
    folder = tmp_path / "configuration"
    shutil.copytree(BASE, folder)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "1")
    shutil.copytree(BASE, folder / "before")
    monkeypatch.chdir(folder)
    return Workplace(folder, folder)


def test_a_folder_does_not_stand_in_for_a_branch_of_its_name(place: Workplace) -> None:
    assert isinstance(open_side("before", place), OpenSide)
    git(place.root, "branch", "before")
    found = open_side("before", place)
    assert isinstance(found, Diagnostic) and found.code == "HB725"
    assert found.hint == "./before for the folder, before~0 for the revision"
    folder, revision = open_side("./before", place), open_side("before~0", place)
    assert isinstance(folder, OpenSide) and folder.about.commit == ""
    assert isinstance(revision, OpenSide) and revision.about.commit


def test_a_commit_is_never_looked_for_among_folders(place: Workplace) -> None:
    commit = git(place.root, "rev-parse", "HEAD")
    (place.root / "before").rename(place.root / commit)
    sides = open_sides(Revision("main", commit), Revision("main", commit), place)
    assert not isinstance(sides, Diagnostic)
    assert [side.about.commit for side in sides] == [commit, commit]


@pytest.mark.parametrize("asked", ["", "a" * 5000])
def test_what_is_no_name_at_all_is_not_the_folder_one_stands_in(
    place: Workplace, asked: str
) -> None:
    found = open_side(asked, place)
    assert isinstance(found, Diagnostic) and found.code == "HB720"
