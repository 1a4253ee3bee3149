"""Runs and the selections they made, in SQLite."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from handbill_runtime.errors import LedgerFault
from handbill_runtime.ledger.file import LedgerFile, from_ms, json_list, to_ms
from handbill_runtime.ledger.model import (
    Entry,
    NewMessage,
    Occurrence,
    Run,
    Selection,
    State,
    Touch,
)


class SelectionTables(LedgerFile):
    def runs_of(self, occurrence: Occurrence) -> Sequence[Run]:
        rows = self.db.execute(
            "SELECT zone, campaign, plan, due_at, started_at, run_date, not_included, complete"
            " FROM runs WHERE occurrence = ? ORDER BY id",
            (self.occurrence_number(occurrence),),
        )
        return [
            Run(
                occurrence, zone, campaign, plan, from_ms(due), from_ms(started),
                date.fromisoformat(day), count, bool(complete),
            )
            for zone, campaign, plan, due, started, day, count, complete in rows
        ]  # fmt: skip

    def occurrences_of(self, tenant: str, identity: str) -> Sequence[str]:
        rows = self.db.execute(
            "SELECT name FROM occurrences WHERE tenant = ? AND identity = ? ORDER BY id",
            (tenant, identity),
        )
        return [name for (name,) in rows]

    def add_run(self, run: Run) -> int:
        key = run.occurrence
        with self.writing():
            self.db.execute(
                "INSERT OR IGNORE INTO occurrences (tenant, identity, name) VALUES (?, ?, ?)",
                (key.tenant, key.identity, key.name),
            )
            row = self.db.execute(
                "INSERT INTO runs (occurrence, zone, campaign, plan, due_at, started_at, run_date)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (occurrence, zone) DO UPDATE"
                " SET campaign = excluded.campaign, plan = excluded.plan WHERE NOT complete"
                " RETURNING id",
                (
                    self.occurrence_number(key), run.zone, run.campaign, run.plan,
                    to_ms(run.due_at), to_ms(run.started_at), run.run_date.isoformat(),
                ),
            ).fetchone()  # fmt: skip
        if row is None:
            raise LedgerFault("HB903", f"{key} has already run in zone `{run.zone}`")
        return int(row[0])

    def complete_run(self, run: int, not_included: int) -> None:
        with self.writing():
            self.db.execute(
                "UPDATE runs SET not_included = ?, complete = 1 WHERE id = ?", (not_included, run)
            )

    def add_selections(self, run: int, selections: Iterable[Selection]) -> None:
        with self.writing():
            (occurrence,) = self._run_parts(run)[:1]
            self.db.executemany(
                "INSERT INTO selections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        occurrence, row.customer, run, row.zone, row.verdict, row.reason,
                        row.channel, row.variant, row.snapshot,
                    )
                    for row in selections
                ),
            )  # fmt: skip

    def add_messages(self, run: int, messages: Iterable[NewMessage]) -> None:
        with self.writing():
            occurrence, tenant, plan = self._run_parts(run)
            self.db.executemany(
                "INSERT INTO messages (id, occurrence, run, tenant, customer, zone, channel, step,"
                " address, address_key, variant, locale, marketing, plan, state, reason, due_at,"
                " expires_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (
                        row.id, occurrence, run, tenant, row.customer, row.zone, row.channel,
                        row.step, row.address, row.address_key, row.variant, row.locale,
                        row.marketing, plan, State.SUPPRESSED if row.reason else State.PLANNED,
                        row.reason, to_ms(row.due_at), to_ms(row.expires_at),
                    )
                    for row in messages
                ),
            )  # fmt: skip

    def _run_parts(self, run: int) -> tuple[int, str, str]:
        row = self.db.execute(
            "SELECT o.id, o.tenant, r.plan FROM runs r JOIN occurrences o ON o.id = r.occurrence"
            " WHERE r.id = ?",
            (run,),
        ).fetchone()
        return row[0], row[1], row[2]

    def already_selected(self, occurrence: Occurrence, customers: Collection[str]) -> set[str]:
        rows = self.db.execute(
            "SELECT customer FROM selections WHERE occurrence = ?"
            " AND customer IN (SELECT value FROM json_each(?))",
            (self.occurrence_number(occurrence), json_list(customers)),
        )
        return {customer for (customer,) in rows}

    def taken_addresses(
        self, occurrence: Occurrence, channel: str, step: str, keys: Collection[str]
    ) -> set[str]:
        rows = self.db.execute(
            "SELECT address_key FROM messages WHERE occurrence = ? AND channel = ? AND step = ?"
            " AND address_key IN (SELECT value FROM json_each(?)) AND state <> 'suppressed'",
            (self.occurrence_number(occurrence), channel, step, json_list(keys)),
        )
        return {key for (key,) in rows}

    def entries(self, occurrence: Occurrence, customers: Collection[str]) -> Mapping[str, Entry]:
        rows = self.db.execute(
            "SELECT m.customer, max(m.state IN ('planned', 'claimed', 'sending')), max(m.sent_at)"
            " FROM messages m JOIN occurrences o ON o.id = m.occurrence"
            " WHERE m.tenant = ? AND m.customer IN (SELECT value FROM json_each(?))"
            " AND o.identity = ? AND o.name <> ?"
            " AND m.state IN ('planned', 'claimed', 'sending', 'accepted', 'uncertain')"
            " GROUP BY m.customer",
            (occurrence.tenant, json_list(customers), occurrence.identity, occurrence.name),
        )
        return {
            customer: Entry(bool(pending), None if sent is None else from_ms(sent))
            for customer, pending, sent in rows
        }

    def recent(
        self, tenant: str, customers: Collection[str], since: datetime
    ) -> Mapping[str, Sequence[Touch]]:
        rows = self.db.execute(
            "SELECT customer, channel, state, sent_at FROM messages"
            " WHERE tenant = ? AND customer IN (SELECT value FROM json_each(?)) AND marketing"
            " AND (state IN ('claimed', 'sending')"
            "      OR (state IN ('accepted', 'uncertain') AND sent_at > ?))",
            (tenant, json_list(customers), to_ms(since)),
        )
        found: dict[str, list[Touch]] = defaultdict(list)
        for customer, channel, state, sent in rows:
            in_hand = state in (State.CLAIMED, State.SENDING)
            found[customer].append(Touch(channel, None if in_hand else from_ms(sent)))
        return found
