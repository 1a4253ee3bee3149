"""Messages that can be looked at in a browser: the HTML as it was frozen, for as long as links to it live.

Bodies are dropped once a message is final; who writes `{{ view_url }}` into a mail wants its HTML kept
longer. It is compressed, and gone after `KEPT`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from handbill_runtime.ledger.file import LedgerFile, to_ms
from handbill_runtime.ledger.model import Claim

KEPT = timedelta(days=60)
_FAST = 1


class ViewTable(LedgerFile):
    def view(self, identifier: str, now: datetime) -> str | None:
        row = self.db.execute(
            "SELECT page FROM views WHERE until > ? AND message ="
            " (SELECT n FROM messages WHERE id = ?)",
            (to_ms(now), identifier),
        ).fetchone()
        return None if row is None else zlib.decompress(row[0]).decode()

    def keep_views(self, claims: Iterable[Claim], now: datetime) -> None:
        """Inside the transaction that claims; what is over is forgotten by the way."""
        until = to_ms(now + KEPT)
        pages = [(until, _compressed(claim.page), claim.id) for claim in claims if claim.page]
        if pages:
            self.db.execute("DELETE FROM views WHERE until <= ?", (to_ms(now),))
            self.db.executemany(
                "INSERT OR REPLACE INTO views (message, until, page)"
                " SELECT n, ?, ? FROM messages WHERE id = ?",
                pages,
            )


def _compressed(page: str) -> bytes:
    return zlib.compress(page.encode(), _FAST)
