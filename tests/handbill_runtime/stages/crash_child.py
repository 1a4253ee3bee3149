"""A runtime that the crash tests start and kill: `crash_child.py ROOT MAIL_URL HTTP_URL [options]`.

`--kill before|after:CALL:N` kills it around the N-th call of a ledger method. `--bug NAME` plants a
bug that the reconciliation must find. Prints its pid, then works until done.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from corner_shop import Shop, VirtualClock

from handbill_runtime.drivers.table import Drivers
from handbill_runtime.ledger.file import LedgerFile
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.stages.run import deliver_pending

Method = Callable[..., Any]


def kill_around(when: str, call: str, count: int) -> None:
    original: Method = getattr(SqliteLedger, call)
    calls = 0

    def wrapped(self: SqliteLedger, *arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == count and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = original(self, *arguments, **named)
        if calls == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(SqliteLedger, call, wrapped)


def send_again_what_was_sending() -> None:
    """Recovery that trusts a dead runtime's `sending` not to have left."""

    def take_lease(self: SqliteLedger, holder: str, now: datetime) -> int:
        self.lease.take(holder)
        self.db.execute("UPDATE messages SET state = 'claimed' WHERE state = 'sending'")
        return 0

    LedgerFile.take_lease = take_lease  # type: ignore[method-assign]


def touch_the_network_first() -> None:
    """`sending` is only written down together with the answer."""
    mark, settle = SqliteLedger.mark_sending, SqliteLedger.settle
    later: list[tuple[Any, ...]] = []

    def mark_sending(self: SqliteLedger, *arguments: Any) -> None:
        later.append(arguments)

    def settle_both(self: SqliteLedger, *arguments: Any) -> None:
        while later:
            mark(self, *later.pop())
        settle(self, *arguments)

    SqliteLedger.mark_sending = mark_sending  # type: ignore[method-assign]
    SqliteLedger.settle = settle_both  # type: ignore[method-assign]


def accept_before_sending() -> None:
    """Messages are called accepted when they are about to be sent."""
    mark = SqliteLedger.mark_sending

    def mark_accepted(self: SqliteLedger, ids: Any, provider: str, now: datetime) -> None:
        mark(self, ids, provider, now)
        self.db.executemany(
            "UPDATE messages SET state = 'accepted' WHERE id = ?", [(one,) for one in ids]
        )

    SqliteLedger.mark_sending = mark_accepted  # type: ignore[method-assign]
    SqliteLedger.settle = lambda *arguments: None  # type: ignore[method-assign, assignment]


BUGS = {
    "resend": send_again_what_was_sending,
    "network-first": touch_the_network_first,
    "accept-early": accept_before_sending,
}


async def work(shop: Shop) -> None:
    clock = VirtualClock()
    ledger = SqliteLedger(shop.root / "ledger.db")
    ledger.take_lease(f"child {os.getpid()}", clock.now())
    async with Drivers() as drivers:
        one = shop.work(ledger, drivers, clock)
        await deliver_pending(one)
        await shop.run(one)
    ledger.close()


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("root", type=Path)
    options.add_argument("mail_url")
    options.add_argument("http_url")
    options.add_argument("--kill", default="")
    options.add_argument("--bug", choices=list(BUGS))
    chosen = options.parse_args()
    if chosen.bug:
        BUGS[chosen.bug]()
    if chosen.kill:
        when, call, count = chosen.kill.split(":")
        kill_around(when, call, int(count))
    print(os.getpid(), flush=True)
    asyncio.run(work(Shop(chosen.root, chosen.mail_url, chosen.http_url)))


if __name__ == "__main__":
    main()
