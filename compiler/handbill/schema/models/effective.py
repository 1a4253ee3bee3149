"""A campaign after all layers are merged and the short forms written out: what is compiled.

`message` has become `messages.main`, an audience text its `include`, parameters their values.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Field

from handbill.schema.models.campaign import (
    Deliver,
    OfferField,
    Reentry,
    Status,
    Trigger,
)
from handbill.schema.models.limits import EffectiveLimits, EffectiveLinks
from handbill.schema.models.values import (
    Constant,
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

Parts: TypeAlias = dict[str, Any]
EffectiveMessages: TypeAlias = dict[
    Name, Annotated[dict[Name, Parts], Field(json_schema_extra={"x-kind": "complete-message"})]
]
"""Message name → channel → parts; what the channel requires is there."""
PartialMessages: TypeAlias = dict[
    Name, Annotated[dict[Name, Parts], Field(json_schema_extra={"x-kind": "message"})]
]
"""What a variant changes."""


class EffectiveAudience(Document):
    include: Expr
    exclude: dict[Name, Expr] = Field(default_factory=dict)
    limit: int | None = Field(default=None, ge=1)
    rank: Expr | None = None


class EffectiveVariant(Document):
    weight: int = Field(ge=1, le=1_000_000)
    with_: dict[Name, Constant] = Field(default_factory=dict, alias="with")
    offer: OfferField | None = None
    messages: PartialMessages = Field(default_factory=dict)


class EffectiveExperiment(Document):
    name: Name | None = None
    variants: dict[Name, EffectiveVariant] = Field(min_length=2)


class EffectiveCampaign(Document):
    uses: Name | None = None
    with_: dict[Name, Constant] = Field(default_factory=dict, alias="with")
    status: Status = "draft"
    category: Name
    owner: Prose | None = None
    description: Prose | None = None
    tags: list[Label] = Field(default_factory=list)
    priority: int = Field(default=50, ge=0, le=100)
    starts: LocalDatetime | None = None
    ends: LocalDatetime | None = None
    trigger: Trigger
    audience: EffectiveAudience
    limits: EffectiveLimits = Field(default_factory=EffectiveLimits)
    links: EffectiveLinks = Field(default_factory=EffectiveLinks)
    holdout: Share = "0%"
    """The campaign's own share."""
    reentry: Reentry | None = None
    offer: OfferField | None = None
    messages: EffectiveMessages = Field(min_length=1)
    deliver: Deliver = Deliver()
    window: Window | None = None
    expires: Duration = "24 hours"
    locales: list[Locale] = Field(default_factory=list)
    """Empty: the tenant's."""
    experiment: EffectiveExperiment | None = None
    was: list[Name] = Field(default_factory=list)
