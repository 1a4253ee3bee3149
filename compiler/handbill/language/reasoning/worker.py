"""The solver's process itself: one question after another, until there are no more.

Started by `process.py` as `python -m`. It ends with its parent: at the end of its input, and, where a
question overruns by far, by an alarm that needs nobody's attention.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import sys
from typing import BinaryIO

from handbill.language.reasoning.process import HEADER
from handbill.language.reasoning.question import (
    Reply,
    Unknown,
    question_of,
    reply_bytes,
)

MEMORY_MB = 700
"""For the solver's terms; what exceeds it is answered by Unknown."""
ADDRESS_SPACE = 3 * 2**30
"""Bytes, for everything; a process that needs more dies."""
OVERRUN_SECONDS = 2.0
"""After its time and this, the process ends itself, should nobody be there to end it."""


def main() -> None:
    from handbill.language.reasoning.solving import limit_memory, solve

    _limit_address_space()
    limit_memory(MEMORY_MB)
    given, answers = sys.stdin.buffer, sys.stdout.buffer
    _send(answers, b"ready")
    while (message := _received(given)) is not None:
        question = question_of(message)
        signal.setitimer(signal.ITIMER_REAL, question.milliseconds / 1000 + OVERRUN_SECONDS)
        try:
            reply: Reply = solve(question)
        except (MemoryError, RecursionError):
            reply = Unknown("the rule is too large")
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(answers, reply_bytes(reply))


def _limit_address_space() -> None:
    with contextlib.suppress(ValueError, OSError):  # a system that has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))


def _received(stream: BinaryIO) -> bytes | None:
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (length,) = HEADER.unpack(header)
    message = stream.read(length)
    return message if len(message) == length else None


def _send(stream: BinaryIO, message: bytes) -> None:
    stream.write(HEADER.pack(len(message)) + message)
    stream.flush()


if __name__ == "__main__":
    main()
