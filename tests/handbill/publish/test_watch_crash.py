"""Followers of a branch that are killed at random moments, and two that follow it at once.

After each death a reader meets the release before or a whole new one; two followers end with the same.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from s3_server import new_bucket, s3_url, variables
from sample_release import signing_key

from handbill.publish.history import Place, read_history
from handbill.store.pointer import read_pointer
from handbill.store.release import prove_whole
from handbill.store.store import Store, open_store
from handbill.store.trust import flat_trust

TRUST = flat_trust(signing_key().public)
PROGRAM = Path(__file__).with_name("watching_process.py")
COMMITS = 3000
KILLS = 42


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a line of commits, each the child of the one before; `main` is at the first."""
    folder = tmp_path_factory.mktemp("config")
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(folder)], check=True)
    stream = "".join(
        f"commit refs/heads/all\ncommitter a <a@b> {1_700_000_000 + n} +0000\ndata 1\nx\n"
        for n in range(COMMITS)
    )
    command = ["git", "fast-import", "--quiet"]
    subprocess.run(command, cwd=folder, input=stream.encode(), check=True)
    return folder


def commits_of(repository: Path) -> list[str]:
    command = ["git", "rev-list", "--reverse", "all"]
    done = subprocess.run(command, cwd=repository, check=True, capture_output=True, text=True)
    return done.stdout.split()


def move(repository: Path, commit: str) -> None:
    """As git moves a branch: a file beside, then a rename."""
    ref = repository / "refs" / "heads" / "main"
    ref.with_name("main.lock").write_text(f"{commit}\n")
    os.rename(ref.with_name("main.lock"), ref)


@contextmanager
def moving(repository: Path, commits: Iterator[str], seconds: float) -> Iterator[None]:
    """Somebody pushes all the time."""
    stop = threading.Event()

    def push() -> None:
        while not stop.wait(seconds):
            commit = next(commits, None)
            if commit is None:
                return
            move(repository, commit)

    thread = threading.Thread(target=push)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def start(repository: Path, url: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), str(repository), url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def active(store: Store) -> tuple[int, str]:
    """Number and commit of what a reader gets, proved whole. Raises a StoreError."""
    stored = read_pointer(store, "production", TRUST)
    if stored is None:
        return 0, ""
    prove_whole(store, stored.pointer)
    return stored.pointer.sequence, stored.pointer.commit


def test_killed_at_random_moments_the_store_is_the_old_release_or_the_new(
    repository: Path, tmp_path: Path
) -> None:
    commits = commits_of(repository)
    move(repository, commits[0])
    store = open_store(str(tmp_path / "store"))
    chance = random.Random(5)
    before = (0, "")
    with moving(repository, iter(commits[1:]), 0.02):
        for _ in range(KILLS):
            process = start(repository, str(tmp_path / "store"))
            assert process.stdout is not None
            said = process.stdout.readline()
            time.sleep(chance.random() * 0.06)
            process.kill()
            said = [said, *process.stdout][-1]
            process.wait()
            now = active(store)
            last = int(said.split()[1])
            assert now[0] >= last >= before[0], "what was said to be published is"
            assert now == before or commits.index(now[1]) >= commits.index(before[1] or commits[0])
            before = now
    history = read_history(store, "production", TRUST)
    assert all(each.problem is None for each in history.entries)
    assert sum(each.place is not Place.NEVER for each in history.entries) > KILLS


@pytest.mark.parametrize("kind", ["folder", "bucket"])
def test_two_followers_at_once_lose_nothing(
    repository: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = str(tmp_path / "store")
    if kind == "bucket":
        for name, value in variables(s3_url()).items():
            monkeypatch.setenv(name, value)
        url = f"s3://{new_bucket()}/store"
    store = open_store(url)
    commits = commits_of(repository)[:60]
    move(repository, commits[0])
    both = [start(repository, url) for _ in range(2)]
    said: list[list[str]] = [[], []]
    readers = [
        threading.Thread(target=lambda n=n: said[n].extend(both[n].stdout or ())) for n in range(2)
    ]
    for reader in readers:
        reader.start()
    seen = [0]
    pushed = iter(commits[1:])
    with moving(repository, pushed, 0.05):
        give_up = time.monotonic() + 120
        while active(store)[1] != commits[-1]:
            seen.append(active(store)[0])
            assert time.monotonic() < give_up
    for process in both:
        process.kill()
        process.wait()
    for reader in readers:
        reader.join()
    assert seen == sorted(seen)
    published = [line.split()[1] for lines in said for line in lines if line.startswith("publ")]
    assert len(published) == len(set(published)), "no number was given twice"
    chain = [
        each
        for each in reversed(read_history(store, "production", TRUST).entries)
        if each.place is not Place.NEVER and each.pointer is not None
    ]
    order = [commits.index(each.pointer.commit) for each in chain if each.pointer is not None]
    assert order == sorted(order) and order[-1] == len(commits) - 1, "none went back"
