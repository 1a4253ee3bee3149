"""What the stages are given is what the release and the environment say."""

from __future__ import annotations

from corner_shop import Shop, VirtualClock

from handbill_runtime.drivers.table import Drivers
from handbill_runtime.ledger.sqlite import SqliteLedger


def test_data_is_read_when_it_is_asked_for(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock
) -> None:
    work = shop.work(ledger, Drivers(), clock)
    shop.customers("id,first_name,email,consent,orders\nzoe,Zoe,zoe@shop.example,,1\n")
    with work.open_customers() as customers:
        assert customers.total == 1
    assert work.environment.name == "test"
    assert set(work.channels) == {"email", "push", "sms", "webhook"}
