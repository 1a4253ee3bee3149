"""The state machine as a table."""

from __future__ import annotations

from handbill_runtime.ledger.model import MOVES, PENDING, SENT, State


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(State)


def test_nothing_that_may_have_reached_a_customer_is_sent_again() -> None:
    for state in (State.ACCEPTED, State.UNCERTAIN, State.FAILED, State.SUPPRESSED):
        assert MOVES[state] == ()
    assert State.SENDING not in MOVES[State.PLANNED]  # the body is frozen before


def test_sent_and_pending_do_not_overlap() -> None:
    assert not set(SENT) & set(PENDING)
