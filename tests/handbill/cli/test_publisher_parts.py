from __future__ import annotations

import io
import json
from typing import Any

import pytest

from handbill.cli.publisher_log import PublisherLog
from handbill.cli.publisher_parts import Teller, pointer_of
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.pointer import Pointer
from handbill.publish.condition import Condition
from handbill.publish.events import Handled, Renewed, Trouble
from handbill.publish.publication import Outcome, Publication
from handbill.publish.webhook import Answer, Result

POINTER = Pointer(
    environment="staging",
    environment_digest="e",
    sequence=7,
    release="sha256:" + "a" * 64,
    commit="c" * 40,
    compiler="0",
    issued="2026-12-05T10:00:00Z",
    expires="2027-01-05T10:00:00Z",
)
PUBLISHED = Publication(Outcome.PUBLISHED, POINTER)
HANDLED = Handled("c" * 40, None, PUBLISHED, (), 0.1, 0.1)


def test_what_an_event_says_of_the_pointer() -> None:
    assert pointer_of(HANDLED) is POINTER and pointer_of(Renewed(PUBLISHED)) is POINTER
    assert pointer_of(Handled("c" * 40, None, None, (), 0.1, 0.1)) is None
    assert pointer_of(Trouble(Diagnostic("HB802", "full"), 1.0)) is None


def test_everybody_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    teller = Teller("staging", "json", PublisherLog("json", out), Condition(60))
    told: list[int] = []

    class Hints:
        def send(self, sequence: int) -> None:
            told.append(sequence)

    hints: Any = Hints()
    teller.hints = hints
    teller.tell(HANDLED)
    assert told == [7]
    assert json.loads(capsys.readouterr().out)["pointer"]["sequence"] == 7
    assert teller.condition.report()[1]["commit"] == "c" * 40
    teller.found(Diagnostic("HB892", "no hint", hint="see that it runs"))
    teller.webhook("github", Answer(Result.REFUSED, "not ours"))
    teller.webhook("gitlab", Answer(Result.PING, "pong"))
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["level"] for line in lines] == ["warning", "warning", "info"]
    assert lines[0]["code"] == "HB892" and lines[1]["result"] == "refused"
