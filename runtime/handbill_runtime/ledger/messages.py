"""The message state machine, in SQLite.

Every move is checked against `MOVES` in the statement itself; one that a message's state forbids
raises LedgerFault HB903 and rolls the whole batch back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from handbill_runtime.errors import LedgerFault
from handbill_runtime.foreign import foreign_text
from handbill_runtime.ledger.file import from_ms, to_ms
from handbill_runtime.ledger.model import (
    MOVES,
    Claim,
    Message,
    Move,
    Occurrence,
    Outcome,
    Settlement,
    State,
    Tally,
)
from handbill_runtime.ledger.tables import MESSAGE_COLUMNS, MESSAGE_SOURCE
from handbill_runtime.ledger.views import ViewTable

FINAL = (State.ACCEPTED, State.SUPPRESSED)
"""States whose body is not needed again."""


def _sources(target: State) -> str:
    """The states from which a message may become `target`, for an IN list."""
    return ", ".join(f"'{state}'" for state, targets in MOVES.items() if target in targets)


class MessageTable(ViewTable):
    def waiting_occurrences(self, tenant: str, now: datetime) -> Sequence[Occurrence]:
        rows = self.db.execute(
            "SELECT tenant, identity, name FROM occurrences WHERE id IN ("
            "   SELECT occurrence FROM messages"
            "   WHERE tenant = ? AND state IN ('planned', 'claimed') AND due_at <= ?)"
            " ORDER BY id",
            (tenant, to_ms(now)),
        )
        return [Occurrence(*row) for row in rows]

    def due(
        self, occurrence: Occurrence, state: str, now: datetime, limit: int
    ) -> Sequence[Message]:
        return self._messages(
            "m.n IN (SELECT n FROM messages WHERE occurrence = ? AND state = ? AND due_at <= ?"
            " AND state IN ('planned', 'claimed') ORDER BY due_at, n LIMIT ?)",
            (self.occurrence_number(occurrence), state, to_ms(now), limit),
        )

    def next_due(self, tenant: str | None = None) -> datetime | None:
        where, arguments = ("tenant = ? AND", (tenant,)) if tenant is not None else ("", ())
        row = self.db.execute(
            f"SELECT min(due_at) FROM messages WHERE {where} state IN ('planned', 'claimed')",
            arguments,
        ).fetchone()
        return None if row[0] is None else from_ms(row[0])

    def next_due_of(self, occurrence: Occurrence) -> datetime | None:
        row = self.db.execute(
            "SELECT min(due_at) FROM messages WHERE occurrence = ?"
            " AND state IN ('planned', 'claimed')",
            (self.occurrence_number(occurrence),),
        ).fetchone()
        return None if row[0] is None else from_ms(row[0])

    def planned_by_others(self, occurrence: Occurrence, plan: str) -> Sequence[Message]:
        return self._messages(
            "m.occurrence = ? AND m.state = 'planned' AND m.plan <> ?",
            (self.occurrence_number(occurrence), plan),
        )

    def move(self, moves: Iterable[Move]) -> None:
        moves = list(moves)
        with self.writing():
            self.db.executemany(
                "UPDATE messages SET plan = ?, variant = ?, locale = ?, address = ?,"
                " address_key = ?, marketing = ? WHERE id = ? AND state = 'planned'",
                [
                    (
                        one.plan,
                        one.variant,
                        one.locale,
                        one.address,
                        one.address_key,
                        one.marketing,
                        one.id,
                    )
                    for one in moves
                ],
            )
            self.db.executemany(
                "UPDATE selections SET snapshot = ?, variant = ? WHERE (occurrence, customer) ="
                " (SELECT occurrence, customer FROM messages WHERE id = ?)",
                [(one.snapshot, one.variant, one.id) for one in moves],
            )

    def claim(self, claims: Iterable[Claim], now: datetime) -> None:
        claims = list(claims)
        with self.writing():
            self._move(
                State.CLAIMED,
                "plan = ?, variant = ?, locale = ?, expires_at = ?",
                [
                    (row.plan, row.variant, row.locale, to_ms(row.expires_at), row.id)
                    for row in claims
                ],
                sources="'planned'",
            )
            self.db.executemany(
                "INSERT INTO bodies SELECT n, ? FROM messages WHERE id = ?",
                [(claim.body, claim.id) for claim in claims],
            )
            self.keep_views(claims, now)
            self.log((claim.id, now, "claimed", "", "") for claim in claims)

    def hold(self, waits: Iterable[tuple[str, datetime]]) -> None:
        with self.writing():
            self.db.executemany(
                "UPDATE messages SET due_at = ? WHERE id = ? AND state IN ('planned', 'claimed')",
                [(to_ms(until), identifier) for identifier, until in waits],
            )

    def suppress_messages(self, reasons: Iterable[tuple[str, str]], now: datetime) -> None:
        self._end_unsent(State.SUPPRESSED, reasons, now)

    def fail_messages(self, reasons: Iterable[tuple[str, str]], now: datetime) -> None:
        self._end_unsent(State.FAILED, reasons, now)

    def _end_unsent(self, target: State, reasons: Iterable[tuple[str, str]], now: datetime) -> None:
        reasons = list(reasons)
        unsent = ", ".join(
            f"'{state}'" for state in (State.PLANNED, State.CLAIMED) if target in MOVES[state]
        )
        with self.writing():
            self._move(
                target,
                "reason = ?, settled_at = ?",
                [(reason, to_ms(now), identifier) for identifier, reason in reasons],
                sources=unsent,
            )
            self.log((identifier, now, target, "", reason) for identifier, reason in reasons)
            if target in FINAL:
                self._drop_bodies([identifier for identifier, _ in reasons])

    def mark_sending(self, ids: Collection[str], provider: str, now: datetime) -> None:
        with self.writing():
            self._move(
                State.SENDING,
                "provider = ?, attempts = attempts + 1, sent_at = ?",
                [(provider, to_ms(now), identifier) for identifier in ids],
            )
            self.log((identifier, now, "sending", provider, "") for identifier in ids)

    def settle(self, settlements: Iterable[Settlement], provider: str, now: datetime) -> None:
        by_state: dict[State, list[Settlement]] = defaultdict(list)
        for settlement in settlements:
            by_state[settlement.state].append(settlement)
        with self.writing():
            for state, group in by_state.items():
                self._move(
                    state,
                    "reason = ?, provider_id = ?, settled_at = ?, due_at = coalesce(?, due_at)",
                    [
                        (
                            row.reason, foreign_text(row.provider_id), to_ms(now),
                            None if row.retry_at is None else to_ms(row.retry_at), row.id,
                        )
                        for row in group
                    ],
                    sources="'sending'",
                )  # fmt: skip
                kind = "retry" if state is State.CLAIMED else str(state)
                self.log((row.id, now, kind, provider, row.detail) for row in group)
                if state in FINAL:
                    self._drop_bodies([row.id for row in group])

    def _move(
        self,
        target: State,
        assignments: str,
        rows: Sequence[tuple[Any, ...]],
        sources: str | None = None,
    ) -> None:
        """Each row ends with the message's id."""
        cursor = self.db.executemany(
            f"UPDATE messages SET state = '{target}', {assignments}"
            f" WHERE id = ? AND state IN ({sources or _sources(target)})",
            rows,
        )
        if rows and cursor.rowcount != len(rows):
            raise LedgerFault(
                "HB903",
                f"{len(rows) - cursor.rowcount} of {len(rows)} messages cannot become {target}",
                "nothing of this batch was written; please report this",
            )

    def _drop_bodies(self, ids: Sequence[str]) -> None:
        self.db.executemany(
            "DELETE FROM bodies WHERE message = (SELECT n FROM messages WHERE id = ?)",
            [(identifier,) for identifier in ids],
        )

    def message(self, identifier: str) -> Message | None:
        found = self._messages("m.id = ?", (identifier,))
        return found[0] if found else None

    def _messages(self, condition: str, arguments: tuple[Any, ...]) -> list[Message]:
        rows = self.db.execute(
            f"SELECT {MESSAGE_COLUMNS} FROM {MESSAGE_SOURCE} WHERE {condition}"
            " ORDER BY m.due_at, m.n",
            arguments,
        )
        return [_message(row) for row in rows]

    def outcomes(self, identifier: str) -> Sequence[Outcome]:
        rows = self.db.execute(
            "SELECT message, at, kind, provider, detail FROM outcomes WHERE message = ? ORDER BY n",
            (identifier,),
        )
        return [Outcome(row[0], from_ms(row[1]), *row[2:]) for row in rows]

    def tally(self, occurrence: Occurrence) -> tuple[Sequence[Tally], Sequence[Tally]]:
        number = self.occurrence_number(occurrence)
        selections = self.db.execute(
            "SELECT channel, verdict, reason, count(*) FROM selections WHERE occurrence = ?"
            " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            (number,),
        )
        messages = self.db.execute(
            "SELECT channel, state, reason, count(*) FROM messages WHERE occurrence = ?"
            " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            (number,),
        )
        return [Tally(*row) for row in selections], [Tally(*row) for row in messages]


def _message(row: tuple[Any, ...]) -> Message:
    """A row of MESSAGE_COLUMNS."""
    (
        identifier, tenant, identity, occurrence, campaign, plan, customer, zone, channel, step,
        address, address_key, variant, locale, marketing, state, reason, due_at,
        expires_at, run_date, attempts, provider, body, sent_at, snapshot,
    ) = row  # fmt: skip
    return Message(
        id=identifier, occurrence=Occurrence(tenant, identity, occurrence),
        campaign=campaign, plan=plan, customer=customer, zone=zone, channel=channel, step=step,
        address=address, address_key=address_key, variant=variant, locale=locale,
        marketing=bool(marketing), state=State(state), reason=reason, due_at=from_ms(due_at),
        expires_at=from_ms(expires_at), run_date=date.fromisoformat(run_date), attempts=attempts,
        provider=provider, body=bytes(body), sent_at=None if sent_at is None else from_ms(sent_at),
        snapshot=bytes(snapshot),
    )  # fmt: skip
