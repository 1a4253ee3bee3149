"""The pointer's folder is watched, and looked at from time to time whatever the events say."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from handbill.store.folder import FolderStore
from handbill_runtime.follow.watch import pointer_hints

NEVER = 3600.0
PATIENCE = 20


def hinted(store: FolderStore, act: Callable[[], None], wanted: int, poll: float) -> int:
    """How many hints came until `wanted`; `act` is done again and again meanwhile, since nobody can
    see from outside when a watch has begun."""

    async def count() -> int:
        stop, hints = asyncio.Event(), 0

        async def acting() -> None:
            while not stop.is_set():
                await asyncio.sleep(0.1)
                act()

        async def listen() -> None:
            nonlocal hints
            async for _ in pointer_hints(store, "test", stop, poll):
                hints += 1
                if hints == wanted:
                    stop.set()

        doing = asyncio.create_task(acting())
        await _within(listen())
        await doing
        return hints

    return asyncio.run(count())


async def _within(work: Awaitable[None]) -> None:
    try:
        await asyncio.wait_for(work, PATIENCE)
    except TimeoutError:
        pytest.fail("waited for a hint in vain")


def put(root: Path, text: str = "a") -> None:
    folder = root / "environments" / "test"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "new").write_text(text)
    os.rename(root / "new", folder / "pointer")


@pytest.mark.parametrize("below", ["store", ".venv/store", ".git/store", "node_modules/store"])
def test_an_event_is_a_hint_wherever_the_store_lies(tmp_path: Path, below: str) -> None:
    root = tmp_path / below
    root.mkdir(parents=True)
    put(root)
    assert hinted(FolderStore(root), lambda: put(root, "b"), wanted=2, poll=NEVER) == 2


def test_without_events_the_poll_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FolderStore, "watched_folder", lambda self, environment: None)
    assert hinted(FolderStore(tmp_path), lambda: None, wanted=5, poll=0.01) == 5


def test_a_folder_that_appears_later_is_watched_then(tmp_path: Path) -> None:
    """The first publish makes the folder; events follow once it was noticed."""
    assert hinted(FolderStore(tmp_path), lambda: put(tmp_path), wanted=2, poll=NEVER) == 2


def test_where_nothing_can_be_watched_it_says_so_and_polls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_more_watches(*given: object, **named: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("watchfiles.awatch", no_more_watches)
    caplog.set_level(logging.WARNING)
    put(tmp_path)
    assert hinted(FolderStore(tmp_path), lambda: None, wanted=20, poll=0.01) == 20
    assert caplog.text.count("cannot be watched") == 1


def test_a_folder_taken_away_does_not_end_it(tmp_path: Path) -> None:
    put(tmp_path)

    def take_away() -> None:
        shutil.rmtree(tmp_path / "environments", ignore_errors=True)

    assert hinted(FolderStore(tmp_path), take_away, wanted=30, poll=0.05) == 30


def test_it_ends_when_told_to(tmp_path: Path) -> None:
    async def run() -> int:
        stop, hints = asyncio.Event(), 0
        async for _ in pointer_hints(FolderStore(tmp_path), "test", stop, 0.01):
            hints += 1
            stop.set()
        return hints

    assert asyncio.run(run()) == 1
