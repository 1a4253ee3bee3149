"""What a stand-in provider received, on disk before it answers: one SQLite row per message.

Each receiver process has a book of its own, apart from the runtime's ledger, so that comparing the
two can show a lost or doubled message.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

_TABLE = """
CREATE TABLE IF NOT EXISTS received (
  place INTEGER PRIMARY KEY, message TEXT NOT NULL, channel TEXT NOT NULL, recipient TEXT NOT NULL,
  summary TEXT NOT NULL, body TEXT NOT NULL, sender TEXT NOT NULL DEFAULT '',
  received_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))
"""
_HEADING = "place, received_at, channel, sender, recipient, summary"
_RECEIVED = "message, channel, recipient, summary, body, sender"


@dataclass(frozen=True, slots=True)
class Received:
    """`message` is Handbill's message id as it travelled; `body` the whole message."""

    message: str
    channel: str
    recipient: str
    summary: str
    body: str
    sender: str = ""
    """Whose message it is, where the message tells: a mail's display name, a webhook's tenant."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the inbox. `received_at` is UTC, ISO 8601, to the millisecond."""

    place: int
    received_at: str
    channel: str
    sender: str
    recipient: str
    summary: str


class ReceiptBook:
    """Written by one receiver, read by the demo after (or while) it runs."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute(_TABLE)

    def write(self, received: Received) -> None:
        self._connection.execute(
            f"INSERT INTO received ({_RECEIVED}) VALUES (?,?,?,?,?,?)",
            (
                received.message,
                received.channel,
                received.recipient,
                received.summary,
                received.body,
                received.sender,
            ),
        )

    def counts(self) -> Counter[str]:
        """Message id → how many times it arrived."""
        rows = self._connection.execute("SELECT message, count(*) FROM received GROUP BY message")
        return Counter(dict(rows.fetchall()))

    def all(self) -> list[Received]:
        rows = self._connection.execute(f"SELECT {_RECEIVED} FROM received ORDER BY place")
        return [Received(*row) for row in rows]

    def newest(self, most: int) -> list[Heading]:
        """Newest first; all of them where `most` is -1."""
        rows = self._connection.execute(
            f"SELECT {_HEADING} FROM received ORDER BY place DESC LIMIT ?", (most,)
        )
        return [Heading(*row) for row in rows]

    def one(self, place: int) -> tuple[Heading, Received] | None:
        row = self._connection.execute(
            f"SELECT {_HEADING}, {_RECEIVED} FROM received WHERE place = ?", (place,)
        ).fetchone()
        return None if row is None else (Heading(*row[:6]), Received(*row[6:]))

    def close(self) -> None:
        self._connection.close()
