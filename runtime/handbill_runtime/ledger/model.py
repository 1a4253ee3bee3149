"""What the ledger remembers: runs, selections, messages, outcomes and suppressions.

A message goes planned → claimed (body frozen) → sending (durable before the network call) →
accepted | failed | suppressed | uncertain; `MOVES` is the whole of it. Every time is an aware UTC
datetime; the ledger keeps milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, TypeAlias


class State(StrEnum):
    PLANNED = "planned"
    CLAIMED = "claimed"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    UNCERTAIN = "uncertain"


MOVES: Mapping[State, tuple[State, ...]] = {
    State.PLANNED: (State.CLAIMED, State.SUPPRESSED),
    State.CLAIMED: (State.SENDING, State.SUPPRESSED, State.FAILED),
    # back to claimed only when the provider surely did not take it
    State.SENDING: (State.ACCEPTED, State.FAILED, State.UNCERTAIN, State.CLAIMED),
    State.ACCEPTED: (),
    State.FAILED: (),
    State.SUPPRESSED: (),
    State.UNCERTAIN: (),
}
SENT = (State.SENDING, State.ACCEPTED, State.UNCERTAIN)
"""May have reached the customer."""
PENDING = (State.PLANNED, State.CLAIMED)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence of a campaign. `name` is "" for at and publish, else the local date-time."""

    tenant: str
    identity: str
    name: str


@dataclass(frozen=True, slots=True)
class Run:
    """One zone's part of an occurrence; `complete` when everyone in it has a verdict.

    `zone` is "" when the whole tenant is due at once.
    """

    occurrence: Occurrence
    zone: str
    campaign: str
    plan: str
    due_at: datetime
    started_at: datetime
    run_date: date
    not_included: int = 0
    """Customers of the zone whom `include` does not select: only counted."""
    complete: bool = False


Verdict: TypeAlias = Literal["selected", "excluded", "held_out", "suppressed"]


@dataclass(frozen=True, slots=True)
class Selection:
    """What was decided for one customer in an occurrence, and why when nothing will be sent."""

    customer: str
    zone: str
    verdict: Verdict
    reason: str = ""
    channel: str = ""
    variant: str = ""
    snapshot: bytes = b""
    """The customer's row as it was selected, in the order of the plan's fields."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be planned (or, with a `reason`, recorded as suppressed at once)."""

    id: str
    customer: str
    zone: str
    channel: str
    step: str
    address: str
    address_key: str
    """The address as two spellings of it are compared."""
    variant: str
    locale: str
    marketing: bool
    due_at: datetime
    expires_at: datetime
    """The last instant at which it may be sent."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the ledger holds it, with what its occurrence says about it."""

    id: str
    occurrence: Occurrence
    campaign: str
    plan: str
    customer: str
    zone: str
    channel: str
    step: str
    address: str
    address_key: str
    variant: str
    locale: str
    marketing: bool
    state: State
    reason: str
    due_at: datetime
    expires_at: datetime
    run_date: date
    attempts: int
    provider: str
    body: bytes
    sent_at: datetime | None
    snapshot: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """A planned message whose body is now frozen, by which plan, and how long it stays good."""

    id: str
    body: bytes
    plan: str
    variant: str
    locale: str
    expires_at: datetime
    page: str = ""
    """The message as a page, where it holds a link to itself."""


@dataclass(frozen=True, slots=True)
class Move:
    """A planned message under another plan, with the customer's row as that plan reads it."""

    id: str
    plan: str
    variant: str
    locale: str
    address: str
    address_key: str
    marketing: bool
    snapshot: bytes


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of one network call. `retry_at` only with state claimed."""

    id: str
    state: State
    detail: str = ""
    reason: str = ""
    provider_id: str = ""
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LedgerIdentity:
    """Which ledger this is, and how often a runtime has taken it up: a copy stays behind."""

    id: str
    generation: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of a message's history."""

    message: str
    at: datetime
    kind: str
    provider: str
    detail: str


Scope: TypeAlias = Literal["everything", "marketing", "category"]


@dataclass(frozen=True, slots=True)
class Suppression:
    """Nobody is sent to against this list, whatever the tenant's data says.

    A `bounced` address gets nothing of any kind. Otherwise `everything` stops what asks for any
    permission at all, `marketing` all marketing, `category` the one named, each on one channel.
    """

    tenant: str
    channel: str
    subject: Literal["address", "customer"]
    value: str
    """An address key, or a customer id."""
    cause: Literal["unsubscribed", "bounced", "complained"]
    scope: Scope
    at: datetime
    category: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Whether and when a customer got an earlier occurrence of a campaign."""

    pending: bool
    last_sent: datetime | None


@dataclass(frozen=True, slots=True)
class Touch:
    """A marketing message that counts for caps; `sent_at` is None while it is in hand."""

    channel: str
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many selections or messages share one channel, outcome and reason."""

    channel: str
    outcome: str
    reason: str
    count: int
