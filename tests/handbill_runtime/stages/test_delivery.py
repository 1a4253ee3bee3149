"""Batches on their way: retries, failover, rates, bounces, and what stays uncertain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from corner_shop import CAMPAIGN, NOON, Shop, VirtualClock, unindent

from handbill_runtime.drivers.driver import Accepted, Answer, Endpoint, Envelope, Refused
from handbill_runtime.drivers.smtp import SmtpDriver
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.errors import ProviderFault
from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.stages.delivery import LONGEST_WAIT, believable, bind, wait_before

POINTS = Occurrence("corner", "points", "")
DAY = timedelta(days=1)


def crowd(shop: Shop, count: int) -> None:
    lines = [f"c{n:03},C,c{n}@shop.example,email.promotions,1" for n in range(count)]
    shop.customers("id,first_name,email,consent,orders\n" + "\n".join(lines) + "\n")


def states(ledger: SqliteLedger) -> dict[tuple[str, str], int]:
    rows = ledger.db.execute("SELECT state, reason, count(*) FROM messages GROUP BY 1, 2")
    return {(state, reason): count for state, reason, count in rows}


def kinds(ledger: SqliteLedger) -> list[str]:
    return [kind for (kind,) in ledger.db.execute("SELECT kind FROM outcomes ORDER BY n")]


def test_busy_is_tried_again_until_it_works(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    crowd(shop, 1)
    answers = iter(["451 busy", "451 busy", "250 queued"])
    mail_server.on_data = lambda address: next(answers)
    report = shop.go(ledger, clock, patience=timedelta(hours=1))
    assert report.channels["email"].accepted == 1
    assert kinds(ledger) == ["claimed", "sending", "retry", "sending", "retry", "sending",
                             "accepted"]  # fmt: skip
    assert len(mail_server.received) == 1
    first, second = clock.slept
    assert 1.5 <= first <= 2.5
    assert 3.0 <= second <= 5.0


def test_without_patience_the_retry_is_left_for_later(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    crowd(shop, 1)
    mail_server.on_data = lambda address: "451 busy"
    report = shop.go(ledger, clock)
    assert report.channels["email"].waiting == 1
    due = ledger.next_due("corner")
    assert due is not None
    clock.at = due
    mail_server.on_data = lambda address: "250 queued"
    shop.pending(ledger, clock)
    assert states(ledger) == {("accepted", ""): 1}


def test_trying_again_ends_with_the_message(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    crowd(shop, 1)
    mail_server.on_data = lambda address: "451 busy"
    shop.go(ledger, clock, patience=DAY)
    assert states(ledger) == {("failed", "retries_exhausted"): 1}
    assert kinds(ledger).count("sending") == 8
    assert ledger.next_due() is None


def test_a_retry_after_the_expiry_is_a_failure(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    crowd(shop, 1)
    shop.campaign("points", unindent(CAMPAIGN) + "expires: 1 second\n")
    mail_server.on_data = lambda address: "451 busy"
    shop.go(ledger, clock, patience=DAY)
    assert states(ledger) == {("failed", "retries_exhausted"): 1}
    assert kinds(ledger).count("sending") == 1


def test_the_next_provider_of_the_list_takes_over(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    crowd(shop, 3)
    tenant = shop.root / "repository/tenants/corner/tenant.yaml"
    shop.write(
        "tenants/corner/tenant.yaml",
        tenant.read_text().replace("provider: mail,", "provider: [mail, spare],"),
    )
    environment = shop.root / "repository/environments/test.yaml"
    shop.write(
        "environments/test.yaml",
        environment.read_text().replace(
            f'mail: {{contract: smtp, url: "{shop.mail_url}"}}',
            'mail: {contract: smtp, url: "smtp://127.0.0.1:1"}',
        ),
    )
    shop.go(ledger, clock, patience=DAY)
    assert states(ledger) == {("accepted", ""): 3}
    providers = ledger.db.execute("SELECT DISTINCT provider FROM messages").fetchall()
    assert providers == [("spare",)]


def test_a_dead_mailbox_is_never_written_to_again(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    mail_server.on_rcpt = lambda address: "550 5.1.1 nobody" if "ann" in address else "250 OK"
    report = shop.go(ledger, clock)
    assert report.channels["email"].failed == {"unreachable": 1}
    shop.campaign("second", CAMPAIGN)
    mail_server.on_rcpt = lambda address: "250 OK"
    second = shop.go(ledger, clock, "second")
    assert second.suppressed == {"suppressed": 1}
    assert second.channels["email"].accepted == 1


def test_a_refusal_is_a_failure_and_no_bounce(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    mail_server.on_data = lambda address: "554 5.7.1 spam"
    report = shop.go(ledger, clock)
    assert report.channels["email"].failed == {"refused": 2}
    assert ledger.suppressions("corner", ["ann"], ["ann@shop.example"]) == []


def test_silence_is_uncertain_for_good(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    crowd(shop, 1)
    mail_server.on_data = lambda address: None
    shop.go(ledger, clock, patience=DAY)
    mail_server.on_data = lambda address: "250 queued"
    clock.at += timedelta(hours=1)
    shop.pending(ledger, clock)
    shop.go(ledger, clock)
    assert states(ledger) == {("uncertain", "no_answer"): 1}
    assert len(mail_server.received) == 1


def test_a_rate_is_kept_across_batches(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    crowd(shop, 130)
    report = paced(shop, "50 per minute").go(ledger, clock)
    assert report.channels["email"].accepted == 130
    assert (clock.at - NOON).total_seconds() == 120.0


SLOW = unindent(CAMPAIGN) + 'window: "09:00-12:30"\n'


class Interrupting(VirtualClock):
    """Does something once, when the time has come while somebody sleeps."""

    def __init__(self, at: datetime, then: Callable[[], None]) -> None:
        super().__init__()
        self._moment, self._then = at, then
        self._done = False

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        if not self._done and self.at >= self._moment:
            self._done = True
            self._then()


def paced(shop: Shop, rate: str) -> Shop:
    return Shop(shop.root, shop.mail_url, shop.http_url, rates={"mail": rate})


def by_customer(ledger: SqliteLedger) -> dict[str, tuple[str, str]]:
    rows = ledger.db.execute("SELECT customer, state, reason FROM messages ORDER BY 1")
    return {customer: (state, reason) for customer, state, reason in rows}


def test_whoever_unsubscribes_while_a_rate_makes_the_mail_wait_gets_none(
    shop: Shop, ledger: SqliteLedger, mail_server: Any
) -> None:
    from handbill_runtime.unsubscribe import unsubscribe

    def c002_unsubscribes() -> None:
        row = ledger.db.execute("SELECT id FROM messages WHERE customer = 'c002'").fetchone()
        message = ledger.message(row[0])
        assert message is not None
        unsubscribe(ledger, message, clock.at)

    crowd(shop, 4)
    clock = Interrupting(NOON + timedelta(minutes=5), c002_unsubscribes)
    paced(shop, "1 per 10 minutes").go(ledger, clock)
    assert by_customer(ledger)["c002"] == ("suppressed", "unsubscribed")
    assert states(ledger)["accepted", ""] == 3
    assert len(mail_server.received) == 3
    assert clock.at == NOON + timedelta(minutes=20)  # who got none used up no turn


def test_what_a_rate_delays_past_the_window_waits_for_the_next(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    crowd(shop, 6)
    shop.campaign("points", SLOW)
    paced(shop, "1 per 10 minutes").go(ledger, clock)
    assert states(ledger) == {("accepted", ""): 3, ("claimed", ""): 3}  # 12:00, 12:10, 12:20
    due = ledger.next_due()
    assert due == NOON + timedelta(hours=21)  # tomorrow at 9


def test_what_a_rate_delays_past_the_end_never_leaves(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    crowd(shop, 6)
    shop.campaign("points", unindent(CAMPAIGN) + "ends: 2026-12-05T12:15\n")
    paced(shop, "1 per 10 minutes").go(ledger, clock)
    assert states(ledger) == {("accepted", ""): 2, ("suppressed", "expired"): 4}
    assert len(mail_server.received) == 2


def test_an_interrupted_wait_ends_within_a_second_and_leaves_the_rest(
    shop: Shop, ledger: SqliteLedger, mail_server: Any
) -> None:
    crowd(shop, 3)
    stop: list[bool] = []
    clock = Interrupting(NOON + timedelta(seconds=5), lambda: stop.append(True))

    async def run() -> None:
        async with Drivers() as drivers:
            slow = paced(shop, "1 per 10 minutes")
            work = replace(slow.work(ledger, drivers, clock), interrupted=lambda: bool(stop))
            await slow.run(work)

    asyncio.run(run())
    assert states(ledger) == {("accepted", ""): 1, ("claimed", ""): 2}
    assert clock.at == NOON + timedelta(seconds=5) and max(clock.slept) <= 1


def test_unsubscribing_between_claim_and_sending_is_in_time(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    from handbill_runtime.unsubscribe import unsubscribe

    mail_server.on_data = lambda address: "451 busy"
    shop.go(ledger, clock)
    (ann,) = ledger.db.execute("SELECT id FROM messages WHERE customer = 'ann'").fetchone()
    message = ledger.message(ann)
    assert message is not None
    unsubscribe(ledger, message, clock.now())
    mail_server.on_data = lambda address: "250 queued"
    clock.at += timedelta(minutes=1)
    shop.pending(ledger, clock)
    assert states(ledger) == {("accepted", ""): 1, ("suppressed", "unsubscribed"): 1}
    assert [address for address, _ in mail_server.received] == ["bob@shop.example"]


class Broken(SmtpDriver):
    """A driver with a bug: it raises, answers for too few, or never."""

    error: Exception | None = None
    endless = False

    async def deliver(self, endpoint: Endpoint, envelopes: Sequence[Envelope]) -> Sequence[Answer]:
        if self.error is not None:
            raise self.error
        if self.endless:
            await asyncio.sleep(3600)
        return []


@pytest.mark.parametrize("error", [None, RuntimeError("bug")])
def test_a_driver_that_breaks_off_leaves_uncertain_behind(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, error: Exception | None
) -> None:
    broken = Broken()
    broken.error = error
    asyncio.run(shop.run(shop.work(ledger, Drivers({"smtp": lambda: broken}), clock)))
    assert states(ledger) == {("uncertain", "no_answer"): 2}


def test_stopping_in_the_middle_of_a_batch_settles_it(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    broken = Broken()
    broken.endless = True

    async def run() -> None:
        work = shop.work(ledger, Drivers({"smtp": lambda: broken}), clock)
        task = asyncio.create_task(shop.run(work))
        while states(ledger) != {("sending", ""): 2}:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert states(ledger) == {("uncertain", "no_answer"): 2}


def test_a_provider_that_cannot_be_used_keeps_its_messages_waiting(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, http_server: Any
) -> None:
    (shop.root / "secret").unlink()
    shop.campaign(
        "points",
        """
        category: promotions
        status: active
        trigger: {at: 2026-12-05T12:00}
        audience: everyone
        message:
          sms: {body: "Double points. Reply STOP to end"}
        """,
    )
    shop.customers("""
        id,first_name,phone,consent,orders
        ann,Ann,+15185550101,sms.promotions,1
        """)
    assert shop.go(ledger, clock).channels["sms"].waiting == 1
    assert http_server.received == []
    (shop.root / "secret").write_text("s3cret")
    clock.at += timedelta(minutes=1)
    shop.pending(ledger, clock)
    assert states(ledger) == {("accepted", ""): 1}
    assert http_server.received[0].headers["Authorization"] == "Basic s3cret"


def test_binding(shop: Shop, ledger: SqliteLedger, clock: VirtualClock) -> None:
    work = shop.work(ledger, Drivers(), clock)
    assert bind(work, "email", "mail").url == shop.mail_url
    for channel, provider in (("email", "nobody"), ("fax", "mail"), ("sms", "mail")):
        with pytest.raises(ProviderFault) as caught:
            bind(work, channel, provider)
        assert caught.value.code == "HB921"
    (shop.root / "secret").write_text("")
    with pytest.raises(ProviderFault) as caught:
        bind(work, "push", "fcm")
    assert caught.value.code == "HB922"


def test_waits_double_spread_and_obey_the_provider() -> None:
    low, high = "0" * 64, "f" * 64
    assert wait_before(low, 1, None) == timedelta(seconds=1.5)
    assert wait_before(high, 1, None) == timedelta(seconds=2.5)
    assert wait_before(low, 3, None) == timedelta(seconds=6)
    assert wait_before(low, 30, None) == LONGEST_WAIT * 0.75
    assert wait_before(low, 1, 90.0) == timedelta(seconds=90)


# ── what providers say ───────────────────────────────────────────────────────────────────────────


class Saying(SmtpDriver):
    """A driver whose answers are given."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__()
        self._answers = answers

    async def deliver(self, endpoint: Endpoint, envelopes: Sequence[Envelope]) -> Sequence[Answer]:
        return self._answers


