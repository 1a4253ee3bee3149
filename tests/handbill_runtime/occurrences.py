"""What tests of selecting and delivering share: campaigns that fire, and who was written to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from market import Market, Running

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = datetime(2026, 12, 4, 14, 0, tzinfo=UTC)
"""9:00 on a Friday in New York."""


def subjects(mail_server: Any) -> list[str]:
    return [str(mail["Subject"]) for mail in mail_server.mails()]


def recipients(mail_server: Any) -> list[str]:
    return sorted(address for address, _ in mail_server.received)


def daily(market: Market, hour: int = 10, more: str = "", name: str = "points") -> None:
    market.points(
        f"trigger: {{cron: '0 {hour} * * *', timezone: tenant}}\nreentry: always\n{more}", name
    )


def three_tenants(market: Market) -> Market:
    """Corner, north and south, each with a campaign at noon, published."""
    for name in ("north", "south"):
        market.tenant(name)
        market.points("trigger: {at: 2026-12-05T12:00}", tenant=name)
    market.points("trigger: {at: 2026-12-05T12:00}")
    market.publish()
    return market


def tenants(running: Running) -> set[str]:
    """Those of whom something was sent."""
    rows = running.ledger.db.execute("SELECT DISTINCT tenant FROM messages WHERE state='accepted'")
    return {name for (name,) in rows}
