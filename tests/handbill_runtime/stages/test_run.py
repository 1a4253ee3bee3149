"""Occurrences from audience to delivery, again and again, across zones, hours and releases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from corner_shop import NOON, Shop, VirtualClock

from handbill_runtime.drivers.table import Drivers
from handbill_runtime.ledger.model import Occurrence, State
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.stages.run import run_occurrence

POINTS = Occurrence("corner", "points", "")


def recipients(server: Any) -> list[str]:
    return sorted(address for address, _ in server.received)


def test_a_campaign_reaches_its_customers(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    report = shop.go(ledger, clock)
    assert (report.selected, report.considered) == (2, 2)
    assert report.channels["email"].accepted == report.channels["email"].planned == 2
    mails = {mail["To"]: mail for mail in mail_server.mails()}
    assert "Hello Ann" in mails["ann@shop.example"].get_body(("html",)).get_content()
    assert "Hello neighbor" in mails["bob@shop.example"].get_body(("plain",)).get_content()
    for mail in mails.values():
        link = str(mail["List-Unsubscribe"]).strip("<>")
        assert link.startswith("https://go.corner.example/u/")
        assert f'href="{link}"' in mail.get_body(("html",)).get_content()


def test_running_again_sends_nothing_again(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    first = shop.go(ledger, clock)
    shop.customers("""
        id,first_name,email,consent,orders
        cat,Cat,cat@shop.example,email.promotions,3
        """)
    assert shop.go(ledger, clock) == first  # who is new now was not there at the hour
    assert recipients(mail_server) == ["ann@shop.example", "bob@shop.example"]


def test_an_edited_hour_or_a_new_name_does_not_send_an_at_campaign_twice(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    shop.go(ledger, clock)
    text = (shop.root / "repository/tenants/corner/campaigns/points.yaml").read_text()
    shop.remove("tenants/corner/campaigns/points.yaml")
    shop.campaign("double", text.replace("T12:00", "T15:00") + "was: [points]\n")
    clock.at += timedelta(hours=3)
    report = shop.go(ledger, clock, "double")
    assert report.selected == 2
    assert len(mail_server.received) == 2


def test_each_zone_at_its_own_hour(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    shop.customers("""
        id,first_name,email,consent,orders,timezone
        ann,Ann,ann@shop.example,email.promotions,3,America/New_York
        bob,Bob,bob@shop.example,email.promotions,3,America/Los_Angeles
        cat,Cat,cat@shop.example,email.promotions,3,
        dan,Dan,dan@shop.example,email.promotions,3,Mars/Olympus
        """)
    east = shop.go(ledger, clock, due={"America/New_York": NOON})
    assert recipients(mail_server) == ["ann@shop.example", "cat@shop.example", "dan@shop.example"]
    assert (east.selected, east.considered, east.zones) == (3, 3, ("America/New_York",))
    clock.at += timedelta(hours=3)
    due = {"America/New_York": NOON, "America/Los_Angeles": NOON + timedelta(hours=3)}
    report = shop.go(ledger, clock, due=due)
    assert (report.selected, report.considered) == (4, 4)
    assert len(mail_server.received) == 4


def test_a_customer_who_moves_west_is_not_sent_to_twice(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    head = "id,first_name,email,consent,orders,timezone\n"
    line = "ann,Ann,ann@shop.example,email.promotions,3,"
    shop.customers(f"{head}{line}America/New_York\n")
    shop.go(ledger, clock, due={"America/New_York": NOON})
    shop.customers(f"{head}{line}America/Los_Angeles\n")
    clock.at += timedelta(hours=3)
    shop.go(ledger, clock, due={"America/Los_Angeles": clock.at})
    assert recipients(mail_server) == ["ann@shop.example"]


def test_a_paused_campaign_selects_nobody(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    path = shop.root / "repository/tenants/corner/campaigns/points.yaml"
    shop.campaign("points", path.read_text().replace("status: active", "status: paused"))

    async def run() -> Any:
        async with Drivers() as drivers:
            work = shop.work(ledger, drivers, clock)
            with work.open_customers() as customers:
                return await run_occurrence(work, shop.plan(), "", {"": NOON}, customers)

    assert asyncio.run(run()) is None
    assert ledger.runs_of(POINTS) == []
    assert mail_server.received == []


def test_what_waits_for_the_morning_is_sent_in_the_morning(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    text = (shop.root / "repository/tenants/corner/campaigns/points.yaml").read_text()
    shop.campaign("points", text + 'window: "09:00-20:00"\n')
    clock.at = datetime(2026, 12, 6, 3, 30, tzinfo=UTC)  # 22:30 in New York
    report = shop.go(ledger, clock)
    assert report.channels["email"].waiting == 2
    assert mail_server.received == []
    morning = datetime(2026, 12, 6, 14, 0, tzinfo=UTC)
    assert ledger.next_due("corner") == morning
    clock.at = morning
    shop.pending(ledger, clock)
    assert len(mail_server.received) == 2


def test_patience_waits_for_the_hour(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    text = (shop.root / "repository/tenants/corner/campaigns/points.yaml").read_text()
    shop.campaign("points", text + 'window: "12:30-20:00"\n')
    report = shop.go(ledger, clock, patience=timedelta(hours=1))
    assert report.channels["email"].accepted == 2
    assert clock.slept == [1800.0]


def test_the_campaign_with_priority_takes_the_last_place_under_a_cap(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    text = (shop.root / "repository/tenants/corner/campaigns/points.yaml").read_text()
    shop.write(
        "handbill.yaml",
        """
        categories:
          promotions: {class: marketing}
        limits: {per_customer: 1 per 7 days}
        """,
    )
    text = text.replace("Double points", "Subject of NAME")
    window = 'window: "12:30-20:00"\n'
    shop.campaign("points", text.replace("NAME", "points") + window)
    shop.campaign("zoo", text.replace("NAME", "zoo") + window)
    zoo = shop.plan("zoo")
    zoo.plan = msgspec.structs.replace(zoo.plan, priority=90)
    shop.go(ledger, clock, "points")
    shop.go(ledger, clock, "zoo")
    clock.at += timedelta(hours=1)
    shop.pending(ledger, clock)
    assert {mail["Subject"] for mail in mail_server.mails()} == {"Subject of zoo"}
    _, messages = ledger.tally(POINTS)
    assert [(row.outcome, row.reason) for row in messages] == [(State.SUPPRESSED, "cap")]
