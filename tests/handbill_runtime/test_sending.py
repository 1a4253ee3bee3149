"""The sending half: tenants deliver side by side, and a broken ledger waits to be mended."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from market import ENVIRONMENT, NOON, Market, Running

from handbill.store.receipts import TroubleReceipt, read_receipts
from handbill_runtime import selecting as selecting_module
from handbill_runtime import sending as sending_module
from handbill_runtime.engine import Engine
from handbill_runtime.errors import LedgerFault
from handbill_runtime.follow.follower import Follower
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.sending import Deliveries, Sending
from handbill_runtime.stages.work import Work

PATIENCE = 60


def until(condition: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > give_up:
            pytest.fail(f"waited in vain: {what}")
        time.sleep(0.02)


@pytest.fixture
def follower(market: Market) -> Follower:
    return market.follower()


def where_it_is_noon() -> str:
    """A zone in which texts may be sent now."""
    behind = datetime.now(UTC).hour - 12
    return f"Etc/GMT{behind:+}" if behind else "Etc/GMT"


def texting(market: Market) -> None:
    """The corner shop texts its one customer, at once."""
    market.tenant("corner", where_it_is_noon())
    market.customers("id,first_name,phone,consent,orders\nann,A,+15185550001,sms.promotions,1\n")
    market.points('trigger: {at: publish}\nmessage: {sms: {body: "Hello. STOP to end"}}\n')


class Thread:
    """A Sending in a thread, halted at the end of the test."""

    def __init__(self, follower: Follower, new_ledger: bool = False) -> None:
        self.halt = threading.Event()
        self.error: BaseException | None = None
        self.sending = Sending(follower, self.halt, new_ledger=new_ledger)
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.sending.run()
        except BaseException as error:
            self.error = error

    def stop(self) -> None:
        self.halt.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture
def sending(follower: Follower) -> Iterator[Thread]:
    thread = Thread(follower)
    yield thread
    thread.stop()


def test_a_slow_provider_of_one_tenant_holds_up_no_other(
    market: Market, follower: Follower, sending: Thread, mail_server: Any, http_server: Any
) -> None:
    answer = threading.Event()
    original = http_server.reply

    def slowly(request: Any) -> Any:
        answer.wait(PATIENCE)
        return original(request)

    http_server.reply = slowly
    texting(market)
    market.tenant("north")
    market.points("trigger: {at: publish}", tenant="north")
    market.publish()
    follower.refresh()
    until(lambda: len(http_server.received) == 1, "the slow provider to be asked")
    until(lambda: len(mail_server.received) == 2, "the other tenant's mails")
    market.points("trigger: {at: publish}", tenant="north", name="second")
    market.publish()
    follower.refresh()
    until(lambda: len(mail_server.received) == 4, "its next campaign, still meanwhile")
    assert not answer.is_set()
    answer.set()


def test_what_is_on_its_way_is_waited_for(
    market: Market, follower: Follower, http_server: Any
) -> None:
    answer, sending = threading.Event(), Thread(follower)
    original = http_server.reply

    def slowly(request: Any) -> Any:
        answer.wait(PATIENCE)
        return original(request)

    http_server.reply = slowly
    texting(market)
    market.publish()
    follower.refresh()
    until(lambda: len(http_server.received) == 1, "the provider to be asked")
    sending.halt.set()
    threading.Timer(0.3, answer.set).start()
    sending.stop()
    ledger = SqliteLedger(market.ledger)
    assert ledger.db.execute("SELECT state FROM messages").fetchall() == [("accepted",)]
    ledger.close()


def test_halted_before_anything_was_active_it_ends(sending: Thread) -> None:
    sending.stop()
    assert sending.error is None


def test_halted_while_another_runtime_sends_it_ends(
    market: Market, follower: Follower, caplog: pytest.LogCaptureFixture
) -> None:
    other = SqliteLedger(market.ledger)
    other.take_lease("another", NOON)
    market.publish()
    follower.refresh()
    sending = Thread(follower)
    until(lambda: "in use by another" in caplog.text, "the lease to be found taken")
    sending.stop()
    assert sending.error is None
    other.close()


def test_the_first_ledger_must_open(market: Market, follower: Follower) -> None:
    market.ledger.mkdir()
    market.publish()
    follower.refresh()
    sending = Thread(follower)
    until(lambda: sending.error is not None, "the fault")
    assert isinstance(sending.error, LedgerFault)


def test_a_later_one_is_waited_for(
    market: Market,
    follower: Follower,
    mail_server: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(sending_module, "PAUSE_SECONDS", 0.05)
    sending = Thread(follower, new_ledger=True)
    market.points("trigger: {at: publish}")
    market.publish()
    follower.refresh()
    until(lambda: len(mail_server.received) == 2, "the first mails")
    (market.root / "other.db").mkdir()
    market.environment(ledger="other.db")
    market.points("trigger: {at: publish}", "second")
    market.publish()
    follower.refresh()
    until(lambda: "nothing is sent until this is mended" in caplog.text, "the fault")
    assert len(mail_server.received) == 2
    (market.root / "other.db").rmdir()
    until(lambda: len(mail_server.received) == 6, "both campaigns, by the new ledger")
    sending.stop()


def test_a_later_one_that_was_never_used_is_refused(
    market: Market,
    follower: Follower,
    sending: Thread,
    mail_server: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    market.points("trigger: {at: publish}")
    market.publish()
    follower.refresh()
    until(lambda: len(mail_server.received) == 2, "the first mails")
    market.environment(ledger="other.db")
    market.publish()
    follower.refresh()
    until(lambda: "HB904" in caplog.text, "the refusal")
    assert len(mail_server.received) == 2 and not (market.root / "other.db").exists()


def test_one_delivery_for_each_tenant_and_no_more(
    market: Market, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is told to start while one is going."""
    market.tenant("north")
    for tenant in ("corner", "north"):
        market.points("trigger: {at: 2026-12-05T12:00}", tenant=tenant)
    market.publish()
    active = market.active()
    going: list[str] = []
    most: list[int] = []
    original = Engine.deliver

    async def deliver(self: Engine, current: Any, name: str) -> bool:
        going.append(name)
        most.append(max(going.count(each) for each in going))
        more = await original(self, current, name)
        going.remove(name)
        return more

    async def work() -> int:
        running.engine.select_due(active)
        deliveries = Deliveries(running.engine, lambda: active)
        for _ in range(5):
            deliveries.start()
            await asyncio.sleep(0)
        both = len(going)
        await deliveries.finish()
        deliveries.start()  # nothing is due any more
        await deliveries.finish()
        return both

    monkeypatch.setattr(Engine, "deliver", deliver)
    assert running.doing(work) == 2
    assert max(most) == 1 and len(most) == 2
    assert running.states() == {"accepted": 4}


