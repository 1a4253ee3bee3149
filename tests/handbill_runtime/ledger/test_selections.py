"""What the ledger answers about earlier occurrences and other campaigns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from handbill_runtime.errors import LedgerFault
from handbill_runtime.ledger.model import Entry, Occurrence, Run, Settlement, State, Touch
from handbill_runtime.ledger.sqlite import SqliteLedger

NOON = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)
WEEKLY = Occurrence("fresh-fields", "weekly-ad", "2026-12-05T12:00")
NEXT = Occurrence("fresh-fields", "weekly-ad", "2026-12-12T12:00")
Plan = Callable[..., list[str]]
Claims = Callable[..., None]


def send(ledger: SqliteLedger, claim: Claims, identifier: str, state: State) -> None:
    claim(identifier)
    ledger.mark_sending([identifier], "mail", NOON)
    ledger.settle([Settlement(identifier, state)], "mail", NOON)


def test_runs_are_found_with_everything_they_recorded(
    ledger: SqliteLedger, plan_messages: Plan
) -> None:
    plan_messages("ann")
    (run,) = ledger.runs_of(WEEKLY)
    assert (run.due_at, run.plan, run.not_included) == (NOON, "sha256:plan", 0)
    assert not run.complete
    ledger.complete_run(1, 41)
    (run,) = ledger.runs_of(WEEKLY)
    assert run.complete
    assert run.not_included == 41
    assert ledger.runs_of(NEXT) == []
    assert ledger.occurrences_of("fresh-fields", "weekly-ad") == [WEEKLY.name]


def test_who_was_selected_and_which_addresses_are_taken(
    ledger: SqliteLedger, plan_messages: Plan
) -> None:
    ann, _ = plan_messages("ann", "bob")
    assert ledger.already_selected(WEEKLY, ["ann", "cat"]) == {"ann"}
    assert ledger.already_selected(NEXT, ["ann"]) == set()
    keys = ["ann@shop.example", "cat@shop.example"]
    assert ledger.taken_addresses(WEEKLY, "email", "main:0", keys) == {"ann@shop.example"}
    assert ledger.taken_addresses(WEEKLY, "push", "main:0", keys) == set()
    ledger.suppress_messages([(ann, "cap")], NOON)
    assert ledger.taken_addresses(WEEKLY, "email", "main:0", keys) == set()


def test_entries_are_what_other_occurrences_sent_or_will(
    ledger: SqliteLedger, plan_messages: Plan, claim: Claims
) -> None:
    names = ["ann", "bob", "cat", "dan", "eve"]
    ann, bob, cat, dan, _ = plan_messages(*names)
    send(ledger, claim, ann, State.ACCEPTED)
    send(ledger, claim, bob, State.UNCERTAIN)
    send(ledger, claim, cat, State.FAILED)
    ledger.suppress_messages([(dan, "cap")], NOON)
    assert ledger.entries(NEXT, names) == {
        "ann": Entry(False, NOON),
        "bob": Entry(False, NOON),  # it may have arrived
        "eve": Entry(True, None),
    }
    assert ledger.entries(WEEKLY, names) == {}
    assert ledger.entries(Occurrence("fresh-fields", "winback", ""), names) == {}
    assert ledger.entries(Occurrence("valle-market", "weekly-ad", ""), names) == {}


def test_recent_counts_marketing_that_was_sent_or_is_in_hand(
    ledger: SqliteLedger, plan_messages: Plan, claim: Claims
) -> None:
    (ann,) = plan_messages("ann")
    (service,) = plan_messages(
        "ann", occurrence=Occurrence("fresh-fields", "hours", ""), marketing=False
    )
    (push,) = plan_messages(
        "ann", occurrence=Occurrence("fresh-fields", "double-points", ""), channel="push"
    )
    send(ledger, claim, service, State.ACCEPTED)
    day = timedelta(days=1)
    assert ledger.recent("fresh-fields", ["ann"], NOON - day) == {}  # planned is not in hand
    send(ledger, claim, ann, State.ACCEPTED)
    claim(push)
    touches = ledger.recent("fresh-fields", ["ann", "bob"], NOON - day)["ann"]
    assert set(touches) == {Touch("email", NOON), Touch("push", None)}
    assert set(ledger.recent("fresh-fields", ["ann"], NOON)["ann"]) == {Touch("push", None)}
    assert ledger.recent("valle-market", ["ann"], NOON - day) == {}


def test_names_that_need_quoting_are_names(ledger: SqliteLedger, plan_messages: Plan) -> None:
    odd = ["o'hara", 'quo"te', "ünï😀", "a,b", "[]"]
    plan_messages(*odd)
    assert ledger.already_selected(WEEKLY, odd) == set(odd)


def test_a_run_that_broke_off_is_taken_up_once_and_then_never_again(ledger: SqliteLedger) -> None:
    run = Run(WEEKLY, "", "weekly-ad", "sha256:a", NOON, NOON, date(2026, 12, 5))
    number = ledger.add_run(run)
    later = replace(run, plan="sha256:b", run_date=date(2026, 12, 6))
    assert ledger.add_run(later) == number
    (found,) = ledger.runs_of(WEEKLY)
    assert (found.plan, found.run_date) == ("sha256:b", date(2026, 12, 5))
    ledger.complete_run(number, 0)
    with pytest.raises(LedgerFault) as caught:
        ledger.add_run(run)
    assert caught.value.code == "HB903"
