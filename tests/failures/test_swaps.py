"""Two hundred releases swapped into a runtime that sends: each message is what its one plan says."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mail_catcher import MailCatcher
from market import ENVIRONMENT, Market
from processes import PATIENCE, Runtimes, on_publish, until

from handbill.store.receipts import read_receipts

SWAPS, CAMPAIGNS, CUSTOMERS = 200, 8, 60
MESSAGES = CAMPAIGNS * CUSTOMERS


@pytest.fixture
def mails() -> Iterator[MailCatcher]:
    catcher = MailCatcher()
    yield catcher
    catcher.close()


@pytest.fixture
def market(tmp_path: Path, mails: MailCatcher) -> Market:
    market = Market(tmp_path, mails.url, rate="40 per second")
    market.clock.at = datetime.now(UTC)
    market.crowd(CUSTOMERS)
    market.remove("tenants/corner/campaigns/points.yaml")
    return market


@pytest.fixture
def runtimes(market: Market) -> Iterator[Runtimes]:
    running = Runtimes(market)
    yield running
    running.close()


class Editions:
    """Publishes, and remembers which plan says which subject."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.said: dict[str, str] = {}

    def publish(self, number: int) -> int:
        """Edits one campaign, of the first edition all; the sequence that came of it."""
        edited = range(CAMPAIGNS) if number == 0 else [number % CAMPAIGNS]
        for campaign in edited:
            on_publish(self.market, f"edition-{number}-of-{campaign}", f"c{campaign}")
        compiled = self.market.compiled().release
        assert compiled is not None
        for tenant in compiled.release.tenants.values():
            for digest, data in compiled.packs[tenant].items():
                for subject in re.findall(rb'"(edition-\d+-of-\d+)"', data):
                    self.said[digest] = subject.decode()
        return self.market.publish().sequence


def mixed(
    said: Mapping[str, str], plans: Mapping[str, str], subjects: Mapping[str, str]
) -> list[str]:
    """The messages whose subject is not that of the plan they are recorded under. `plans` and
    `subjects` are by message."""
    return [message for message, subject in subjects.items() if said[plans[message]] != subject]


def test_two_hundred_swaps_mix_and_lose_nothing(
    market: Market, runtimes: Runtimes, mails: MailCatcher
) -> None:
    editions = Editions(market)
    editions.publish(0)
    process = runtimes.start()
    until(lambda: len(mails.received) > 10, "the first mails")
    for number in range(1, SWAPS + 1):
        sequence = editions.publish(number)
        until(lambda sequence=sequence: active(market) == sequence, f"swap {number}")
    until(lambda: runtimes.settled(MESSAGES), "all mails")
    process.terminate()
    assert process.wait(PATIENCE) == 0
    assert runtimes.said().count("active: release") == SWAPS + 1
    with closing(sqlite3.connect(market.ledger)) as ledger:
        plans = dict(ledger.execute("SELECT id, plan FROM messages").fetchall())
    subjects = mails.subjects()
    assert len(subjects) == len(mails.received) == MESSAGES == len(plans)
    assert mixed(editions.said, plans, subjects) == []
    one, other = (
        next(each for each in plans if subjects[each].endswith(f"-of-{n}")) for n in (0, 1)
    )
    exchanged = {**subjects, one: subjects[other], other: subjects[one]}
    assert sorted(mixed(editions.said, plans, exchanged)) == sorted([one, other])


def active(market: Market) -> int:
    receipt = read_receipts(market.store, ENVIRONMENT).receipts.get("one")
    return receipt.active.sequence if receipt and receipt.active else 0
