"""environments/E.yaml: where a release runs, and what its symbolic names are bound to."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from handbill.schema.models.values import (
    Document,
    Duration,
    Label,
    LocalDatetime,
    Name,
    Prose,
    Rate,
    Secret,
    Share,
    Timezone,
    Url,
    WebUrl,
)

DataRoot: TypeAlias = Annotated[
    str,
    Field(pattern=r"\{tenant\}", json_schema_extra={"x-kind": "data-root"}),
]
Recipient: TypeAlias = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_-]*:\S.*$", json_schema_extra={"x-kind": "recipient"}),
]
"""`channel:address`."""


class DataLocation(Document):
    root: DataRoot


class ProviderDocument(Document):
    """`contract` is a vendor's file below channels/; `secret` names where the secret is kept."""

    contract: Name
    url: Url
    secret: Secret | None = None
    rate: Rate | None = None


class RingDocument(Document):
    """Who gets a change next: tenants by name, members of groups, a stable share of all tenants."""

    name: Name
    tenants: list[Name] | None = Field(default=None, min_length=1)
    groups: list[Name] | None = Field(default=None, min_length=1)
    share: Share | None = None
    hold: Duration | None = None


class HealthyDocument(Document):
    runtimes: Share = "100%"


class RolloutDocument(Document):
    """`hold` is for every ring that has none of its own."""

    rings: list[RingDocument] = Field(min_length=1)
    hold: Duration = "30 minutes"
    healthy: HealthyDocument = HealthyDocument()


class FreezeDocument(Document):
    """Local times of `timezone`; `to` is when publishing goes on."""

    from_: LocalDatetime = Field(alias="from")
    to: LocalDatetime
    timezone: Timezone
    reason: Label
    except_: list[Name] = Field(default_factory=list, alias="except")


class EnvironmentDocument(Document):
    recipients: Literal["seeds", "allowlist", "everyone"] = "seeds"
    allowlist: list[Recipient] = Field(default_factory=list)
    data: DataLocation
    store: Url
    ledger: Url
    public_url: WebUrl
    assets_url: WebUrl
    providers: dict[Name, ProviderDocument]
    rollout: RolloutDocument | None = None
    freeze: list[FreezeDocument] = Field(default_factory=list)
    description: Prose | None = None
