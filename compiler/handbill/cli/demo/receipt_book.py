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
  summary TEXT NOT NULL, body TEXT NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Received:
    """`message` is Handbill's message id as it travelled; `body` the whole message."""

    message: str
    channel: str
    recipient: str
    summary: str
    body: str


class ReceiptBook:
    """Written by one receiver, read by the demo after (or while) it runs."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute(_TABLE)

    def write(self, received: Received) -> None:
        self._connection.execute(
            "INSERT INTO received (message, channel, recipient, summary, body) VALUES (?,?,?,?,?)",
            (
                received.message,
                received.channel,
                received.recipient,
                received.summary,
                received.body,
            ),
        )

    def counts(self) -> Counter[str]:
        """Message id → how many times it arrived."""
        rows = self._connection.execute("SELECT message, count(*) FROM received GROUP BY message")
        return Counter(dict(rows.fetchall()))

    def all(self) -> list[Received]:
        rows = self._connection.execute(
            "SELECT message, channel, recipient, summary, body FROM received ORDER BY place"
        )
        return [Received(*row) for row in rows]

    def newest(self, most: int) -> list[tuple[int, Received]]:
        """(place, message), newest first."""
        rows = self._connection.execute(
            "SELECT place, message, channel, recipient, summary, body FROM received "
            "ORDER BY place DESC LIMIT ?",
            (most,),
        )
        return [(row[0], Received(*row[1:])) for row in rows]

    def one(self, place: int) -> Received | None:
        rows = self._connection.execute(
            "SELECT message, channel, recipient, summary, body FROM received WHERE place = ?",
            (place,),
        )
        row = rows.fetchone()
        return None if row is None else Received(*row)

    def close(self) -> None:
        self._connection.close()
