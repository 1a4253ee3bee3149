"""Campaigns as people write them: one file holds some of the fields, layers bring the others.

Every field may also be null, which removes what an outer layer wrote (schema/laws.py says where).
The shape of `message` depends on the repository's channels; schema/message.py composes it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from handbill.schema.models.limits import Limits, Links
from handbill.schema.models.values import (
    Constant,
    Cron,
    Document,
    Duration,
    Expr,
    Label,
    LocalDatetime,
    Locale,
    Name,
    Prose,
    Share,
    Window,
)

Zone: TypeAlias = Literal["customer", "tenant"]
Missed: TypeAlias = Literal["late", "skip"]
Status: TypeAlias = Literal["draft", "active", "paused"]


class AtTrigger(Document):
    """Once, at a local date-time; `publish`: when the campaign first becomes active."""

    at: LocalDatetime | Literal["publish"]
    timezone: Zone = "customer"
    missed: Missed = "late"


class CronTrigger(Document):
    """Repeats: minute, hour, day of the month, month, day of the week."""

    cron: Cron
    timezone: Zone = "customer"
    missed: Missed = "late"


Trigger: TypeAlias = AtTrigger | CronTrigger


class AudienceFields(Document):
    include: Expr | None = None
    exclude: dict[Name, Expr | None] | None = None
    limit: int | None = Field(default=None, ge=1)
    rank: Expr | None = None


class ReentryAfter(Document):
    after: Duration


Reentry: TypeAlias = Literal["never", "always"] | ReentryAfter


class OfferCase(Document):
    """The first whose `when` holds; one without `when` always does and comes last."""

    when: Expr | None = None
    use: Name


OfferField: TypeAlias = Name | Annotated[list[OfferCase], Field(min_length=1)]


class Deliver(Document):
    """`first`: the first channel in `order` that can be reached; `all`: every one."""

    mode: Literal["first", "all"] = "first"
    order: list[Name] | None = Field(default=None, min_length=1)


MessageParts: TypeAlias = Annotated[dict[str, Any], Field(json_schema_extra={"x-kind": "parts"})]
Message: TypeAlias = Annotated[
    dict[Name, MessageParts | None], Field(json_schema_extra={"x-kind": "message"})
]
"""Channel → parts."""


class VariantFields(Document):
    """One alternative: its share of the audience, and what it changes."""

    weight: int = Field(ge=1, le=1_000_000)
    with_: dict[Name, Constant] | None = Field(default=None, alias="with")
    offer: OfferField | None = None
    message: Message | None = None


class ExperimentFields(Document):
    """`name` is the assignment's salt; the campaign's name when absent."""

    name: Name | None = None
    variants: dict[Name, VariantFields] = Field(min_length=2)


class CampaignFields(Document):
    """What a blueprint, a group's defaults for one and a campaign file all may write."""

    with_: dict[Name, Constant] | None = Field(default=None, alias="with")
    category: Name | None = None
    owner: Prose | None = None
    description: Prose | None = None
    tags: list[Label] | None = None
    priority: int | None = Field(default=None, ge=0, le=100)
    """Where caps are short, the higher goes first; 50 when absent."""
    starts: LocalDatetime | None = None
    ends: LocalDatetime | None = None
    trigger: Trigger | None = None
    audience: Expr | AudienceFields | None = None
    limits: Limits | None = None
    links: Links | None = None
    holdout: Share | None = None
    """The campaign's own, independent of the retailer's."""
    reentry: Reentry | None = None
    offer: OfferField | None = None
    message: Message | None = None
    deliver: Deliver | None = None
    window: Window | None = None
    expires: Duration | None = None
    locales: list[Locale] | None = Field(default=None, min_length=1)
    experiment: ExperimentFields | None = None
    was: list[Name] | None = None
    """Old names, oldest first: what was sent under them still counts."""


class CampaignDocument(CampaignFields):
    """campaigns/X.yaml of a tenant or a group."""

    uses: Name | None = None
    status: Status | None = None
