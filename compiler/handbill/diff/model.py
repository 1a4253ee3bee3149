"""What a diff says: two releases compared as what customers get, never as source text.

Values only. `compare` makes them, policies read them, and every renderer (terminal, JSON, Markdown,
HTML) shows them: none recomputes what another shows. Encoded by msgspec, this is the JSON report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import msgspec

from handbill.plan.model import Digest

REPORT_VERSION = 1


class DiffStruct(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    pass


# ── the two sides ────────────────────────────────────────────────────────────────────────────────


class Held(DiffStruct, frozen=True, kw_only=True):
    """A tenant with errors at the base: compared as it was at an earlier commit, the last without."""

    tenant: str
    commit: str


class Side(DiffStruct, frozen=True, kw_only=True):
    """One of the two releases. `label` is what was asked for (`main`, a folder, `store:production`)."""

    label: str
    digest: Digest | None
    """Of the release; None where nothing at all could be compiled."""
    commit: str = ""
    """Full id; empty for a folder."""
    failed: tuple[str, ...] = ()
    """Tenants that have errors there and are in no release of it."""
    instead_of: str = ""
    """The commit that was asked for and does not compile, where `commit` is the last good one."""
    held: tuple[Held, ...] = ()
    """Of `failed`, those that are compared all the same."""


class Subject(DiffStruct, frozen=True, kw_only=True):
    """A campaign of a tenant to which a change happens; a digest is None on the side without it."""

    tenant: str
    campaign: str
    before: Digest | None = None
    after: Digest | None = None
    file: str = ""
    """Its campaign file at head, or at base where head has none; "" where not known (a store)."""


# ── what can change about a campaign ─────────────────────────────────────────────────────────────


class Witness(DiffStruct, frozen=True, kw_only=True):
    """Whether there can be a customer of a kind. `customer` is field → JSON value, checked by
    evaluation; None where the answer is no, or not known."""

    answer: Literal["yes", "no", "unknown"]
    customer: Mapping[str, Any] | None = None


class ClauseChange(DiffStruct, frozen=True, kw_only=True):
    """One rule of an audience: `include`, `exclude.staff`, `limit`, `rank`. Texts are in the
    expression language, printed from the plan; "" where there is none."""

    name: str
    before: str
    after: str


class Moved(DiffStruct, frozen=True, kw_only=True):
    """A customer of the data who joins or leaves, and the clause or gate that decided it."""

    customer: str
    because: str


class AudienceCounts(DiffStruct, frozen=True, kw_only=True):
    """Exact, over one set of customers. `reached` is what is left after consent, suppression, caps
    and holdout; the samples are of at most 10 each, in the order of the ids."""

    before: int
    after: int
    joining: int
    leaving: int
    reached_before: int
    reached_after: int
    joining_sample: tuple[Moved, ...] = ()
    leaving_sample: tuple[Moved, ...] = ()


class AudienceChange(DiffStruct, frozen=True, kw_only=True, tag_field="aspect", tag="audience"):
    relation: Literal["equal", "widened", "narrowed", "disjoint", "mixed", "unknown"]
    """How the audience after lies to the one before, proved."""
    lost: Witness
    gained: Witness
    kept: Witness
    clauses: tuple[ClauseChange, ...]
    counts: AudienceCounts | None = None


class Stretch(DiffStruct, frozen=True, kw_only=True):
    """A piece of a word diff, in reading order."""

    kind: Literal["same", "removed", "added"]
    text: str


class PartDiff(DiffStruct, frozen=True, kw_only=True):
    """One part of a message, as one customer reads it. HTML is compared as its words."""

    part: str
    stretches: tuple[Stretch, ...]


class Rendering(DiffStruct, frozen=True, kw_only=True):
    """One message as one person gets it. `parts` by name (subject, html, text, title, body, …)."""

    persona: str
    """Name of a persona, `example` for a customer that was searched for."""
    variant: str
    channel: str
    locale: str
    parts: Mapping[str, str]
    segments: int | None = None
    """Of an SMS."""
    note: str = ""
    """What a reader must know about it: `would not be selected: audience.include`."""


class TextChange(DiffStruct, frozen=True, kw_only=True):
    """What changes in the written message: the constants, and holes in the language's words
    (`{{ customer.first_name }}`). `where` lists variant and locale of the contents to which it does.
    """

    where: tuple[tuple[str, str], ...]
    parts: tuple[PartDiff, ...]


class RenderingPair(DiffStruct, frozen=True, kw_only=True):
    """The same message to the same person on both sides; None where that side sends none."""

    before: Rendering | None
    after: Rendering | None
    parts: tuple[PartDiff, ...]


class ContentChange(DiffStruct, frozen=True, kw_only=True, tag_field="aspect", tag="content"):
    """The words of one message on one channel. `where` lists variant and locale of every content
    whose operations differ; `texts` says what is written differently there, `pairs` shows what of it
    personas see."""

    message: str
    channel: str
    where: tuple[tuple[str, str], ...]
    texts: tuple[TextChange, ...] = ()
    pairs: tuple[RenderingPair, ...] = ()


class FieldChange(DiffStruct, frozen=True, kw_only=True):
    """A value in the words of the configuration: `limits.per_customer`, `4 per 7 days`; "" = none."""

    field: str
    before: str
    after: str


class TimingChange(DiffStruct, frozen=True, kw_only=True, tag_field="aspect", tag="timing"):
    """When it is sent. `next_*` are the next occurrences as of the diff's `at`, local ISO times of
    `zone` (a zone's name, or `each customer's zone`)."""

    fields: tuple[FieldChange, ...]
    next_before: tuple[str, ...]
    next_after: tuple[str, ...]
    zone: str


class SettingsChange(DiffStruct, frozen=True, kw_only=True, tag_field="aspect", tag="settings"):
    """Everything that is a list of values before and after, by what it is about."""

    about: Literal["experiment", "offer", "limits", "delivery", "lifecycle", "category", "data"]
    fields: tuple[FieldChange, ...]


Aspect: TypeAlias = AudienceChange | ContentChange | TimingChange | SettingsChange


# ── the diff ─────────────────────────────────────────────────────────────────────────────────────


class Entry(DiffStruct, frozen=True, kw_only=True):
    """One change and everybody to whom it happens in the same way.

    started: was a draft, paused, or not there, and is active. stopped: the reverse. added, removed:
    it is not active. changed: its plan differs. The pairs of renderings are of the first subject.
    """

    kind: Literal["added", "removed", "started", "stopped", "changed"]
    subjects: tuple[Subject, ...]
    aspects: tuple[Aspect, ...] = ()
    marketing: bool = True


class SharedChange(DiffStruct, frozen=True, kw_only=True):
    """A change that is no plan's: a tenant's own object (seeds, data, name) or a channel's contract."""

    what: Literal["tenant", "channel", "table"]
    names: tuple[str, ...]
    """Tenants or channels to which it happens in the same way; a table is `tenant/dataset`."""
    fields: tuple[FieldChange, ...]


class Forecast(DiffStruct, frozen=True, kw_only=True):
    """Nothing changes today, but later: what an edit means at a moment after `at`."""

    subject: Subject
    at: str
    """Local ISO time in `zone`."""
    zone: str
    says: str
    """`its last send: it ends on Friday`, …"""


class ReleaseDiff(DiffStruct, frozen=True, kw_only=True):
    """All of it. Tenants with errors on a side are compared where both sides have them, and listed in
    `base.failed` and `head.failed` otherwise."""

    version: int = REPORT_VERSION
    base: Side
    head: Side
    at: str
    """The moment that timing is told from, UTC ISO."""
    entries: tuple[Entry, ...]
    """The weightiest first."""
    shared: tuple[SharedChange, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    plans: int
    """Plans of both releases together, by tenant and campaign."""
    changed: int
    """Of these, how many are in `entries`."""
    identical: int
    """How many have the same digest on both sides."""
    not_compared: tuple[str, ...] = ()
    """Tenants left out of a side because of errors, so that nothing is said of their plans."""
    tenants: tuple[str, ...] = ()
    """Every tenant that a change of this diff reaches."""
