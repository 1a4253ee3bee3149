"""The names that policies may use: `plan`, a compiled campaign, and `change`, what happens to it.

They are records of the same language as audiences', so that a misspelt name is told in the same way.
Sizes are 0 where a plan has no such channel; what is written optional here needs a guard.
"""

from __future__ import annotations

from handbill.language.scope import RecordRoot, Scope
from handbill.language.vocabulary.records import Member, Record, object_type
from handbill.plan.types import (
    BoolType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
    Type,
)

PLAN, CHANGE = "plan", "change"
COUNT = IntType(0, 10**12)
NAME = StringType(64)
NAMES = ListType(NAME, 1_000)
SHARE = DecimalType(4, 0, 100 * 10**4)
"""Percent; its scaled value is the plan's parts per million."""
PERCENT_SCALE = 2
PERCENT = DecimalType(PERCENT_SCALE, -(10**14), 10**14)


def _member(type: Type) -> Member:
    return Member(type, required=True)


PLAN_RECORD = Record(
    {
        "tenant": _member(NAME),
        "campaign": _member(NAME),
        "status": _member(EnumType(("active", "paused", "draft"))),
        "category": _member(NAME),
        "class": _member(EnumType(("marketing", "transactional", "safety"))),
        "priority": _member(IntType(0, 100)),
        "channels": _member(NAMES),
        "locales": _member(ListType(StringType(20), 1_000)),
        "variants": _member(COUNT),
        "offers": _member(NAMES),
        "fields": _member(ListType(StringType(300), 10_000)),
        "everyone": _member(BoolType()),
        "exclusions": _member(NAMES),
        "limit": Member(COUNT),
        "sms_segments": _member(COUNT),
        "push_bytes": _member(COUNT),
        "html_kb": _member(COUNT),
        "subject_length": _member(COUNT),
        "trigger": _member(EnumType(("at", "cron", "publish"))),
        "recurring": _member(BoolType()),
        "timezone": _member(EnumType(("customer", "tenant"))),
        "missed": _member(EnumType(("late", "skip"))),
        "sends_on": Member(DateType()),
        "starts": Member(DateType()),
        "ends": Member(DateType()),
        "reentry": _member(EnumType(("never", "always", "after"))),
        "holdout": _member(SHARE),
        "campaign_holdout": _member(SHARE),
        "caps": _member(COUNT),
        "deliver": _member(EnumType(("first", "all"))),
        "expires_hours": _member(COUNT),
    }
)
"""Of one campaign. `fields` are the customer's that it reads; `sends_on` is set where it fires once."""

RELATIONS = ("equal", "widened", "narrowed", "disjoint", "mixed", "new", "gone")
AUDIENCE_RECORD = Record(
    {
        "relation": _member(EnumType(RELATIONS)),
        "clauses": _member(NAMES),
        "growth": _member(PERCENT),
        "before": _member(COUNT),
        "after": _member(COUNT),
        "joining": _member(COUNT),
        "leaving": _member(COUNT),
        "reached_before": _member(COUNT),
        "reached_after": _member(COUNT),
    }
)
"""All but `clauses` may be unknown where nothing was counted or proved: then what reads them is
undecided, which no guard can turn into a pass."""

KINDS = ("added", "removed", "started", "stopped", "changed")
ASPECTS = (
    "audience",
    "content",
    "timing",
    "experiment",
    "offer",
    "limits",
    "delivery",
    "lifecycle",
    "category",
    "data",
)
CHANGE_RECORD = Record(
    {
        "kind": _member(EnumType(KINDS)),
        "marketing": _member(BoolType()),
        "aspects": _member(ListType(EnumType(ASPECTS), len(ASPECTS))),
        "audience": Member(object_type(AUDIENCE_RECORD), required=True, inner=AUDIENCE_RECORD),
        "messages": _member(NAMES),
        "channels": _member(NAMES),
        "sends_moved": _member(BoolType()),
        "tenants": _member(COUNT),
        "campaigns": _member(COUNT),
        "plans_changed": _member(COUNT),
        "removed": _member(COUNT),
        "share_removed": _member(SHARE),
    }
)
"""Of one change. `tenants` and `campaigns` count whom it reaches in the same way; the last three are of
the whole diff: plans that change, campaigns that end, and their share of those before."""

SCOPE = Scope({PLAN: RecordRoot(PLAN_RECORD), CHANGE: RecordRoot(CHANGE_RECORD)})
