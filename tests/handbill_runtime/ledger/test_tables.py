"""The database itself refuses duplicates, whatever the code above it does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from handbill_runtime.ledger.model import NewMessage, Occurrence, Run, Selection
from handbill_runtime.ledger.sqlite import SqliteLedger

NOON = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)
WEEKLY = Occurrence("fresh-fields", "weekly-ad", "2026-12-05T12:00")


def run_of(ledger: SqliteLedger, zone: str) -> int:
    return ledger.add_run(
        Run(WEEKLY, zone, "weekly-ad", "sha256:plan", NOON, NOON, date(2026, 12, 5))
    )


def message(identifier: str, customer: str, address: str, reason: str = "") -> NewMessage:
    return NewMessage(
        identifier, customer, "UTC", "email", "main:0", address, address, "only", "en-US", True,
        NOON, NOON, reason,
    )  # fmt: skip


def test_a_zone_runs_once(ledger: SqliteLedger) -> None:
    assert run_of(ledger, "Europe/Paris") == run_of(ledger, "Europe/Paris")
    run_of(ledger, "Europe/Rome")
    with pytest.raises(sqlite3.IntegrityError):
        ledger.db.execute("UPDATE runs SET zone = 'Europe/Paris'")


def test_an_occurrence_selects_a_customer_once(ledger: SqliteLedger) -> None:
    ledger.add_selections(run_of(ledger, "a"), [Selection("ann", "a", "selected")])
    with pytest.raises(sqlite3.IntegrityError):
        ledger.add_selections(run_of(ledger, "b"), [Selection("ann", "b", "excluded", "exclude:x")])


def test_a_message_id_exists_once(
    ledger: SqliteLedger, plan_messages: Callable[..., list[str]]
) -> None:
    (ann,) = plan_messages("ann")
    with pytest.raises(sqlite3.IntegrityError):
        ledger.add_messages(1, [message(ann, "bob", "bob@shop.example")])


def test_an_address_gets_one_message_per_occurrence(ledger: SqliteLedger) -> None:
    run = run_of(ledger, "")
    ledger.add_messages(run, [message("1", "ann", "us@shop.example")])
    ledger.add_messages(run, [message("2", "bob", "us@shop.example", "duplicate_address")])
    with pytest.raises(sqlite3.IntegrityError):
        ledger.add_messages(run, [message("3", "cat", "us@shop.example")])


def test_states_and_verdicts_are_closed(ledger: SqliteLedger) -> None:
    run = run_of(ledger, "")
    with pytest.raises(sqlite3.IntegrityError):
        ledger.add_selections(run, [Selection("ann", "", "perhaps")])  # type: ignore[arg-type]
    ledger.add_messages(run, [message("1", "ann", "us@shop.example")])
    with pytest.raises(sqlite3.IntegrityError):
        ledger.db.execute("UPDATE messages SET state = 'lost'")
