"""The runtime's ledger against the receivers' books: what was lost, what came twice."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Message ids, counted. `unknown` arrived without the ledger having them as sent."""

    accepted: int
    received: int
    lost: int
    twice: int
    unknown: int

    @property
    def clean(self) -> bool:
        return self.lost == self.twice == self.unknown == 0

    def __str__(self) -> str:
        return (
            f"{self.accepted} accepted by the ledger, {self.received} in the receivers' books: "
            f"lost {self.lost}, twice {self.twice}, unknown {self.unknown}"
        )


def reconcile(ledger: Path, books: Iterable[Counter[str]]) -> Reconciliation:
    """Compares the ledger's accepted messages with all that the receivers wrote down."""
    received: Counter[str] = Counter()
    for book in books:
        received.update(book)
    with closing(sqlite3.connect(f"{ledger.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT id FROM messages WHERE state = 'accepted'")
        accepted = {row[0] for row in rows.fetchall()}
    return Reconciliation(
        accepted=len(accepted),
        received=received.total(),
        lost=len(accepted - received.keys()),
        twice=sum(1 for count in received.values() if count > 1),
        unknown=len(received.keys() - accepted),
    )
