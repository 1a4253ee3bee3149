"""Commits of real repositories, loose and packed, compared with what git says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from handbill.publish.commits import CommitLog, parse_commit


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=Ana Díaz", "-c", "user.email=ana@shop.example", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, message: str) -> str:
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def test_who_why_and_after_what(repository: Path) -> None:
    one = commit(repository, "Say hello\n\nBecause nobody did.")
    two = commit(repository, "Say more")
    log = CommitLog(repository / ".git")
    first, second = log.commit(one), log.commit(two)
    assert first is not None and second is not None
    assert (first.author, first.subject) == ("Ana Díaz <ana@shop.example>", "Say hello")
    assert first.parents == () and second.parents == (one,)


def test_what_is_no_commit_is_nothing(repository: Path) -> None:
    one = commit(repository, "one")
    log = CommitLog(repository / ".git")
    tree = git(repository, "rev-parse", "HEAD^{tree}")
    for odd in ("f" * 40, tree, "main", "", "-x", f"{one}\n{one}"):
        assert log.commit(odd) is None
        assert not log.contains(one, odd)


def test_far_ancestors_are_asked_of_git(repository: Path) -> None:
    first = commit(repository, "first")
    feed = "".join(
        f"commit refs/heads/main\ncommitter a <a@b> {1_700_000_000 + n} +0000\ndata 1\nx\n"
        + (f"from {first}\n" if n == 0 else "")
        for n in range(200)
    )
    command = ["git", "fast-import", "--quiet", "--force"]
    subprocess.run(command, cwd=repository, input=feed.encode(), check=True)
    tip = git(repository, "rev-parse", "main")
    log = CommitLog(repository / ".git")
    assert log.contains(tip, first) and not log.contains(first, tip)
    git(repository, "checkout", "-q", "--detach", first)
    side = commit(repository, "side")
    assert not log.contains(tip, side) and not log.contains(side, tip)
    assert log.contains(side, first)


def test_what_lies_between_two_commits_is_gits_range(repository: Path) -> None:
    base = commit(repository, "base")
    one, two = commit(repository, "one"), commit(repository, "two")
    git(repository, "checkout", "-q", "-b", "side", base)
    side = commit(repository, "side")
    git(repository, "checkout", "-q", "main")
    git(repository, "merge", "-q", "-m", "merge", "side")
    merge = git(repository, "rev-parse", "HEAD")
    log = CommitLog(repository / ".git")
    assert log.between(one, base) == ()
    assert log.between(two, base) == (one,)
    found = log.between(merge, base)
    assert set(found) == {one, two, side} and found.index(one) < found.index(two)
    assert log.between(merge, merge) == ()


def test_a_fetched_commit_is_seen_by_a_log_that_was_open_before(
    repository: Path, tmp_path: Path
) -> None:
    commit(repository, "one")
    git(tmp_path, "clone", "-q", "--bare", str(repository), "copy.git")
    log = CommitLog(tmp_path / "copy.git")
    two = commit(repository, "two")
    assert log.commit(two) is None
    git(tmp_path / "copy.git", "fetch", "-q", str(repository), "main")
    found = log.commit(two)
    assert found is not None and found.subject == "two"


@pytest.mark.parametrize(
    "data", [b"", b"tree x", b"author \xff\xfe\n\n\xff", b"\n\n", b"parent \xff\nauthor a\n\n\n"]
)
def test_odd_commits_say_less_and_crash_nothing(data: bytes) -> None:
    parsed = parse_commit("c" * 40, data)
    assert parsed.id == "c" * 40 and "\n" not in parsed.subject
