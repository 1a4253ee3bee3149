"""Moves of messages, allowed and refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from handbill_runtime.errors import LedgerFault
from handbill_runtime.ledger.model import Occurrence, Settlement, State, Tally
from handbill_runtime.ledger.sqlite import SqliteLedger

NOON = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)
WEEKLY = Occurrence("fresh-fields", "weekly-ad", "2026-12-05T12:00")
Plan = Callable[..., list[str]]
Claims = Callable[..., None]


def state_of(ledger: SqliteLedger, identifier: str) -> State:
    message = ledger.message(identifier)
    assert message is not None
    return message.state


def test_the_way_of_an_accepted_message(
    ledger: SqliteLedger, plan_messages: Plan, claim: Claims
) -> None:
    (ann,) = plan_messages("ann")
    claim(ann)
    frozen = ledger.message(ann)
    assert frozen is not None
    assert (frozen.state, frozen.body) == (State.CLAIMED, b'{"subject": "Hi"}')
    assert frozen.snapshot == b'["Ann"]'
    ledger.mark_sending([ann], "mail", NOON)
    ledger.settle([Settlement(ann, State.ACCEPTED, provider_id="q-1")], "mail", NOON)
    done = ledger.message(ann)
    assert done is not None
    assert (done.state, done.provider, done.attempts, done.sent_at) == (
        State.ACCEPTED, "mail", 1, NOON,
    )  # fmt: skip
    assert done.body == b""  # no longer needed
    assert [row.kind for row in ledger.outcomes(ann)] == ["claimed", "sending", "accepted"]


def test_a_retry_goes_back_to_claimed_with_its_body(
    ledger: SqliteLedger, plan_messages: Plan, claim: Claims
) -> None:
    (ann,) = plan_messages("ann")
    claim(ann)
    ledger.mark_sending([ann], "mail", NOON)
    later = NOON + timedelta(seconds=30)
    ledger.settle([Settlement(ann, State.CLAIMED, "451 busy", retry_at=later)], "mail", NOON)
    assert ledger.due(WEEKLY, State.CLAIMED, NOON, 50) == []
    (again,) = ledger.due(WEEKLY, State.CLAIMED, later, 50)
    assert again.body == b'{"subject": "Hi"}'
    assert ledger.next_due("fresh-fields") == ledger.next_due() == later
    assert ledger.next_due_of(WEEKLY) == later
    assert ledger.next_due("valle-market") is None


@pytest.mark.parametrize("final", [State.ACCEPTED, State.FAILED, State.UNCERTAIN])
def test_a_settled_message_never_moves_again(
    ledger: SqliteLedger, plan_messages: Plan, claim: Claims, final: State
) -> None:
    (ann,) = plan_messages("ann")
    claim(ann)
    ledger.mark_sending([ann], "mail", NOON)
    ledger.settle([Settlement(ann, final)], "mail", NOON)
    for move in (
        lambda: claim(ann),
        lambda: ledger.mark_sending([ann], "mail", NOON),
        lambda: ledger.settle([Settlement(ann, State.CLAIMED)], "mail", NOON),
        lambda: ledger.suppress_messages([(ann, "cap")], NOON),
    ):
        with pytest.raises(LedgerFault) as caught:
            move()
        assert caught.value.code == "HB903"
    assert state_of(ledger, ann) is final


def test_sending_twice_at_once_is_refused_and_the_whole_batch_rolled_back(
    ledger: SqliteLedger, plan_messages: Plan, claim: Claims
) -> None:
    ann, bob = plan_messages("ann", "bob")
    claim(ann, bob)
    ledger.mark_sending([ann], "mail", NOON)
    with pytest.raises(LedgerFault):
        ledger.mark_sending([bob, ann], "mail", NOON)
    assert state_of(ledger, bob) is State.CLAIMED


def test_a_planned_message_cannot_be_sent(ledger: SqliteLedger, plan_messages: Plan) -> None:
    ids = plan_messages("ann")
    with pytest.raises(LedgerFault):
        ledger.mark_sending(ids, "mail", NOON)


def test_holding_and_suppressing(ledger: SqliteLedger, plan_messages: Plan, claim: Claims) -> None:
    ann, bob = plan_messages("ann", "bob")
    claim(bob)
    evening = NOON + timedelta(hours=8)
    ledger.hold([(ann, evening)])
    ledger.suppress_messages([(bob, "unsubscribed")], NOON)
    assert ledger.due(WEEKLY, State.PLANNED, NOON, 50) == []
    assert [row.id for row in ledger.due(WEEKLY, State.PLANNED, evening, 50)] == [ann]
    assert state_of(ledger, bob) is State.SUPPRESSED
    assert ledger.waiting_occurrences("fresh-fields", NOON) == []
    assert ledger.waiting_occurrences("fresh-fields", evening) == [WEEKLY]
    assert ledger.tally(WEEKLY) == (
        [Tally("email", "selected", "", 2)],
        [Tally("email", "planned", "", 1), Tally("email", "suppressed", "unsubscribed", 1)],
    )


def test_due_is_in_order_of_time_and_limited(ledger: SqliteLedger, plan_messages: Plan) -> None:
    ids = plan_messages(*[f"c{n}" for n in range(5)])
    ledger.hold([(ids[0], NOON + timedelta(seconds=1))])
    due = ledger.due(WEEKLY, State.PLANNED, NOON + timedelta(hours=1), 4)
    assert [row.id for row in due] == ids[1:5]


def test_an_unknown_message_is_none(ledger: SqliteLedger) -> None:
    assert ledger.message("nobody") is None
    assert ledger.tally(WEEKLY) == ([], [])
    assert ledger.next_due_of(WEEKLY) is None
