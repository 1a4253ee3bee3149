"""A ledger in a real file, and the few records that most tests start from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from handbill_runtime.ledger.model import Claim, NewMessage, Occurrence, Run, Selection
from handbill_runtime.ledger.sqlite import SqliteLedger

NOON = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)
WEEKLY = Occurrence("fresh-fields", "weekly-ad", "2026-12-05T12:00")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    return tmp_path / "state" / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(path)
    opened.take_lease("test", NOON)
    yield opened
    opened.close()


@pytest.fixture
def plan_messages(ledger: SqliteLedger) -> Callable[..., list[str]]:
    """Select customers in an occurrence and plan one mail for each; answers their ids."""

    def plan(
        *customers: str,
        occurrence: Occurrence = WEEKLY,
        at: datetime = NOON,
        marketing: bool = True,
        channel: str = "email",
    ) -> list[str]:
        run = ledger.add_run(
            Run(occurrence, "", occurrence.identity, "sha256:plan", at, at, date(2026, 12, 5))
        )
        ledger.add_selections(
            run,
            [
                Selection(name, "UTC", "selected", "", channel, "only", b'["Ann"]')
                for name in customers
            ],
        )
        messages = [
            NewMessage(
                id=f"{occurrence.identity}/{occurrence.name}/{name}/{channel}",
                customer=name,
                zone="UTC",
                channel=channel,
                step="main:0",
                address=f"{name}@shop.example",
                address_key=f"{name}@shop.example",
                variant="only",
                locale="en-US",
                marketing=marketing,
                due_at=at,
                expires_at=at + timedelta(hours=24),
            )
            for name in customers
        ]
        ledger.add_messages(run, messages)
        return [message.id for message in messages]

    return plan


@pytest.fixture
def claim(ledger: SqliteLedger) -> Callable[..., None]:
    def claim(*ids: str, at: datetime = NOON) -> None:
        ledger.claim(
            [
                Claim(
                    identifier, b'{"subject": "Hi"}', "sha256:plan", "only", "en-US",
                    at + timedelta(hours=24),
                )
                for identifier in ids
            ],
            at,
        )  # fmt: skip

    return claim
