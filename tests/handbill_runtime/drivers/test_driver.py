"""The answers are a closed set, and every driver in the table speaks it."""

from __future__ import annotations

from typing import get_args

from handbill_runtime.drivers.driver import Accepted, Answer, Refused, Retry, Uncertain


def test_there_are_four_answers() -> None:
    assert get_args(Answer) == (Accepted, Retry, Refused, Uncertain)


def test_a_refusal_is_no_bounce_unless_said() -> None:
    assert not Refused("554 spam").unreachable
