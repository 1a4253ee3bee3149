"""tests/X.yaml of a tenant: made-up customers, a moment, and what must come of them; and the platform's
personas/P.yaml, customers that several tests share.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from handbill.schema.models.values import (
    Constant,
    Document,
    FieldName,
    Label,
    LocalDatetime,
    Name,
    Prose,
)

CustomerId: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,39}$",
        json_schema_extra={"x-kind": "label"},
    ),
]
PartName: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)?$",
        json_schema_extra={"x-kind": "field-path"},
    ),
]
"""`subject`, or with the channel `email.subject`."""
Words: TypeAlias = Annotated[
    str, Field(min_length=1, max_length=100_000, json_schema_extra={"x-kind": "prose"})
]
Wording: TypeAlias = Words | Annotated[list[Words], Field(min_length=1)]
Wordings: TypeAlias = Wording | Annotated[dict[PartName, Wording], Field(min_length=1)]
Row: TypeAlias = dict[FieldName, Constant]
Rows: TypeAlias = dict[Name, list[Row]]
"""Dataset → its rows."""


class PersonaDocument(Document):
    """A customer by name. `data` are rows of theirs; the column that holds the customer is filled in."""

    description: Prose | None = None
    customer: Row = Field(min_length=1)
    data: Rows = Field(default_factory=dict)


class Sent(Document):
    """What the customer was sent before: it counts for caps and for `reentry`."""

    campaign: Name
    channel: Name
    at: LocalDatetime


class ExpectationDocument(Document):
    """What must come of one customer. Only what is written is compared."""

    selected: bool | None = None
    """Whether a message goes out to them."""
    because: Label | None = None
    """What decided that none does: `audience.include`, `audience.exclude.NAME`, or a reason."""
    channel: Name | Annotated[list[Name], Field(min_length=1)] | None = None
    variant: Name | None = None
    offer: Name | None = None
    at: LocalDatetime | None = None
    """When the first message leaves, in the customer's time."""
    locale: Label | None = None
    contains: Wordings | None = None
    lacks: Wordings | None = None
    text: Annotated[dict[PartName, Words], Field(min_length=1)] | None = None
    """Part → every word of it."""
    segments: int | None = Field(default=None, ge=1, le=20)
    """How many SMS the text costs."""
    snapshot: bool | None = None
    """Whether the messages must be those stored in tests/snapshots/."""


class CampaignTestDocument(Document):
    """`now` is when the campaign runs: in the customers' time where its trigger goes by that. `data`
    takes the place of the tenant's datasets. `sent` and `stopped` are what happened before: customer →
    messages, customer → the channels they unsubscribed from."""

    campaign: Name
    description: Prose | None = None
    now: LocalDatetime
    holdouts: bool = False
    """Whether control groups count."""
    customers: dict[CustomerId, dict[FieldName, Constant]] = Field(min_length=1)
    data: Rows = Field(default_factory=dict)
    sent: dict[CustomerId, Annotated[list[Sent], Field(min_length=1)]] = Field(default_factory=dict)
    stopped: dict[CustomerId, Annotated[list[Name], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    expect: dict[CustomerId, ExpectationDocument] = Field(min_length=1)