def test_a_large_audience_of_one_tenant_holds_up_no_other(
    market: Market,
    follower: Follower,
    sending: Thread,
    mail_server: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Corner's selection stands still; north's messages leave, and its next campaign's too."""
    go_on, begun = threading.Event(), threading.Event()
    original = selecting_module.begin_occurrence

    def begin(work: Work, *rest: Any) -> Any:
        if work.tenant.tenant.name == "south":
            begun.set()
            assert go_on.wait(PATIENCE)
        return original(work, *rest)

    monkeypatch.setattr(selecting_module, "begin_occurrence", begin)
    for name in ("north", "south"):
        market.tenant(name)
        market.points("trigger: {at: publish}", tenant=name)
    market.publish()
    follower.refresh()
    until(begun.is_set, "the large audience to begin")
    until(lambda: len(mail_server.received) == 2, "the other tenant's mails")
    assert not go_on.is_set()
    go_on.set()
    until(lambda: len(mail_server.received) == 4, "everybody's mails")


def test_what_tenants_cannot_do_is_in_the_receipt(
    market: Market, follower: Follower, sending: Thread
) -> None:
    data = market.root / "data" / "corner" / "customers.csv"
    data.rename(data.with_name("away"))
    market.points("trigger: {at: publish}")
    market.publish()
    follower.refresh()

    def told() -> tuple[TroubleReceipt, ...]:
        receipts = read_receipts(market.store, ENVIRONMENT).receipts
        return receipts["one"].troubles if "one" in receipts else ()

    until(lambda: len(told()) == 1, "the receipt to tell of it")
    (trouble,) = told()
    assert (trouble.tenant, trouble.code) == ("corner", "HB940")
    assert "has no customers" in trouble.message
