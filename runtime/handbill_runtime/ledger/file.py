"""One open ledger file: WAL, synchronous=FULL, so that a commit is a durable commit.

Holds what the other modules of the ledger share: the connection, the lease, transactions that may
be nested, the log of outcomes, and times as milliseconds.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from handbill_runtime.errors import LeaseFault, LedgerFault
from handbill_runtime.foreign import foreign_text
from handbill_runtime.ledger.lease import Lease
from handbill_runtime.ledger.model import LedgerIdentity, Occurrence
from handbill_runtime.ledger.tables import SCHEMA_VERSION, TABLES

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def json_list(values: Collection[str]) -> str:
    return json.dumps(list(values))


def to_ms(at: datetime) -> int:
    return (at - EPOCH) // MILLISECOND


def from_ms(ms: int) -> datetime:
    return EPOCH + ms * MILLISECOND


def _refuse_missing(path: Path, create: bool) -> None:
    """A missing folder is a disk that is not mounted, or a mistyped path."""
    if path.exists():
        return
    if not create:
        raise LedgerFault("HB902", f"the ledger {path} is missing", "put it back")
    if not path.parent.is_dir():
        raise LedgerFault(
            "HB902",
            f"cannot open the ledger {path}: there is no folder {path.parent}",
            "mount its disk, or make the folder; the ledger itself is made at the first start",
        )


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


class LedgerFile:
    """One open ledger: its lease, its transactions, its log. One object per thread."""

    def __init__(self, path: Path, create: bool = True, beside: LedgerFile | None = None) -> None:
        """`beside`: the connection of another thread of this process, whose lease counts for both."""
        self.path = path = Path(os.path.realpath(path))
        self.lease: Lease = beside.lease if beside else Lease(_beside(path, ".lease"))
        self._is_second = beside is not None
        self._turn: threading.Lock = beside._turn if beside else threading.Lock()
        """Of the threads that write. SQLite alone makes one wait by sleeping, and may starve it."""
        self._depth = 0
        _refuse_missing(path, create)
        try:
            self.db = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise LedgerFault("HB902", f"cannot open the ledger {path}: {error}") from error

    def _prepare(self) -> None:
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("PRAGMA foreign_keys = ON")
        version = self.db.execute("PRAGMA user_version").fetchone()[0]
        if version == SCHEMA_VERSION:
            return
        if version > SCHEMA_VERSION:
            raise LedgerFault(
                "HB902",
                f"the ledger {self.path} was made by a newer Handbill (format {version})",
                "upgrade this runtime",
            )
        with self.transaction():
            for statement in TABLES.split(";"):
                self.db.execute(statement)
            self.db.execute("INSERT OR IGNORE INTO meta VALUES ('secret', ?)", (os.urandom(32),))
            self._name()
            self.db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _name(self) -> None:
        """Ledgers of the first days have no id yet."""
        self.db.executemany(
            "INSERT OR IGNORE INTO meta VALUES (?, ?)",
            [("id", os.urandom(16).hex()), ("generation", 0)],
        )

    # ── whose it is ──────────────────────────────────────────────────────────────────────────────

    def take_lease(self, holder: str, now: datetime) -> int:
        self.lease.take(holder)
        with self.writing():
            self._name()
            self.db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
            rows = self.db.execute(
                "SELECT id, provider FROM messages WHERE state = 'sending'"
            ).fetchall()
            self.db.execute(
                "UPDATE messages SET state = 'uncertain', reason = 'interrupted', settled_at = ?"
                " WHERE state = 'sending'",
                (to_ms(now),),
            )
            self.log(
                (identifier, now, "uncertain", provider, "the runtime died while sending")
                for identifier, provider in rows
            )
        return len(rows)

    def release_lease(self) -> None:
        self.lease.release()

    def close(self) -> None:
        if not self._is_second:
            self.release_lease()
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._depth:
            yield
            return
        with self._turn:
            self.db.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            else:
                self.db.execute("COMMIT")
            finally:
                self._depth = 0

    @contextmanager
    def writing(self) -> Iterator[None]:
        if not self.lease.held:
            raise LeaseFault("HB901", f"this runtime does not hold the lease of {self.path}")
        with self.transaction():
            yield

    def identity(self) -> LedgerIdentity:
        rows = dict(
            self.db.execute("SELECT key, value FROM meta WHERE key IN ('id', 'generation')")
        )
        return LedgerIdentity(rows.get("id", ""), rows.get("generation", 0))

    def secret(self) -> bytes:
        row = self.db.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()
        return bytes(row[0])

    def occurrence_number(self, occurrence: Occurrence) -> int | None:
        row = self.db.execute(
            "SELECT id FROM occurrences WHERE tenant = ? AND identity = ? AND name = ?",
            (occurrence.tenant, occurrence.identity, occurrence.name),
        ).fetchone()
        return row[0] if row else None

    def log(self, rows: Iterable[tuple[str, datetime, str, str, str]]) -> None:
        self.db.executemany(
            "INSERT INTO outcomes (message, at, kind, provider, detail) VALUES (?, ?, ?, ?, ?)",
            [
                (message, to_ms(at), kind, where, foreign_text(text))
                for message, at, kind, where, text in rows
            ],
        )
