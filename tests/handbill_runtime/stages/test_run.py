from __future__ import annotations

import asyncio
from typing import Any

from corner_shop import Shop, VirtualClock
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.ledger.sqlite import SqliteLedger


def test_a_campaign_reaches_its_customers(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    async def run() -> Any:
        async with Drivers() as drivers:
            return await shop.run(shop.work(ledger, drivers, clock))

    report = asyncio.run(run())
    print(report)
    assert report.selected == 2
    assert report.channels["email"].accepted == 2
    mails = {mail["To"]: mail for mail in mail_server.mails()}
    assert set(mails) == {"ann@shop.example", "bob@shop.example"}
    print(mail_server.mails()[0].as_string())
