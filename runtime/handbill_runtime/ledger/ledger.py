"""What the stages ask of a ledger. SQLite is the one here; another database fits the same shape.

Durable means: once a call or the enclosing `transaction()` returned, a kill -9 or a power cut does
not lose it. Everything that writes messages needs the lease.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from handbill_runtime.ledger.model import (
    Claim,
    Entry,
    LedgerIdentity,
    Message,
    Move,
    NewMessage,
    Occurrence,
    Outcome,
    Run,
    Selection,
    Settlement,
    Suppression,
    Tally,
    Touch,
)


class Ledger(Protocol):
    # ── whose it is ──────────────────────────────────────────────────────────────────────────────
    def take_lease(self, holder: str, now: datetime) -> int:
        """Become the one runtime that sends; LeaseFault when another is.

        A message that a dead runtime left in `sending` becomes `uncertain`; returns how many did.
        """

    def release_lease(self) -> None: ...

    def close(self) -> None: ...

    def transaction(self) -> AbstractContextManager[None]:
        """All writes inside are durable together or not at all. May be nested."""

    def identity(self) -> LedgerIdentity:
        """Random, made with the ledger; the generation grows whenever the lease is taken."""

    def secret(self) -> bytes:
        """32 random bytes made with the ledger: the key of unsubscribe tokens."""

    # ── runs and selections ──────────────────────────────────────────────────────────────────────
    def occurrences_of(self, tenant: str, identity: str) -> Sequence[str]:
        """The names of the occurrences that have begun, oldest first."""

    def add_run(self, run: Run) -> int:
        """The run's number for `add_selections` and `add_messages`.

        A run that is there and not complete is taken up, under the plan given now and with its own
        date; one that is complete is a LedgerFault.
        """

    def complete_run(self, run: int, not_included: int) -> None:
        """Everyone in the run has a verdict, but for these, who are only counted."""

    def add_selections(self, run: int, selections: Iterable[Selection]) -> None: ...

    def add_messages(self, run: int, messages: Iterable[NewMessage]) -> None: ...

    def already_selected(self, occurrence: Occurrence, customers: Collection[str]) -> set[str]: ...

    def taken_addresses(
        self, occurrence: Occurrence, channel: str, step: str, keys: Collection[str]
    ) -> set[str]: ...

    def entries(self, occurrence: Occurrence, customers: Collection[str]) -> Mapping[str, Entry]:
        """Per customer, what other occurrences of the same campaign sent or are about to send."""

    def recent(
        self, tenant: str, customers: Collection[str], since: datetime
    ) -> Mapping[str, Sequence[Touch]]:
        """Marketing messages per customer that were sent since, or are in hand."""

    # ── messages ─────────────────────────────────────────────────────────────────────────────────
    def waiting_occurrences(self, tenant: str, now: datetime) -> Sequence[Occurrence]:
        """Those with a planned or claimed message that is due."""

    def due(
        self, occurrence: Occurrence, state: str, now: datetime, limit: int
    ) -> Sequence[Message]:
        """Messages in `state` (planned or claimed) that are due, in order of time."""

    def next_due(self, tenant: str | None = None) -> datetime | None:
        """When the next planned or claimed message wants attention."""

    def next_due_of(self, occurrence: Occurrence) -> datetime | None: ...

    def planned_by_others(self, occurrence: Occurrence, plan: str) -> Sequence[Message]:
        """Planned messages of the occurrence that are not of this plan, due or not."""

    def move(self, moves: Iterable[Move]) -> None: ...

    def claim(self, claims: Iterable[Claim], now: datetime) -> None: ...

    def hold(self, waits: Iterable[tuple[str, datetime]]) -> None:
        """(id, until): look at a planned or claimed message again later."""

    def suppress_messages(self, reasons: Iterable[tuple[str, str]], now: datetime) -> None:
        """(id, reason) for planned or claimed messages."""

    def fail_messages(self, reasons: Iterable[tuple[str, str]], now: datetime) -> None:
        """(id, reason) for claimed messages that no provider was asked to send."""

    def mark_sending(self, ids: Collection[str], provider: str, now: datetime) -> None:
        """Durable when it returns: only then may the network be touched."""

    def settle(self, settlements: Iterable[Settlement], provider: str, now: datetime) -> None: ...

    def message(self, identifier: str) -> Message | None: ...

    def view(self, identifier: str, now: datetime) -> str | None:
        """A message as the page that it links to; None where it links to none, or no longer."""

    def outcomes(self, identifier: str) -> Sequence[Outcome]: ...

    def tally(self, occurrence: Occurrence) -> tuple[Sequence[Tally], Sequence[Tally]]:
        """Selections by channel, verdict and reason; messages by channel, state and reason."""

    def runs_of(self, occurrence: Occurrence) -> Sequence[Run]: ...

    # ── suppressions and watermarks ──────────────────────────────────────────────────────────────
    def suppress(self, suppressions: Iterable[Suppression]) -> None:
        """Needs no lease: the unsubscribe endpoint may be another process."""

    def suppressions(
        self, tenant: str, customers: Collection[str], address_keys: Collection[str]
    ) -> Sequence[Suppression]: ...

    def watermark(self, tenant: str, identity: str, zone: str) -> datetime | None: ...

    def set_watermark(self, tenant: str, identity: str, zone: str, at: datetime) -> None: ...
