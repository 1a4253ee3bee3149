"""A runtime killed with -9 anywhere: nothing lost, nothing twice, and what is not known is said.

The receivers outlive it and keep their own book; the reconciliation compares book and ledger. Bugs
are planted to see that it would notice.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from corner_shop import Shop

from handbill_runtime.ledger.model import State
from handbill_runtime.ledger.sqlite import SqliteLedger

CHILD = Path(__file__).with_name("crash_child.py")
MAILS, TEXTS = 120, 60


@pytest.fixture
def crowd(shop: Shop) -> Shop:
    shop.campaign(
        "points",
        """
        category: promotions
        status: active
        trigger: {at: 2026-12-05T12:00}
        audience: everyone
        message:
          email: {subject: "Double points", template: mail.html}
          sms: {body: "Double points. Reply STOP to end"}
        """,
    )
    lines = [f"m{n},M,m{n}@shop.example,,email.promotions,1" for n in range(MAILS)]
    lines += [f"t{n},T,,+1518555{n:04},sms.promotions,1" for n in range(TEXTS)]
    shop.customers("id,first_name,email,phone,consent,orders\n" + "\n".join(lines) + "\n")
    return shop


def start(shop: Shop, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(CHILD), str(shop.root), shop.mail_url, shop.http_url, *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(shop: Shop, *options: str) -> int:
    process = start(shop, *options)
    _, errors = process.communicate(timeout=120)
    if process.returncode not in (0, -signal.SIGKILL):
        raise AssertionError(errors)
    return process.returncode


@dataclass(frozen=True)
class Books:
    """What the ledger says beside what arrived, by message id."""

    states: dict[str, str]
    arrived: Counter[str]

    @property
    def twice(self) -> int:
        return sum(1 for count in self.arrived.values() if count > 1)

    @property
    def lost(self) -> int:
        """Accepted but not there, or left in no final state."""
        final = {State.ACCEPTED, State.UNCERTAIN, State.FAILED, State.SUPPRESSED}
        return sum(
            1
            for message, state in self.states.items()
            if state not in final or (state == State.ACCEPTED and message not in self.arrived)
        )

    @property
    def uncertain(self) -> int:
        return sum(1 for state in self.states.values() if state == State.UNCERTAIN)

    @property
    def unknown(self) -> int:
        """Arrived although the ledger says that it was not sent."""
        may_have_left = {State.ACCEPTED, State.UNCERTAIN}
        return sum(1 for one in self.arrived if self.states.get(one) not in may_have_left)


def reconcile(shop: Shop, mail_server: Any, http_server: Any) -> Books:
    ledger = SqliteLedger(shop.root / "ledger.db")
    states = dict(ledger.db.execute("SELECT id, state FROM messages"))
    selected = ledger.db.execute("SELECT count(*) FROM selections").fetchone()[0]
    ledger.close()
    assert selected == len(states) == MAILS + TEXTS  # everyone is accounted for
    arrived = Counter(str(m["Message-ID"]).strip("<>").split("@")[0] for m in mail_server.mails())
    for request in http_server.received:
        assert parse_qs(request.body.decode())["To"]
        arrived[request.headers["X-Message-Id"]] += 1
    return Books(states, arrived)


POINTS = [
    "before:add_run:1",
    "after:add_run:1",
    "after:add_selections:1",
    "after:add_messages:1",
    "before:claim:1",
    "after:claim:1",
    "before:claim:3",
    "before:mark_sending:1",
    "after:mark_sending:1",
    "after:mark_sending:4",
    "before:settle:1",
    "after:settle:1",
    "before:settle:4",
    "after:settle:4",
]


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_every_step(crowd: Shop, mail_server: Any, http_server: Any, point: str) -> None:
    assert run(crowd, "--kill", point) == -signal.SIGKILL
    assert run(crowd) == 0
    books = reconcile(crowd, mail_server, http_server)
    assert (books.lost, books.twice, books.unknown) == (0, 0, 0)
    assert books.uncertain <= 50
    if "settle" not in point and "mark_sending" not in point:
        assert books.uncertain == 0


@pytest.mark.parametrize("mails", [1, 37, 50, 51, 119])
def test_killed_from_outside_while_mails_are_on_their_way(
    crowd: Shop, mail_server: Any, http_server: Any, mails: int
) -> None:
    process = start(crowd)
    assert process.stdout is not None
    pid = int(process.stdout.readline())

    def kill_in_the_middle(address: str) -> str:
        if len(mail_server.received) + 1 == mails and process.poll() is None:
            os.kill(pid, signal.SIGKILL)
            process.wait()
        return "250 queued"

    mail_server.on_data = kill_in_the_middle
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    assert run(crowd) == 0
    books = reconcile(crowd, mail_server, http_server)
    assert (books.lost, books.twice, books.unknown) == (0, 0, 0)
    assert 1 <= books.uncertain <= 50


def test_killed_again_and_again(crowd: Shop, mail_server: Any, http_server: Any) -> None:
    for point in ("after:claim:2", "after:mark_sending:2", "before:settle:1", "after:claim:1"):
        run(crowd, "--kill", point)
    assert run(crowd) == 0
    books = reconcile(crowd, mail_server, http_server)
    assert (books.lost, books.twice, books.unknown) == (0, 0, 0)


@pytest.mark.parametrize(
    ("bug", "point", "found"),
    [
        ("resend", "before:settle:2", "twice"),
        ("network-first", "before:settle:2", "twice"),
        ("accept-early", "after:mark_sending:2", "lost"),
    ],
)
def test_planted_bugs_are_found(
    crowd: Shop, mail_server: Any, http_server: Any, bug: str, point: str, found: str
) -> None:
    assert run(crowd, "--bug", bug, "--kill", point) == -signal.SIGKILL
    assert run(crowd, "--bug", bug) == 0
    books = reconcile(crowd, mail_server, http_server)
    assert getattr(books, found) > 0
