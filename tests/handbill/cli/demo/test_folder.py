"""What the demo may empty, and what it leaves."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from handbill.cli.demo.folder import LOCK, DemoFolder, FolderInUse, FolderRefused
from handbill.cli.demo.scratch import Ports, ScratchRepository, environment_yaml

BASE = Path(__file__).parents[3] / "golden" / "base"


def names(path: Path) -> set[str]:
    return {each.name for each in path.iterdir()}


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A finished demo's folder."""
    path = tmp_path / "demo-output"
    (path / "data").mkdir(parents=True)
    (path / "report.html").write_text("numbers")
    ScratchRepository(path / "repository").create(BASE, environment_yaml(path, Ports(1, 2, 3)))
    return path


def test_a_new_folder_is_made(tmp_path: Path) -> None:
    held = DemoFolder(tmp_path / "a" / "b")
    assert names(held.path) == {LOCK}
    assert (held.path / LOCK).read_text() == str(os.getpid())
    held.close()


def test_an_earlier_demo_is_emptied(earlier: Path) -> None:
    held = DemoFolder(earlier)
    assert names(earlier) == {LOCK}
    assert held.moved is None
    held.close()


def test_a_demo_that_was_killed_early_is_emptied(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("1")
    (tmp_path / "secret").write_text("")
    DemoFolder(tmp_path).close()
    assert names(tmp_path) == {LOCK}


def test_a_link_is_removed_and_not_what_it_leads_to(tmp_path: Path, earlier: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("mine")
    (earlier / "link").symlink_to(tmp_path / "mine")
    DemoFolder(earlier).close()
    assert names(tmp_path / "mine") == {"file"}


def test_other_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.odt").write_text("years of work")
    with pytest.raises(FolderRefused, match="holds something else"):
        DemoFolder(tmp_path)
    with pytest.raises(FolderRefused, match="is not a folder"):
        DemoFolder(tmp_path / "thesis.odt")
    assert names(tmp_path) == {"thesis.odt"}


def test_a_folder_in_use_is_not_touched(earlier: Path) -> None:
    first = DemoFolder(earlier)
    (earlier / "ledger.db").write_text("sent")
    with pytest.raises(FolderInUse, match=rf"running in {earlier} \(process {os.getpid()}\)"):
        DemoFolder(earlier, patience=0.1)
    assert names(earlier) == {LOCK, "ledger.db"}
    first.close()
    DemoFolder(earlier).close()
    assert names(earlier) == {LOCK}


def test_somebodys_work_is_moved_aside(earlier: Path) -> None:
    for number in ("1", "2"):
        if number == "2":
            ScratchRepository(earlier / "repository").create(BASE, "")
        (earlier / "repository" / "mine.txt").write_text(number)
        held = DemoFolder(earlier)
        assert held.moved == earlier.with_name(f"demo-output.{number}")
        assert (held.moved / "repository" / "mine.txt").read_text() == number
        assert names(earlier) == {LOCK}
        with pytest.raises(FolderInUse):
            DemoFolder(earlier, patience=0)
        held.close()


def test_commits_are_work(earlier: Path) -> None:
    repository = earlier / "repository"
    subprocess.run(
        ["git", "commit", "-q", "--allow-empty", "-m", "mine"], cwd=repository, check=True
    )
    held = DemoFolder(earlier)
    assert held.moved is not None
    held.close()
