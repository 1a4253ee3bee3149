"""The process itself: it reads questions until there are none, and ends with its parent."""

from __future__ import annotations

import subprocess
import sys

from asking import question

from handbill.language.reasoning.process import COMMAND, HEADER
from handbill.language.reasoning.question import Impossible, Unknown, question_bytes, reply_of


def frame(message: bytes) -> bytes:
    return HEADER.pack(len(message)) + message


def messages(data: bytes) -> list[bytes]:
    found = []
    while data:
        (length,) = HEADER.unpack(data[: HEADER.size])
        found.append(data[HEADER.size : HEADER.size + length])
        data = data[HEADER.size + length :]
    return found


def run(given: bytes) -> list[bytes]:
    done = subprocess.run(COMMAND, input=given, capture_output=True, check=True)
    return messages(done.stdout)


def test_it_answers_until_its_input_ends() -> None:
    asked = question_bytes(question("customer.orders > 3 and customer.orders < 3"))
    ready, *replies = run(frame(asked) * 2)
    assert ready == b"ready"
    assert [reply_of(each) for each in replies] == [Impossible(), Impossible()]


def test_half_a_question_is_none() -> None:
    assert run(HEADER.pack(50) + b"{") == [b"ready"]
    assert run(b"\0") == [b"ready"]


def test_a_question_too_large_for_it_is_unknown() -> None:
    """Python's stack gives out: the answer is Unknown, and the next question is answered."""
    small = question_bytes(question("customer.orders > 3 and customer.orders < 3"))
    code = (
        "import sys\n"
        "from handbill.language.reasoning import solving, worker\n"
        "def deep(q): raise RecursionError\n"
        "if len(sys.argv) > 1: solving.solve = deep\n"
        "worker.main()\n"
    )
    done = subprocess.run(
        (sys.executable, "-c", code, "deep"), input=frame(small), capture_output=True, check=True
    )
    assert reply_of(messages(done.stdout)[1]) == Unknown("the rule is too large")
