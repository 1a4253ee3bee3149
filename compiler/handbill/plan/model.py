"""The contract between compiler and runtime: every object that a release is made of.

One object per campaign, tenant, channel, git table, environment and release, linked by digest like
a Merkle tree. No time, path, host, commit or compiler version inside: the same effective
configuration gives the same digest on any machine. No floats, ASCII keys, bounded integers, so that
canonical bytes are RFC 8785. Optional things are absent, never null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from handbill.plan.ir import Expression, Op
from handbill.plan.types import Type

PLAN_FORMAT = 1
Digest: TypeAlias = str
"""`sha256:` and 64 lower-case hexadecimal digits."""

MILLION = 1_000_000
"""Shares are parts per million: 10% is 100_000."""


class PlanStruct(
    msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True
):
    pass


# ── one campaign ─────────────────────────────────────────────────────────────────────────────────


class AtTrigger(
    PlanStruct, frozen=True, kw_only=True, omit_defaults=False, tag_field="kind", tag="at"
):
    """Once, at a local date-time (`2026-12-05T10:00`)."""

    at: str
    timezone: Literal["tenant", "customer"] = "customer"
    missed: Literal["late", "skip"] = "late"


class CronTrigger(
    PlanStruct, frozen=True, kw_only=True, omit_defaults=False, tag_field="kind", tag="cron"
):
    """A five-field cron expression in local time."""

    cron: str
    timezone: Literal["tenant", "customer"] = "customer"
    missed: Literal["late", "skip"] = "late"


class PublishTrigger(PlanStruct, frozen=True, kw_only=True, tag_field="kind", tag="publish"):
    """Once, when the campaign's name first becomes active."""


Trigger: TypeAlias = AtTrigger | CronTrigger | PublishTrigger


class Category(PlanStruct, frozen=True, kw_only=True):
    """`consent` is the rule for channels in general, `sms_consent` the one for sms where it differs.

    Rules: opt_in (listed in the customer's consent and not in declined), opt_out (not in declined),
    requested (asked for by this event or list), not-stopped (no STOP or unsubscribe from
    everything), none. Marketing never goes to who declined it, whatever the rule.
    """

    name: str
    kind: Literal["marketing", "transactional", "safety"]
    consent: Literal["opt_in", "opt_out", "requested", "not-stopped", "none"]
    sms_consent: Literal["opt_in", "opt_out", "requested", "not-stopped", "none"]


class Audience(PlanStruct, frozen=True, kw_only=True):
    """A customer is in when `include` holds and no `exclude` does (each named, for the reason)."""

    include: Expression
    exclude: Mapping[str, Expression] = {}
    limit: int | None = None
    rank: Expression | None = None
    """Highest first where `limit` cuts; ties by customer id."""


class FieldNeed(PlanStruct, frozen=True, kw_only=True):
    """A customer field the plan reads: path without the root, ("store", "name").

    The type of a relation, or of a list of objects, has the members that are needed and no others.
    """

    path: tuple[str, ...]
    type: Type


class Rate(PlanStruct, frozen=True, kw_only=True):
    """At most `count` in any rolling `seconds`."""

    count: int
    seconds: int


class Window(PlanStruct, frozen=True, kw_only=True):
    """Local minutes of the day, start inclusive, end exclusive; start > end passes midnight."""

    start: int
    end: int


class Reentry(PlanStruct, frozen=True, kw_only=True):
    """`again`: never, always, or after `seconds`."""

    again: Literal["never", "always", "after"]
    seconds: int = 0


class Holdout(PlanStruct, frozen=True, kw_only=True):
    """Parts per million held out; the two are independent, each with its own salt."""

    across: int = 0
    """The tenant's global holdout, salt `holdout/<tenant>`."""
    campaign: int = 0
    """The campaign's own, salt `holdout/<tenant>/<identity>`."""


class OfferChoice(PlanStruct, frozen=True, kw_only=True):
    """First match wins; the choice's place from 1 is the context field ("offer", "index").

    `not_after` is the last local date on which the offer may still be sent.
    """

    offer: str
    when: Expression | None = None
    not_after: str | None = None


Parts: TypeAlias = Mapping[str, tuple[Op, ...]]
"""Part name (subject, html, text, title, body, …) → template."""


