"""The solver's process: started when first asked, killed when it overruns, never left behind.

The solver is a large C++ library that neither Python's signals nor exceptions can interrupt for sure, so
it lives in a process of its own, and only that process imports it. Frames go both ways: four bytes of
length, big endian, then the message. A process that dies, hangs or grows too large costs one answer.
"""

from __future__ import annotations

import os
import selectors
import struct
import subprocess
import sys
import time
import weakref
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from handbill.language.reasoning.question import (
    Question,
    Reply,
    Unknown,
    question_bytes,
    reply_of,
)

COMMAND = (sys.executable, "-m", "handbill.language.reasoning.worker")
HEADER = struct.Struct(">I")
STARTING_SECONDS = 20.0
"""A process that has not said that it is ready by then never will: importing takes a fifth of one."""
GRACE_SECONDS = 0.5
"""What a question may take beyond its own limit before the process is killed."""
LARGEST_REPLY = 16_000_000


class SolverProcess:
    """Asks questions of one process at a time. Use as a context manager, or call `close`."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._finalizer: weakref.finalize[..., SolverProcess] | None = None
        self.started = 0
        """How many processes were started."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def ask(self, question: Question) -> Reply:
        """The solver's reply; Unknown where its process was too slow, too large or died."""
        deadline = question.milliseconds / 1000 + GRACE_SECONDS
        try:
            process = self._ready()
            _write(process, question_bytes(question))
            return reply_of(_read(process, deadline))
        except _TooSlow:
            self.close()
            return Unknown("it takes too long to decide")
        except (OSError, _Ended, ValueError):  # msgspec's errors are ValueErrors
            self.close()
            return Unknown("the solver stopped")

    @property
    def pid(self) -> int | None:
        """The process that is running, for those who watch it."""
        return self._process.pid if self._process is not None else None

    def close(self) -> None:
        """Ends the process, and waits until it is gone."""
        if self._finalizer is not None:
            self._finalizer()
        self._process = self._finalizer = None

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._process is None:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
            self._process, self._finalizer = process, weakref.finalize(self, _end, process)
            self.started += 1
            _read(process, STARTING_SECONDS)
        return self._process


class _TooSlow(Exception):
    pass


class _Ended(Exception):
    pass


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def _write(process: subprocess.Popen[bytes], message: bytes) -> None:
    assert process.stdin is not None
    data = memoryview(HEADER.pack(len(message)) + message)
    while data:
        data = data[os.write(process.stdin.fileno(), data) :]


def _read(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    until = time.monotonic() + seconds
    (length,) = HEADER.unpack(_exactly(process, HEADER.size, until))
    if length > LARGEST_REPLY:
        raise _Ended
    return _exactly(process, length, until)


def _exactly(process: subprocess.Popen[bytes], count: int, until: float) -> bytes:
    assert process.stdout is not None
    descriptor, parts = process.stdout.fileno(), b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while len(parts) < count:
            if not selector.select(max(0.0, until - time.monotonic())):
                raise _TooSlow
            chunk = os.read(descriptor, count - len(parts))
            if not chunk:
                raise _Ended
            parts += chunk
    return parts
