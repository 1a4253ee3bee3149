"""The suppression list and the watermarks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from handbill_runtime.ledger.model import Suppression
from handbill_runtime.ledger.sqlite import SqliteLedger

NOON = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)
ANN = Suppression(
    "fresh-fields", "email", "customer", "ann", "unsubscribed", "marketing", NOON, message="m1"
)


def test_a_suppression_needs_no_lease_and_is_kept(path: Path, ledger: SqliteLedger) -> None:
    endpoint = SqliteLedger(path)
    endpoint.suppress([ANN, replace(ANN, subject="address", value="ann@shop.example")])
    endpoint.close()
    found = ledger.suppressions("fresh-fields", ["ann"], ["ann@shop.example"])
    assert [row.subject for row in found] == ["customer", "address"]
    assert found[0] == ANN


def test_the_first_of_equal_suppressions_stays(ledger: SqliteLedger) -> None:
    ledger.suppress([ANN])
    ledger.suppress([replace(ANN, at=NOON + timedelta(days=1), message="m2")])
    assert ledger.suppressions("fresh-fields", ["ann"], []) == [ANN]


def test_another_tenant_and_another_subject_do_not_see_it(ledger: SqliteLedger) -> None:
    ledger.suppress([ANN])
    assert ledger.suppressions("valle-market", ["ann"], ["ann"]) == []
    assert ledger.suppressions("fresh-fields", ["bob"], ["ann"]) == []


def test_a_watermark_only_grows(ledger: SqliteLedger) -> None:
    assert ledger.watermark("fresh-fields", "weekly-ad", "") is None
    ledger.set_watermark("fresh-fields", "weekly-ad", "", NOON)
    ledger.set_watermark("fresh-fields", "weekly-ad", "", NOON - timedelta(days=1))
    assert ledger.watermark("fresh-fields", "weekly-ad", "") == NOON
    later = NOON + timedelta(hours=1)
    ledger.set_watermark("fresh-fields", "weekly-ad", "", later)
    assert ledger.watermark("fresh-fields", "weekly-ad", "") == later
    assert ledger.watermark("fresh-fields", "weekly-ad", "Europe/Paris") is None