class Content(PlanStruct, frozen=True, kw_only=True):
    """One message on one channel, in every locale of the plan."""

    locales: Mapping[str, Parts]


class Variant(PlanStruct, frozen=True, kw_only=True):
    """One alternative of the experiment; a campaign without one has a single variant `only`."""

    name: str
    weight: int
    offers: tuple[OfferChoice, ...]
    messages: Mapping[str, Mapping[str, Content]]
    """Message name → channel → content. Without steps only `main` is sent."""


class Sender(PlanStruct, frozen=True, kw_only=True):
    """How this campaign sends on one channel: providers in order of preference, by name, and the
    recipient's local time in which it may."""

    providers: tuple[str, ...]
    sender: str
    """The From of the channel: an RFC 5322 mailbox, an E.164 number, or empty."""
    workspace: str = ""
    windows: tuple[Window, ...] = ()
    """Allowed local hours; none means always."""
    quiet_hours: tuple[Window, ...] = ()
    """Local hours in which nothing is sent."""
    expires_seconds: int
    """Later than this after its due time, a message is not sent."""
    caps: tuple[Rate, ...] = ()
    """Caps that count this channel's messages only."""


class Deliver(PlanStruct, frozen=True, kw_only=True):
    """`first`: the first channel in `order` that can be reached; `all`: every one."""

    mode: Literal["first", "all"]
    order: tuple[str, ...]


class Plan(PlanStruct, frozen=True, kw_only=True, tag_field="object", tag="plan"):
    format: int
    operations: int
    cases: str
    """Version of the case table that LOWER and UPPER use."""
    tenant: str
    campaign: str
    identity: str
    """The campaign's name, or the oldest in `was`: what sends are remembered under."""
    status: Literal["active", "paused"]
    category: Category
    priority: int = 50
    """0 to 100; where caps are short, the higher goes first."""
    timezone: str
    starts: str | None = None
    ends: str | None = None
    trigger: Trigger
    audience: Audience
    fields: tuple[FieldNeed, ...]
    """Customer fields that the row holds, in this order."""
    reentry: Reentry
    caps: tuple[Rate, ...] = ()
    """Each counts all marketing messages to the customer, of every campaign of the tenant."""
    holdout: Holdout
    salt: str
    """Assignment salt of the experiment."""
    variants: tuple[Variant, ...]
    deliver: Deliver
    senders: Mapping[str, Sender]
    """Channel → how; every channel of the messages has one."""
    locales: tuple[str, ...]
    """The first is the fallback."""
    fallbacks: Mapping[str, str] = {}
    """Locale of customers that the plan does not have → the one of its own that they get."""
    assets: tuple[str, ...] = ()
    """Names of the pictures that its messages show, each the SHA-256 of its bytes in hexadecimal
    digits, a dot and its kind: `("assets_url",)`, a slash and the name are its address."""


# ── one tenant ───────────────────────────────────────────────────────────────────────────────────


class RelationTo(PlanStruct, frozen=True, kw_only=True):
    """A column that is no column of the file: the rows of `dataset` that belong to the customer.

    `key` are the columns of `dataset` that hold the customer's key; `time` orders and dates its rows.
    """

    dataset: str
    key: tuple[str, ...]
    time: str | None = None


class Column(PlanStruct, frozen=True, kw_only=True):
    """`required`: a row without a valid value is quarantined. `references` names a dataset.

    With a `relation` the type is a list of objects; who has more rows than it may hold is
    quarantined.
    """

    name: str
    type: Type
    required: bool = False
    references: str | None = None
    relation: RelationTo | None = None


class Dataset(PlanStruct, frozen=True, kw_only=True):
    """A declared table. `table` is the digest of a git table, else the file is `<name>.parquet`
    (or .csv) below the environment's data root."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    table: Digest | None = None
    fresh_seconds: int | None = None
    addresses: Mapping[str, str] = {}
    """Channel → the column that holds the address (customers only)."""


class Table(PlanStruct, frozen=True, kw_only=True, tag_field="object", tag="table"):
    """A small table kept in git: canonical text cells, sorted by key; None where a cell is empty."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]


