"""The ledger of a test after its run, read one customer at a time."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handbill.assertions.outcome import EXCLUDE, LIMIT, QUARANTINED, Outcome, SentMessage
from handbill.cli.rehearsal.both_back_ends import LeftOut
from handbill.plan.values import Context
from handbill_runtime.drivers.driver import Envelope
from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.stages.compiled import CompiledPlan
from handbill_runtime.stages.hours import local_of


@dataclass(frozen=True, slots=True)
class _Decided:
    """A row of the ledger's selections."""

    verdict: str
    reason: str
    variant: str
    snapshot: bytes


@dataclass(frozen=True, slots=True)
class _Left:
    """A message of the ledger, accepted or not."""

    id: str
    channel: str
    state: str
    reason: str
    locale: str
    zone: str
    sent_at: datetime.datetime | None


class LedgerReading:
    """What the run of `occurrence` decided; `book` holds what left."""

    def __init__(
        self,
        compiled: CompiledPlan,
        book: Mapping[str, Envelope],
        ledger: SqliteLedger,
        occurrence: Occurrence,
    ) -> None:
        self._compiled = compiled
        self._book = book
        self._run_date = next(
            (run.run_date for run in ledger.runs_of(occurrence)), datetime.date.min
        )
        self._decided = dict(_selections(ledger, occurrence))
        self._messages = list(_messages(ledger, occurrence))

    def outcome(
        self,
        customer: str,
        left_out: LeftOut | None,
        life: str | None,
        quarantined: str,
    ) -> Outcome:
        """`left_out` says what of the audience leaves the customer out, None that no run can use the
        row; `life` that the campaign does not live then."""
        if left_out is None:
            return Outcome(customer, QUARANTINED, f"no good value of {quarantined}")
        if life is not None:
            return Outcome(customer, life)
        decided = self._decided.get(customer)
        if decided is None:
            return Outcome(customer, left_out.by, left_out.note)
        variant = decided.variant
        if decided.verdict != "selected":
            note = left_out.note if left_out.by else ""
            return Outcome(customer, _because(decided.reason), note, variant)
        offer = self._offer(decided)
        mine = [left for name, left in self._messages if name == customer]
        sent = tuple(self._sent(left) for left in mine if left.state == "accepted")
        refused = tuple((left.channel, left.reason) for left in mine if left.state != "accepted")
        because = "" if sent else next((reason for _, reason in refused), "")
        return Outcome(customer, because, "", variant, offer, sent, refused)

    def _sent(self, left: _Left) -> SentMessage:
        assert left.sent_at is not None
        at = local_of(left.sent_at, left.zone)
        return SentMessage(left.channel, left.locale, at, self._book[left.id].parts)

    def _offer(self, decided: _Decided) -> str:
        variant = self._compiled.variant(decided.variant)
        if variant is None or not variant.offers:
            return ""
        row = self._compiled.row(decided.snapshot)
        context: Context = {("run", "date"): self._run_date}
        place = self._compiled.offer_index(decided.variant, row, context)
        return "" if place is None else variant.offers[place - 1].offer


def _because(reason: str) -> str:
    if reason == "limit":
        return LIMIT
    kind, colon, name = reason.partition(":")
    return f"{EXCLUDE}{name}" if colon and kind == "exclude" else reason


def _selections(ledger: SqliteLedger, occurrence: Occurrence) -> Iterator[tuple[str, _Decided]]:
    rows = ledger.db.execute(
        "SELECT customer, verdict, reason, variant, snapshot FROM selections WHERE occurrence = ?",
        (ledger.occurrence_number(occurrence),),
    )
    for customer, verdict, reason, variant, snapshot in rows:
        yield customer, _Decided(verdict, reason, variant, bytes(snapshot))


def _messages(ledger: SqliteLedger, occurrence: Occurrence) -> Iterator[tuple[str, _Left]]:
    rows = ledger.db.execute(
        "SELECT id, customer FROM messages WHERE occurrence = ? ORDER BY n",
        (ledger.occurrence_number(occurrence),),
    ).fetchall()
    for identifier, customer in rows:
        found = ledger.message(identifier)
        assert found is not None
        yield (
            customer,
            _Left(
                identifier, found.channel, str(found.state), found.reason, found.locale,
                found.zone, found.sent_at,
            ),
        )  # fmt: skip
