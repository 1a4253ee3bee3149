"""What delivery hands to a driver and what a driver answers: one answer per envelope, always.

The four answers are what the ledger needs to know. `Retry` promises that the provider did not take
the message; whenever that is not sure the answer is `Uncertain`, and nothing is ever sent again.
Whatever text of a provider an answer holds is cleaned when the answer is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from handbill.plan.model import Vendor
from handbill_runtime.foreign import foreign_text


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A provider, bound: where it is, how it is spoken to, and its secret's value."""

    provider: str
    url: str
    secret: str | None
    vendor: Vendor


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message, rendered. `unsubscribe_url` is "" where the category needs none."""

    id: str
    tenant: str
    campaign: str
    address: str
    sender: str
    workspace: str
    parts: Mapping[str, str]
    unsubscribe_url: str
    date: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    provider_id: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "provider_id", foreign_text(self.provider_id))


@dataclass(frozen=True, slots=True)
class Retry:
    """Surely not taken, and worth another try, not before `after` seconds when given."""

    detail: str
    after: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", foreign_text(self.detail))


@dataclass(frozen=True, slots=True)
class Refused:
    """Surely not taken, for good. `unreachable`: the address itself is dead (a hard bounce)."""

    detail: str
    unreachable: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", foreign_text(self.detail))


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have been taken: never sent again."""

    detail: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "detail", foreign_text(self.detail))


Answer: TypeAlias = Accepted | Retry | Refused | Uncertain


class Driver(Protocol):
    async def deliver(self, endpoint: Endpoint, envelopes: Sequence[Envelope]) -> Sequence[Answer]:
        """One answer per envelope, in their order. Raises nothing but cancellation."""

    async def close(self) -> None:
        """Give back the connections."""