class Tenant(PlanStruct, frozen=True, kw_only=True, tag_field="object", tag="tenant"):
    """Links a tenant's plans and tables; `plans` is campaign name → digest."""

    name: str
    display_name: str
    locale: str
    timezone: str
    postal_address: str
    seeds: tuple[str, ...]
    """`channel:address`: who receives where the environment's recipients are seeds."""
    channels: tuple[str, ...] = ()
    """Every channel of the release, and below every category that the tenant may use: with a dot
    between, what customers agree to and decline."""
    categories: tuple[str, ...] = ()
    datasets: Mapping[str, Dataset]
    plans: Mapping[str, Digest]
    assets: tuple[str, ...] = ()
    """The assets of all its plans; the store holds them as files of their own."""


# ── channels ─────────────────────────────────────────────────────────────────────────────────────


class PartContract(PlanStruct, frozen=True, kw_only=True):
    kind: Literal["text", "html", "url", "image", "int", "enum"]
    maximum: int | None = None
    max_segments: int | None = None
    """The text is sent as SMS, and may cost so many of them."""
    required: bool = False


class BodyLiteral(PlanStruct, frozen=True, kw_only=True, tag_field="kind", tag="literal"):
    value: bool | int | str | None


class BodyText(PlanStruct, frozen=True, kw_only=True, tag_field="kind", tag="text"):
    """A string made at send time. Left out of its object where a part in `needs` is absent."""

    text: tuple[Op, ...]
    needs: tuple[str, ...] = ()


class BodyObject(PlanStruct, frozen=True, kw_only=True, tag_field="kind", tag="object"):
    """Left out of its parent when all its members were."""

    members: Mapping[str, BodyTemplate]


class BodyArray(PlanStruct, frozen=True, kw_only=True, tag_field="kind", tag="array"):
    items: tuple[BodyTemplate, ...]


BodyTemplate: TypeAlias = BodyLiteral | BodyText | BodyObject | BodyArray


class HttpRequest(PlanStruct, frozen=True, kw_only=True):
    """One request per message. Templates read ("message", "id" | "address" | "tenant" |
    "campaign"), ("parts", NAME), ("sender", "from" | "workspace"), ("provider", "secret");
    `path` is joined to the provider's URL, its holes percent-encoded."""

    method: Literal["POST", "PUT"]
    path: tuple[Op, ...]
    headers: Mapping[str, tuple[Op, ...]]
    encoding: Literal["json", "form"]
    body: BodyObject


class Responses(PlanStruct, frozen=True, kw_only=True):
    """Statuses, as `200`, `2xx` or `500-599`. One that is in none is a failure (4xx) or uncertain.

    `retry` may be tried again; `unreachable` is a hard bounce of the address."""

    accepted: tuple[str, ...]
    retry: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    id_pointer: str | None = None
    """RFC 6901 pointer to the provider's message id in a JSON answer."""


class Vendor(PlanStruct, frozen=True, kw_only=True):
    """How one vendor of a channel is spoken to."""

    driver: Literal["smtp", "http"]
    request: HttpRequest | None = None
    responses: Responses | None = None
    idempotency_header: str | None = None


class Channel(PlanStruct, frozen=True, kw_only=True, tag_field="object", tag="channel"):
    name: str
    parts: Mapping[str, PartContract]
    vendors: Mapping[str, Vendor]
    batch: int = 50
    max_bytes: int | None = None


# ── environment, release, pointer ────────────────────────────────────────────────────────────────


class Provider(PlanStruct, frozen=True, kw_only=True):
    """`contract` is a vendor's name; `secret` a reference (`env:NAME`, `file:PATH`), never a value."""

    contract: str
    url: str
    secret: str | None = None
    rate: Rate | None = None


class Environment(PlanStruct, frozen=True, kw_only=True, tag_field="object", tag="environment"):
    name: str
    recipients: Literal["seeds", "allowlist", "everyone"]
    data_root: str
    """URL with `{tenant}`."""
    store: str
    ledger: str
    public_url: str
    assets_url: str
    providers: Mapping[str, Provider]
    allowlist: tuple[str, ...] = ()


class Release(PlanStruct, frozen=True, kw_only=True, tag_field="object", tag="release"):
    """All plans of one commit: tenant → digest of its Tenant object, channel → of its Channel."""

    format: int
    tenants: Mapping[str, Digest]
    channels: Mapping[str, Digest]


Object: TypeAlias = Plan | Tenant | Table | Channel | Environment | Release
