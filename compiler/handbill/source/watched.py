"""What a compile is at work on, told to whoever watches it, and what it must not begin again.

Compiling is bounded by limits on what is read; a watched process bounds what those limits miss: its
supervisor sees how long one unit (a file, or a campaign) has taken, kills the process, and the next
one leaves that unit out with HB510. A unit is known with the digest of what it is made from, so that
mending the files ends it. Ambient, like logging: it changes no result but that of a stopped unit.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange

_HEAD = struct.Struct("=QI")
_SIZE = 4096
_BETWEEN = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """`file` is where the finding of a stopped unit stands; `key` says what it was made from."""

    file: str
    key: str

    @property
    def text(self) -> str:
        return f"{self.file}\n{self.key}"


class Board:
    """One unit at a time, in memory that a forked process shares with its parent."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _SIZE)
        self._count = 0

    def write(self, text: str) -> None:
        data = text.encode("utf-8", "replace")[: _SIZE - _HEAD.size]
        self._count += 1
        self._memory[_HEAD.size : _HEAD.size + len(data)] = data
        self._memory[: _HEAD.size] = _HEAD.pack(self._count, len(data))

    def read(self) -> tuple[int, Unit | None]:
        """A number that grows with every unit, and the unit; None between two. A reader may see a
        half-written unit while the writer runs, never once it is stopped."""
        count, length = _HEAD.unpack(self._memory[: _HEAD.size])
        text = self._memory[_HEAD.size : _HEAD.size + length].decode("utf-8", "replace")
        file, _, key = text.partition("\n")
        return count, Unit(file, key) if file else None


@dataclass(slots=True)
class _Watch:
    board: Board | None = None
    stopped: Mapping[Unit, str] = field(default_factory=dict)
    at: str = _BETWEEN


_watch = _Watch()


def install(board: Board, stopped: Mapping[Unit, str]) -> None:
    """From now on this process tells `board`; `stopped` are the units to leave out, with why."""
    _watch.board, _watch.stopped = board, dict(stopped)


@contextmanager
def working_on(unit: Unit) -> Iterator[None]:
    """The time until the end is this unit's."""
    if _watch.board is None:
        yield
        return
    before, _watch.at = _watch.at, unit.text
    _watch.board.write(_watch.at)
    try:
        yield
    finally:
        _watch.at = before
        _watch.board.write(before)


def another_part() -> None:
    """The unit at work has come to its next template: its time counts anew."""
    if _watch.board is not None and _watch.at:
        _watch.board.write(_watch.at)


def stopped(unit: Unit) -> Diagnostic | None:
    """The finding about a unit that is to be left out."""
    why = _watch.stopped.get(unit)
    if why is None:
        return None
    return Diagnostic(
        "HB510",
        f"compiling this was stopped: it {why}",
        SourceRange(unit.file, 1, 1, 1, 1),
        hint="make its templates and rules smaller: fewer nested loops, blocks and includes",
    )
