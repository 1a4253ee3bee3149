"""Runs a command in a process that can be killed, so that hostile input ends what it began.

The command forks; the child does the work and tells on a shared board what it is at; the parent
looks at the child's processor time and memory. A unit that takes more than its share is killed with
its process, and a new child does the work without it. Where there is no /proc, clock time is
counted and memory is not.
"""

from __future__ import annotations

import math
import os
import select
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import FrameType

from handbill.source.watched import Board, Unit, install

MAX_SECONDS = 2.0
"""Of processor time for one template or file."""
MAX_GROWTH = 300 * 1024 * 1024
"""Bytes of resident memory that one template or file may add."""
SECONDS_VARIABLE = "HANDBILL_COMPILE_SECONDS"
INTERVAL = 0.02
_MAX_STARTS = 50


def supervise() -> int | None:
    """In the child None: go on and do the work. In the parent the exit code, once there is one."""
    if not hasattr(os, "fork"):
        return None
    limit = _limit()
    stopped: dict[Unit, str] = {}
    for _ in range(_MAX_STARTS):
        board = Board()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        child = os.fork()
        if child == 0:
            die_with(parent)
            install(board, stopped)
            return None
        ended = _Supervision(child, board, limit).wait()
        if isinstance(ended, int):
            return ended
        unit, why = ended
        stopped[unit] = why
    sys.stderr.write(_given_up(stopped))
    return 1


def _given_up(stopped: Mapping[Unit, str]) -> str:
    """One mistake can be in many campaigns, say in a template that all of them extend."""
    named = "".join(f"  --> {unit.file}\n" for unit in list(stopped)[:10])
    return (
        f"error[HB518]: {len(stopped)} files took too long or too much memory, and here it ends\n"
        f"{named}  = help: look for what these have in common: a layout, a block, an audience\n"
    )


def _limit() -> float:
    """Seconds; a slow machine may be given more."""
    try:
        given = float(os.environ[SECONDS_VARIABLE])
    except (KeyError, ValueError):
        return MAX_SECONDS
    return max(0.001, given) if math.isfinite(given) else MAX_SECONDS


def die_with(parent: int) -> None:
    """Linux: this process is killed when its parent is."""
    if sys.platform.startswith("linux"):
        import ctypes

        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


@dataclass(frozen=True, slots=True)
class _Usage:
    seconds: float
    bytes: int


class _Supervision:
    """Of one child, until it ends or is ended."""

    def __init__(self, child: int, board: Board, limit: float) -> None:
        self._child = child
        self._board = board
        self._limit = limit
        self._count = -1
        self._since = _Usage(0.0, 0)
        self._shares_a_terminal = _in_a_terminals_foreground()

    def wait(self) -> int | tuple[Unit, str]:
        """The exit code, or the unit for which the child was killed, and why."""
        handlers = {
            number: signal.signal(number, self._pass_on)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            return self._wait()
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def _pass_on(self, number: int, frame: FrameType | None) -> None:
        """A terminal's Ctrl-C reaches the child by itself: `kill -INT` of this process does not."""
        if number != signal.SIGINT or not self._shares_a_terminal:
            os.kill(self._child, number)

    def _wait(self) -> int | tuple[Unit, str]:
        pause = _Pause(self._child)
        try:
            while True:
                pause()
                ended, status = os.waitpid(self._child, os.WNOHANG)
                if ended:
                    return _ended(status)
                why = self._too_much()
                if why is not None:
                    return self._kill(why)
        finally:
            pause.close()

    def _too_much(self) -> str | None:
        count, unit = self._board.read()
        usage = _usage(self._child)
        if unit is None or count != self._count:
            self._count, self._since = count, usage
            return None
        if usage.seconds - self._since.seconds > self._limit:
            return f"took longer than {self._limit:g} seconds"
        if usage.bytes - self._since.bytes > MAX_GROWTH:
            return f"took more than {MAX_GROWTH // 1024 // 1024} MB of memory"
        return None

    def _kill(self, why: str) -> int | tuple[Unit, str]:
        os.kill(self._child, signal.SIGKILL)
        _, status = os.waitpid(self._child, 0)
        _, unit = self._board.read()
        if os.WIFEXITED(status) or unit is None:  # it came to an end in the last moment
            return _ended(status)
        return unit, why


def _in_a_terminals_foreground() -> bool:
    """Whether Ctrl-C of a terminal goes to this process and its child at once."""
    try:
        with open("/dev/tty", "rb") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False


class _Pause:
    """Sleeps for INTERVAL, or until the child ends where the system can tell."""

    def __init__(self, child: int) -> None:
        self._end: int | None = None
        if hasattr(os, "pidfd_open"):
            try:
                self._end = os.pidfd_open(child)
            except OSError:  # an old kernel
                self._end = None

    def __call__(self) -> None:
        if self._end is None:
            time.sleep(INTERVAL)
        else:
            select.select([self._end], [], [], INTERVAL)

    def close(self) -> None:
        if self._end is not None:
            os.close(self._end)


def _usage(process: int) -> _Usage:
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return _Usage(time.monotonic(), 0)
    ticks = int(fields[11]) + int(fields[12])
    return _Usage(ticks / os.sysconf("SC_CLK_TCK"), int(fields[21]) * os.sysconf("SC_PAGE_SIZE"))


def _ended(status: int) -> int:
    """The child's own exit code, or 128 + the signal that ended it, as a shell would say."""
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGKILL:
        sys.stderr.write(
            "error[HB518]: somebody killed this command, or the machine ran out of memory\n"
            "  = help: run it again; with `dmesg` an administrator sees why\n"
        )
    return code if code >= 0 else 128 - code
