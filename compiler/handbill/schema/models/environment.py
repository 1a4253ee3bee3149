"""environments/E.yaml: where a release runs, and what its symbolic names are bound to."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from handbill.schema.models.values import Document, Name, Prose, Rate, Secret, Url, WebUrl

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


class EnvironmentDocument(Document):
    recipients: Literal["seeds", "allowlist", "everyone"] = "seeds"
    allowlist: list[Recipient] = Field(default_factory=list)
    data: DataLocation
    store: Url
    ledger: Url
    public_url: WebUrl
    assets_url: WebUrl
    providers: dict[Name, ProviderDocument]
    description: Prose | None = None
