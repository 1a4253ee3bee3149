"""Every number comes from the ledger, and the parts add up to the whole."""

from __future__ import annotations

from corner_shop import Shop, VirtualClock

from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.stages.report import report_run


def test_the_parts_add_up(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> None:
    shop.customers("""
        id,first_name,email,consent,orders
        ann,Ann,ann@shop.example,email.promotions,1
        bob,Bob,not an address,email.promotions,2
        cat,Cat,cat@shop.example,,3
        ,Dan,dan@shop.example,,3
        """)
    report = shop.go(ledger, clock)
    assert report.considered == 3
    assert report.quarantined == {"id": 1}
    email = report.channels["email"]
    assert email.planned == report.selected == 2
    assert email.accepted == 1
    assert email.failed == {"unreachable": 1}
    assert email.planned == email.accepted + sum(email.failed.values())
    again = report_run(ledger, Occurrence("corner", "points", ""))
    assert again is not None
    assert again.channels == report.channels


def test_what_has_not_begun_has_no_report(ledger: SqliteLedger) -> None:
    assert report_run(ledger, Occurrence("corner", "points", "")) is None
