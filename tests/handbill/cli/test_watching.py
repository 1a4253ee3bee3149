"""`handbill check --watch` as a real process: it checks again at every change, survives a folder that is
gone for a moment, and ends with 0 at Ctrl-C."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from handbill.cli.check import check

BASE = Path(__file__).parents[2] / "golden" / "base"
CAMPAIGN = "tenants/fresh-fields/campaigns/hello.yaml"
SUMMARY = "campaign of 1 tenant"


class Watching:
    def __init__(self, folder: Path, *arguments: str) -> None:
        command = [sys.executable, "-m", "handbill.cli.main", "check", "--watch", *arguments]
        self.process = subprocess.Popen(
            [*command, "--root", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self.shown = ""
        self._read_to = 0

    def wait_for(self, words: str) -> str:
        """What is shown since the last wait, up to `words`."""
        assert self.process.stdout is not None
        while (at := self.shown.find(words, self._read_to)) < 0:
            ready, _, _ = select.select([self.process.stdout], [], [], 20)
            piece = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            assert piece, f"`{words}` never came: {self.shown}"
            self.shown += piece.decode()
        start, self._read_to = self._read_to, at + len(words)
        return self.shown[start : self._read_to]

    def wait_for_check(self) -> str:
        return self.wait_for("watching for changes; Ctrl-C ends\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(BASE, folder)
    return folder


@pytest.fixture
def watching(folder: Path) -> Iterator[Watching]:
    started = Watching(folder)
    yield started
    if started.process.poll() is None:
        started.process.kill()
    started.process.wait()


def test_it_checks_again_at_every_change_until_it_is_ended(
    folder: Path, watching: Watching
) -> None:
    assert "1 campaign of 1 tenant: no findings" in watching.wait_for_check()
    campaign = folder / CAMPAIGN
    sound = campaign.read_text("utf-8")
    campaign.write_text(sound + "subjekt: oops\n", encoding="utf-8")
    shown = watching.wait_for_check()
    assert "subjekt: oops" in shown and "\x1b[2J" not in shown
    (folder / "notes.txt").write_text("nothing that is read")
    campaign.write_text(sound, encoding="utf-8")
    assert "no findings" in watching.wait_for_check()
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(60) == 0


def test_a_folder_that_is_gone_for_a_moment(folder: Path, watching: Watching) -> None:
    watching.wait_for_check()
    away = folder.with_name("away")
    folder.rename(away)
    (away / CAMPAIGN).write_text("subjekt: oops\n")
    away.rename(folder)
    while "subjekt" not in watching.wait_for_check():
        pass
    shutil.copytree(folder, away)
    shutil.rmtree(folder)
    shutil.copytree(BASE, away, dirs_exist_ok=True)
    away.rename(folder)
    while "no findings" not in watching.wait_for_check():
        pass
    watching.process.send_signal(signal.SIGTERM)
    assert watching.process.wait(60) == 128 + signal.SIGTERM


def test_it_is_about_the_folder(folder: Path) -> None:
    for more in (["--rev", "HEAD"], ["--output", "json"]):
        refused = CliRunner().invoke(check, ["--watch", "--root", str(folder), *more])
        assert refused.exit_code == 2 and "--watch" in refused.stderr
