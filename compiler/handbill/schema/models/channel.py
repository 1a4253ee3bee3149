"""channels/N/channel.yaml and channels/N/VENDOR.yaml: how a channel looks and how vendors are spoken
to. Data only: a new channel needs no code."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field

from handbill.schema.models.limits import Limits
from handbill.schema.models.platform import CategoryClass
from handbill.schema.models.values import Document, Duration, FieldName, Name, Template, Window

PartKind: TypeAlias = Literal["text", "html", "url", "image", "int", "enum"]


class PartDocument(Document):
    """One part of a message. `max`: characters of a text, the largest int."""

    kind: PartKind
    max: int | None = Field(default=None, ge=1)
    warn_over: int | None = Field(default=None, ge=1)
    """Characters of a text beyond which many readers no longer see it: a warning."""
    lead: int | None = Field(default=None, ge=1)
    """Characters that are seen everywhere: what differs from customer to customer begins in them."""
    max_segments: int | None = Field(default=None, ge=1, le=255)
    """Says that the text is sent as SMS, and how many of them it may cost."""
    required: bool = False
    values: list[str] | None = Field(default=None, min_length=1)
    """What an enum may be."""


Duty: TypeAlias = Literal["unsubscribe_link", "postal_address", "alt_text"]
"""What law, providers or readers expect of a message, and what can be proved of it."""


class ChannelDefaults(Document):
    window: Window | None = None
    expires: Duration | None = None
    limits: Limits | None = None


class ChannelDocument(Document):
    """`address` says what the channel's addresses are (email, phone, token, …)."""

    address: Name
    parts: dict[FieldName, PartDocument] = Field(min_length=1)
    max_bytes: int | None = Field(default=None, ge=1)
    must_have: dict[CategoryClass, list[Duty]] = Field(default_factory=dict)
    """By the category's class: what every message has to have, whoever gets it."""
    batch: int = Field(default=50, ge=1, le=50)
    defaults: ChannelDefaults | None = None


BodyValue: TypeAlias = Annotated[Any, Field(json_schema_extra={"x-kind": "body"})]
"""JSON; lowering refuses the numbers that a plan cannot hold."""
StatusRange: TypeAlias = Annotated[
    Annotated[int, Field(ge=100, le=599)]
    | Annotated[str, Field(pattern=r"^([1-5][0-9]{2}(-[1-5][0-9]{2})?|[1-5]xx)$")],
    Field(json_schema_extra={"x-kind": "status"}),
]
"""`200`, `2xx` or `500-599`."""


class RequestDocument(Document):
    """One HTTP request per message: JSON in `body` or a form. Every string may hold holes."""

    method: Literal["POST", "PUT"] = "POST"
    path: Template = ""
    headers: dict[str, Template] = Field(default_factory=dict)
    body: dict[str, BodyValue] | None = None
    form: dict[str, Template] | None = None


class ResponsesDocument(Document):
    accepted: list[StatusRange] = Field(min_length=1)
    retry: list[StatusRange] = Field(default_factory=list)
    unreachable: list[StatusRange] = Field(default_factory=list)
    id: Annotated[str, Field(pattern=r"^(/[^/\s]+)+$")] | None = None
    """JSON pointer to the provider's message id in its answer."""


class VendorDocument(Document):
    driver: Literal["smtp", "http"]
    request: RequestDocument | None = None
    responses: ResponsesDocument | None = None
    idempotency: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")] | None = None
    """The header that carries the message's id."""
