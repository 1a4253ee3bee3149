"""Everyone gets a verdict and a reason, and nobody is chosen twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from corner_shop import NOON, Shop, VirtualClock

from handbill.plan.decisions import is_held_out
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.ledger.model import Occurrence, Suppression
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.stages import selection
from handbill_runtime.stages.report import RunReport
from handbill_runtime.stages.selection import select_customers

POINTS = Occurrence("corner", "points", "")


def campaign(
    shop: Shop, extra: str = "", audience: str = "everyone", trigger: str = "{at: 2026-12-05T12:00}"
) -> None:
    shop.campaign(
        "points",
        f"""
        category: promotions
        status: active
        trigger: {trigger}
        audience: {audience}
        message:
          email: {{subject: "Double points", template: mail.html}}
        """.rstrip()
        + "".join(f"\n        {line}" for line in extra.splitlines()),
    )


def verdicts(ledger: SqliteLedger) -> dict[str, tuple[str, str]]:
    rows = ledger.db.execute("SELECT customer, verdict, reason FROM selections ORDER BY 1")
    return {customer: (verdict, reason) for customer, verdict, reason in rows}


def test_reasons(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> None:
    campaign(
        shop,
        audience="{include: customer.orders > 0, exclude: {staff: customer.staff | default(false)}}",
    )
    shop.customers("""
        id,first_name,email,consent,orders,staff
        ann,Ann,ann@shop.example,email.promotions,3,
        bob,Bob,bob@shop.example,email.promotions,3,true
        cat,Cat,cat@shop.example,email.news,3,
        dan,Dan,,email.promotions,3,
        eve,Eve,eve@shop.example,email.promotions,0,
        fay,Fay,ANN@shop.example,email.promotions,3,
        gil,Gil,gil@shop.example,email.promotions,3,
        """)
    ledger.suppress(
        [Suppression("corner", "email", "customer", "gil", "unsubscribed", "marketing", NOON)]
    )
    report = shop.go(ledger, clock)
    assert verdicts(ledger) == {
        "ann": ("selected", ""),
        "bob": ("excluded", "exclude:staff"),
        "cat": ("suppressed", "no_consent"),
        "dan": ("suppressed", "no_address"),
        "fay": ("suppressed", "duplicate_address"),
        "gil": ("suppressed", "unsubscribed"),
    }
    assert (report.not_included, report.considered) == (1, 7)
    assert report.refused_on == {
        "email": {"duplicate_address": 1, "no_address": 1, "no_consent": 1, "unsubscribed": 1}
    }


def test_limit_counts_messages_and_the_rest_know_why(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    campaign(shop, audience="{include: everyone, rank: customer.orders, limit: 2}")
    shop.customers("""
        id,first_name,email,consent,orders
        ann,Ann,ann@shop.example,email.promotions,1
        bob,Bob,bob@shop.example,email.promotions,2
        cat,Cat,cat@shop.example,email.promotions,3
        dan,Dan,dan@shop.example,,9
        """)
    shop.go(ledger, clock)
    assert verdicts(ledger) == {
        "dan": ("suppressed", "no_consent"),  # takes no place
        "cat": ("selected", ""),
        "bob": ("selected", ""),
        "ann": ("excluded", "limit"),
    }


def test_a_limit_holds_over_the_zones_of_an_occurrence(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    campaign(shop, audience="{include: everyone, limit: 1}")
    shop.customers("""
        id,first_name,email,consent,orders,timezone
        ann,Ann,ann@shop.example,email.promotions,1,America/New_York
        bob,Bob,bob@shop.example,email.promotions,2,America/Los_Angeles
        """)
    shop.go(ledger, clock, due={"America/New_York": NOON})
    shop.go(ledger, clock, due={"America/Los_Angeles": NOON})
    assert verdicts(ledger) == {"ann": ("selected", ""), "bob": ("excluded", "limit")}


@pytest.mark.parametrize(
    ("reentry", "days", "again"),
    [("never", 400, False), ("{after: 14 days}", 13, False), ("{after: 14 days}", 14, True),
     ("always", 7, True)],
)  # fmt: skip
def test_reentry(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, reentry: str, days: int, again: bool
) -> None:
    campaign(shop, f"reentry: {reentry}\n", trigger='{cron: "0 12 * * *", timezone: tenant}')
    first = shop.go(ledger, clock, occurrence="2026-12-05T12:00")
    assert first.channels["email"].accepted == 2
    clock.at += timedelta(days=days)
    second = shop.go(ledger, clock, occurrence="later")
    if again:
        assert second.channels["email"].accepted == 2
    else:
        assert second.suppressed == {"reentry": 2}
        assert second.channels == {}


def test_holdouts_are_stable_and_come_after_reach(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    shop.write(
        "handbill.yaml",
        """
        categories:
          promotions: {class: marketing}
          service: {class: transactional}
        holdout: 20%
        """,
    )
    campaign(shop, "holdout: 30%\n")
    lines = [f"c{n},C,c{n}@shop.example,email.promotions,1" for n in range(200)]
    lines += [f"x{n},X,,email.promotions,1" for n in range(50)]
    shop.customers("id,first_name,email,consent,orders\n" + "\n".join(lines) + "\n")
    report = shop.go(ledger, clock)
    found = verdicts(ledger)
    for customer, verdict in found.items():
        if customer.startswith("x"):
            assert verdict == ("suppressed", "no_address")
        elif is_held_out("holdout/corner", 200_000, customer):
            assert verdict == ("held_out", "held_out_global")
        elif is_held_out("holdout/corner/points", 300_000, customer):
            assert verdict == ("held_out", "held_out_campaign")
        else:
            assert verdict == ("selected", "")
    assert sum(report.held_out.values()) > 40
    assert report.considered == 250


def test_service_messages_have_no_holdout(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    shop.write(
        "handbill.yaml",
        """
        categories:
          promotions: {class: transactional, consent: none}
        holdout: 99%
        """,
    )
    campaign(shop)
    assert shop.go(ledger, clock).selected == 2


def both_channels(shop: Shop, mode: str) -> None:
    shop.campaign(
        "points",
        f"""
        category: promotions
        status: active
        trigger: {{at: 2026-12-05T12:00}}
        audience: everyone
        deliver: {{mode: {mode}, order: [sms, email]}}
        message:
          email: {{subject: "Double points", template: mail.html}}
          sms: {{body: "Double points. Reply STOP to end"}}
        """,
    )
    shop.customers("""
        id,first_name,email,phone,consent,orders
        ann,Ann,ann@shop.example,+15185550101,email.promotions|sms.promotions,1
        bob,Bob,bob@shop.example,+15185550102,email.promotions,1
        cat,Cat,,,,1
        """)


def by_channel(report: RunReport) -> dict[str, tuple[int, dict[str, int]]]:
    return {
        channel: (found.accepted, dict(found.suppressed))
        for channel, found in report.channels.items()
    }


def test_first_takes_the_first_channel_that_reaches(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, http_server: Any
) -> None:
    both_channels(shop, "first")
    report = shop.go(ledger, clock)
    assert by_channel(report) == {"email": (1, {}), "sms": (1, {})}
    assert report.suppressed == {"no_address": 1}
    assert len(http_server.received) == 1


def test_all_takes_every_channel_and_notes_the_refused(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    both_channels(shop, "all")
    report = shop.go(ledger, clock)
    assert by_channel(report) == {"email": (2, {}), "sms": (1, {"no_consent": 1})}


def test_variants_follow_the_published_hash(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    campaign(
        shop,
        "experiment:\n"
        "  variants:\n"
        "    plain: {weight: 50}\n"
        '    loud: {weight: 50, message: {email: {subject: "DOUBLE"}}}\n',
    )
    lines = [f"c{n},C,c{n}@shop.example,email.promotions,1" for n in range(60)]
    shop.customers("id,first_name,email,consent,orders\n" + "\n".join(lines) + "\n")
    shop.go(ledger, clock)
    from handbill.plan.decisions import variant_index

    plan = shop.plan().plan
    for mail in mail_server.mails():
        customer = str(mail["To"]).partition("@")[0]
        name = plan.variants[variant_index(plan.salt, plan.variants, customer)].name
        assert mail["Subject"] == ("DOUBLE" if name == "loud" else "Double points")


def test_a_run_that_broke_off_goes_on_where_it_was(
    shop: Shop,
    ledger: SqliteLedger,
    clock: VirtualClock,
    monkeypatch: pytest.MonkeyPatch,
    mail_server: Any,
) -> None:
    lines = [f"c{n:04},C,c{n}@shop.example,email.promotions,1" for n in range(1500)]
    shop.customers("id,first_name,email,consent,orders\n" + "\n".join(lines) + "\n")

    def broken(salt: str, variants: Any, customer: str) -> int:
        if customer == "c1200":  # in the second chunk
            raise RuntimeError("boom")
        return 0

    with monkeypatch.context() as patched:
        patched.setattr(selection, "variant_index", broken)
        with pytest.raises(RuntimeError):
            shop.go(ledger, clock)
    assert [run.complete for run in ledger.runs_of(POINTS)] == [False]
    assert len(verdicts(ledger)) == 1000
    clock.at += timedelta(days=1)
    campaign(shop, audience="{include: everyone, exclude: {early: \"customer.id < 'c0900'\"}}")
    work = shop.work(ledger, Drivers(), clock)
    with work.open_customers() as customers:
        select_customers(work, shop.plan(), POINTS, {"": NOON}, customers)
    assert set(verdicts(ledger).values()) == {("selected", "")}  # a verdict is kept
    assert len(verdicts(ledger)) == 1500
    (run,) = ledger.runs_of(POINTS)
    assert run.complete
    assert run.run_date.isoformat() == "2026-12-05"
    plans = ledger.db.execute("SELECT plan, count(*) FROM messages GROUP BY 1").fetchall()
    assert sorted(count for _, count in plans) == [500, 1000]


def test_an_unsubscribe_does_not_wait_for_a_long_selection(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"c{n:04},C,c{n}@shop.example,email.promotions,1" for n in range(1500)]
    shop.customers("id,first_name,email,consent,orders\n" + "\n".join(lines) + "\n")
    endpoint = SqliteLedger(ledger.path)
    endpoint.db.execute("PRAGMA busy_timeout = 0")  # not a moment
    calls = 0

    def unsubscribing(salt: str, variants: Any, customer: str) -> int:
        nonlocal calls
        calls += 1
        row = ("corner", "email", "customer", customer, "unsubscribed", "marketing", NOON)
        endpoint.suppress([Suppression(*row)])
        return 0

    monkeypatch.setattr(selection, "variant_index", unsubscribing)
    work = shop.work(ledger, Drivers(), clock)
    with work.open_customers() as customers:
        select_customers(work, shop.plan(), POINTS, {"": NOON}, customers)
    endpoint.close()
    assert calls == 1500
    assert len(ledger.suppressions("corner", ["c0000", "c1499"], [])) == 2
