"""Publishers that are killed, and publishers that race: a reader never sees anything but a whole,
signed release, and sequences only grow. A planted bug shows that these checks can fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sample_release import compiled, environment, signing_key

from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.publish.advance import read_standing
from handbill.publish.history import Place, read_history
from handbill.publish.publication import Outcome
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.store.errors import NotInStore, StoreError
from handbill.store.folder import FolderStore
from handbill.store.pack import write_packs
from handbill.store.pointer import read_pointer
from handbill.store.release import prove_whole
from handbill.store.trust import flat_trust

TRUST = flat_trust(signing_key().public)
PROGRAM = Path(__file__).with_name("publishing_process.py")
STEPS = ("open", "write", "fsync", "rename", "close", "mkdir")


def _publisher(root: Path) -> Publisher:
    return Publisher(
        FolderStore(root), "production", signing_key(), lambda: datetime(2026, 12, 5, tzinfo=UTC)
    )


def _publish(root: Path, title: str) -> None:
    release = compiled({"fresh": title, "valle": title * 2}, commit=title)
    publish(_publisher(root), release, environment())


def _publish_carelessly(root: Path, title: str) -> None:
    """The planted bug: the pointer moves before what it names is stored."""
    publisher = _publisher(root)
    release = compiled({"fresh": title, "valle": title * 2}, commit=title)
    data = canonical_bytes(environment())
    standing = read_standing(publisher.store, "production", publisher.trust)
    publisher.move_pointer(standing, release.digest, digest_of(data), title, ())
    write_packs(publisher.store, {**release.packs, digest_of(data): {digest_of(data): data}})


def _active(root: Path) -> tuple[int, str]:
    """Sequence and commit of the active release, which must be whole. Raises a StoreError."""
    store = FolderStore(root)
    stored = read_pointer(store, "production", TRUST)
    if stored is None:
        return 0, ""
    prove_whole(store, stored.pointer)
    return stored.pointer.sequence, stored.pointer.commit


def _kill_at(step: int) -> None:
    """From here on this process dies by SIGKILL at its n-th call of the operating system; a write
    is cut off in the middle."""
    left = step

    def dying(call: Callable[..., Any], name: str) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                if name == "write":
                    call(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **options)

        return counted

    for name in STEPS:
        setattr(os, name, dying(getattr(os, name), name))


def _die_at_each_step(root: Path, act: Callable[[Path, str], None]) -> int:
    """Lets a fresh process publish and die, one step later each time, until one survives. After
    each death the store must be whole; returns how many died."""
    for step in range(1, 400):
        before = _active(root)
        title = f"v{step}"
        child = os.fork()
        if child == 0:
            try:
                _kill_at(step)
                act(root, title)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        sequence, commit = _active(root)
        assert (sequence, commit) == before or (sequence > before[0] and commit == title)
        if not os.WIFSIGNALED(status):
            assert commit == title
            return step - 1
    raise AssertionError("it never survived")


@pytest.mark.parametrize("published", [False, True])
def test_killed_at_every_step_the_store_stays_whole(tmp_path: Path, published: bool) -> None:
    if published:
        _publish(tmp_path, "first")
    died = _die_at_each_step(tmp_path, _publish)
    assert died > 25
    _publish(tmp_path, "last")
    history = read_history(FolderStore(tmp_path), "production", TRUST)
    assert history.entries[0].place is Place.ACTIVE
    assert all(entry.problem is None for entry in history.entries)
    sequences = [entry.sequence for entry in history.entries]
    assert sequences == sorted(set(sequences), reverse=True)
    cut_off = [entry for entry in history.entries if entry.place is Place.NEVER]
    assert bool(cut_off) == published, "without a pointer the newest entry is taken up instead"


def test_the_harness_catches_a_pointer_that_moves_too_early(tmp_path: Path) -> None:
    _publish(tmp_path, "first")
    with pytest.raises(NotInStore):
        _die_at_each_step(tmp_path, _publish_carelessly)


def _start(root: Path, name: str, times: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), str(root), name, str(times)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_killed_at_any_moment_the_next_publisher_goes_on(tmp_path: Path) -> None:
    last = 0
    for number in range(6):
        process = _start(tmp_path, f"p{number}", 0)
        assert process.stdout is not None
        first = int(process.stdout.readline())
        assert first > last
        time.sleep(0.003 * number)
        process.kill()
        sequences = [first, *(int(line) for line in process.stdout)]
        process.wait()
        last, _ = _active(tmp_path)
        assert last >= sequences[-1]
    _publish(tmp_path, "last")
    assert _active(tmp_path) > (last, "")


def test_racing_publishers_lose_nothing_and_readers_see_only_whole_releases(
    tmp_path: Path,
) -> None:
    racers = [_start(tmp_path, f"p{number}", 8) for number in range(4)]
    seen = [0]
    while any(racer.poll() is None for racer in racers):
        try:
            seen.append(_active(tmp_path)[0])
        except StoreError as error:
            raise AssertionError("a reader met a release that is not whole") from error
    won = [int(line) for racer in racers for line in racer.communicate()[0].splitlines()]
    assert [racer.returncode for racer in racers] == [0] * len(racers)
    assert seen == sorted(seen)
    assert len(won) == len(set(won)) == 32
    history = read_history(FolderStore(tmp_path), "production", TRUST)
    active = {entry.sequence for entry in history.entries if entry.place is not Place.NEVER}
    assert active == set(won), "every publish that was told it won was active, and no other"


def test_a_cut_off_publish_is_finished_by_the_next(tmp_path: Path) -> None:
    """Killed between the history entry and the swap: the entry stays, unused."""
    publisher = _publisher(tmp_path)
    _publish(tmp_path, "first")
    publisher.store.swap = lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        publish(publisher, compiled({"fresh": "second"}, commit="second"), environment())
    assert _active(tmp_path) == (1, "first")
    again = publish(
        _publisher(tmp_path), compiled({"fresh": "second"}, commit="second"), environment()
    )
    assert again.outcome is Outcome.PUBLISHED and _active(tmp_path) == (3, "second")