def test_words_that_cannot_be_kept_lose_no_answer(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handbill_runtime.drivers.driver.foreign_text", lambda text: text)
    monkeypatch.setattr("handbill_runtime.ledger.file.foreign_text", lambda text: text)
    monkeypatch.setattr("handbill_runtime.ledger.messages.foreign_text", lambda text: text)
    saying = Saying(Accepted("Re\udce7u"), Refused("refus\udce9"))
    asyncio.run(shop.run(shop.work(ledger, Drivers({"smtp": lambda: saying}), clock)))
    assert states(ledger) == {("accepted", ""): 1, ("failed", "refused"): 1}


def test_a_whole_batch_of_dead_addresses_is_a_block_not_a_death(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    crowd(shop, 3)
    mail_server.on_rcpt = lambda address: "550 5.1.1 nobody"
    shop.go(ledger, clock)
    assert states(ledger) == {("failed", "refused"): 3}
    assert ledger.suppressions("corner", ["c000"], ["c000@shop.example"]) == []


def test_when_dead_addresses_are_believed() -> None:
    dead, other = Refused("404", unreachable=True), Accepted("1")
    assert believable([dead, dead]) == [dead, dead]
    assert believable([dead, dead, other]) == [dead, dead, other]
    assert believable([dead] * 3) == [Refused("404")] * 3
    assert believable([]) == []


def test_a_mistyped_account_buries_no_number(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, http_server: Any
) -> None:
    shop.campaign(
        "points",
        """
        category: promotions
        status: active
        trigger: {at: 2026-12-05T12:00}
        audience: everyone
        message:
          sms: {body: "Double points. Reply STOP to end"}
        """,
    )
    shop.customers("id,phone,consent,orders\nann,+15185550101,sms.promotions,1\n")
    reply = type(http_server.reply(None))
    http_server.reply = lambda request: reply(404, b'{"code": 20404}')
    shop.go(ledger, clock)
    assert states(ledger) == {("failed", "refused"): 1}
    assert ledger.suppressions("corner", ["ann"], ["+15185550101"]) == []
