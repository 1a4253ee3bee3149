"""Suppressions and watermarks, in SQLite."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from handbill_runtime.ledger.file import LedgerFile, from_ms, json_list, to_ms
from handbill_runtime.ledger.model import Suppression


class SuppressionTables(LedgerFile):
    def suppress(self, suppressions: Iterable[Suppression]) -> None:
        with self.transaction():
            self.db.executemany(
                "INSERT OR IGNORE INTO suppressions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        row.tenant, row.subject, row.value, row.channel, row.cause, row.scope,
                        row.category, to_ms(row.at), row.message,
                    )
                    for row in suppressions
                ],
            )  # fmt: skip

    def suppressions(
        self, tenant: str, customers: Collection[str], address_keys: Collection[str]
    ) -> Sequence[Suppression]:
        found = []
        for subject, values in (("customer", customers), ("address", address_keys)):
            rows = self.db.execute(
                "SELECT tenant, channel, subject, value, cause, scope, at, category, message"
                " FROM suppressions WHERE tenant = ? AND subject = ?"
                " AND value IN (SELECT value FROM json_each(?))",
                (tenant, subject, json_list(values)),
            )
            found += [_suppression(row) for row in rows]
        return found

    def watermark(self, tenant: str, identity: str, zone: str) -> datetime | None:
        row = self.db.execute(
            "SELECT at FROM watermarks WHERE tenant = ? AND identity = ? AND zone = ?",
            (tenant, identity, zone),
        ).fetchone()
        return from_ms(row[0]) if row else None

    def set_watermark(self, tenant: str, identity: str, zone: str, at: datetime) -> None:
        with self.writing():
            self.db.execute(
                "INSERT INTO watermarks VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET at = max(at, excluded.at)",
                (tenant, identity, zone, to_ms(at)),
            )


def _suppression(row: tuple[Any, ...]) -> Suppression:
    tenant, channel, subject, value, cause, scope, at, category, message = row
    return Suppression(
        tenant, channel, subject, value, cause, scope, from_ms(at), category, message
    )
