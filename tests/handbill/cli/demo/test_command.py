"""`handbill demo --serve` as a person has it in the background, with everything they may do meanwhile."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from handbill.cli.demo.command import demo
from handbill.cli.demo.folder import LOCK, DemoFolder

ROOT = Path(__file__).parents[4]
SERVE = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell starts what ends in &
from handbill.cli.main import main
main()
"""
SECONDS = 600
"""Nothing here is about time: a machine may be busy."""


@dataclass
class Serving:
    process: subprocess.Popen[str]
    folder: Path
    said: str
    inbox: str

    @property
    def port(self) -> int:
        return int(self.inbox.rstrip("/").rpartition(":")[2])


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("serving") / "out"
    command = [sys.executable, "-c", SERVE, "demo", "--serve", "--out", str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = ""
            for line in process.stdout:
                said += line
                if found := re.search(r"the inbox is at (\S+)", line):
                    break
            else:
                pytest.fail(said)
            yield Serving(process, folder, said, found[1])
        finally:
            process.kill()


def test_nothing_is_lost_and_an_edit_arrives(serving: Serving) -> None:
    assert "lost 0, twice 0, unknown 0" in serving.said
    assert re.search(
        r"edited a subject: commit → active \d+ ms .*; [1-9]\d* mails say it", serving.said
    )
    assert (serving.folder / "report.html").is_file()
    with urllib.request.urlopen(serving.inbox) as answer:
        assert "Inbox" in answer.read().decode()


def test_a_second_demo_is_refused_and_wipes_nothing(serving: Serving) -> None:
    before = sorted(serving.folder.iterdir())
    result = CliRunner().invoke(demo, ["--root", str(ROOT), "--out", str(serving.folder)])
    assert result.exit_code == 1
    assert (
        f"error[HB953]: a demo is running in {serving.folder} (process {serving.process.pid})"
        in result.output
    )
    assert "end it first, or name another folder with --out" in result.output
    assert sorted(serving.folder.iterdir()) == before


def test_a_commit_without_a_git_identity_is_published(serving: Serving) -> None:
    repository = serving.folder / "repository"
    campaign = repository / "tenants/fresh-fields/campaigns/weekly-circular.yaml"
    text = campaign.read_text("utf-8")
    campaign.write_text(text.replace("Cider season", "Cocoa season"), encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    subprocess.run(["git", "commit", "-qam", "Cocoa"], cwd=repository, env=environment, check=True)
    log = serving.folder / "publisher.log"
    until = time.monotonic() + SECONDS
    while "published number 3 to demo" not in log.read_text("utf-8"):
        assert time.monotonic() < until, log.read_text("utf-8")
        time.sleep(0.05)


def test_kill_ends_it_in_order(serving: Serving) -> None:
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(SECONDS) == 0
    with socket.socket() as trial:
        assert trial.connect_ex(("127.0.0.1", serving.port)) != 0
    held = DemoFolder(serving.folder, patience=0)
    held.close()
    assert held.moved is not None, "the commit is kept"
    assert (held.moved / "report.html").is_file()


def test_ended_early_it_leaves_nothing_running(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "handbill.cli.main", "demo", "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "published, verified and active" in line:
                break
        process.send_signal(signal.SIGHUP)
        said = process.stdout.read()
        assert process.wait(SECONDS) == 1
    assert said.endswith("ended before it was done\n")
    assert "Traceback" not in said
    DemoFolder(tmp_path / "out", patience=0).close()
    assert [each.name for each in (tmp_path / "out").iterdir()] == [LOCK]


def test_a_folder_that_holds_something_else_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    result = CliRunner().invoke(demo, ["--root", str(ROOT), "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert "name a new folder with --out" in result.output
