"""`handbill run` as real processes, and what came of them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from market import ENVIRONMENT, Market

KILLABLE = Path(__file__).with_name("killable_runtime.py")
PATIENCE = 60
"""Seconds until a test gives up; nothing is measured by it."""


def until(condition: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > give_up:
            pytest.fail(f"waited in vain: {what}")
        time.sleep(0.02)


@dataclass
class Runtimes:
    """Starts `handbill run` for a market; ends whatever is left at the end of the test."""

    market: Market
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(
        self, name: str = "one", *options: str, kill: str = "-", bug: str = ""
    ) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(KILLABLE), kill, *([bug] if bug else []), "--", "run"]
        command += ["--store", self.market.store.url, "--env", ENVIRONMENT]
        command += ["--trust", self.market.trust, "--name", name]
        command += ["--state", str(self.market.root / f"state-{name}"), *options]
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        self.started.append(process)
        return process

    def log(self, name: str = "one") -> Path:
        return self.market.root / f"{name}.log"

    def said(self, name: str = "one") -> str:
        return self.log(name).read_text() if self.log(name).exists() else ""

    def states(self) -> dict[str, str]:
        """Message → state, as the ledger has it now."""
        if not self.market.ledger.exists():
            return {}
        with closing(sqlite3.connect(self.market.ledger, timeout=30)) as ledger:
            try:
                return dict(ledger.execute("SELECT id, state FROM messages").fetchall())
            except sqlite3.OperationalError:  # not made yet
                return {}

    def settled(self, count: int) -> bool:
        """Whether every one of `count` messages is in a final state."""
        states = Counter(self.states().values())
        return states.total() == count and not states.keys() & {"planned", "claimed", "sending"}

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()


def on_publish(market: Market, subject: str = "Double points", name: str = "points") -> None:
    """A campaign that is sent as soon as it is active."""
    market.points(
        f"""
        trigger: {{at: publish}}
        message: {{email: {{subject: "{subject}", template: mail.html}}}}
        """,
        name,
    )


def arrived(mail_server: Any) -> Counter[str]:
    return Counter(str(m["Message-ID"]).strip("<>").split("@")[0] for m in mail_server.mails())


def lost_and_twice(runtimes: Runtimes, mail_server: Any) -> tuple[int, int]:
    """Accepted or unfinished but never arrived; arrived more than once."""
    there = arrived(mail_server)
    unfinished = {"planned", "claimed", "sending"}
    lost = sum(
        1
        for message, state in runtimes.states().items()
        if state in unfinished or (state == "accepted" and message not in there)
    )
    return lost, sum(1 for count in there.values() if count > 1)
