from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from sample_release import compiled, environment

from handbill.publish.commits import CommitLog
from handbill.publish.origin import MAX_BY, MAX_SKIPPED, MAX_WHY, Origin, one_line, origin_of
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.rollback import rollback


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Double points", "Double points"),
        ("  Double\tpoints\r\n", "Double points"),
        ("\x1b[31mred\x07", "[31mred"),
        ("a\u202eb\u200bc\ufeff\u2028d", "abc d"),
        ("Punkte für alle 🎉", "Punkte für alle 🎉"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_one_line_shows_what_can_be_seen(text: str, shown: str) -> None:
    assert one_line(text, 50) == shown


def test_one_line_is_bounded() -> None:
    assert one_line("x" * 10_000, 20) == "x" * 19 + "…"
    assert one_line("x" * 20, 20) == "x" * 20
    assert len(one_line("\x00" * 10_000 + "x", 20)) <= 20


def test_the_pointer_says_who_why_and_what_was_overtaken(
    publisher: Publisher, tmp_path: Path
) -> None:
    git = ["git", "-c", "user.name=Ana \x1b[1m" + "a" * 500, "-c", "user.email=ana@shop.example"]
    subprocess.run([*git, "init", "-q", "-b", "main", str(tmp_path / "config")], check=True)
    commits: list[str] = []
    for number in range(MAX_SKIPPED + 5):
        message = f"Number {number} " + "é" * 500
        command = [*git, "commit", "-q", "--allow-empty", "-m", message]
        subprocess.run(command, cwd=tmp_path / "config", check=True)
        head = ["git", "rev-parse", "HEAD"]
        done = subprocess.run(head, cwd=tmp_path / "config", capture_output=True, text=True)
        commits.append(done.stdout.strip())
    log = CommitLog(tmp_path / "config" / ".git")
    for at in (0, 3, len(commits) - 1):
        release = compiled({"fresh": f"text {at}"}, commit=commits[at])
        pointer = publish(
            publisher, release, environment(), origin=origin_of(log, commits[at])
        ).pointer
        assert pointer is not None
        assert pointer.by.startswith("Ana [1maaa") and len(pointer.by) == MAX_BY
        assert pointer.why.startswith(f"Number {at} é") and len(pointer.why) == MAX_WHY
        expected = {0: [], 3: commits[1:3], len(commits) - 1: commits[-MAX_SKIPPED - 1 : -1]}
        assert list(pointer.skipped) == expected[at]
    back = rollback(publisher, 1).pointer
    assert back is not None
    assert origin_of(log, commits[-1]).skipped(back) == (), "a rollback took some of them back"


def test_of_a_commit_that_cannot_be_read_nothing_is_said(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert origin_of(CommitLog(tmp_path / ".git"), "f" * 40) == Origin()
