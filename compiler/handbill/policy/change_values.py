"""The values of `change` for one entry of a diff, and which of them nobody knows.

An audience that does not change is the same as before: its growth is 0 whatever the customers. A campaign
that begins has no audience before, and one that ends none after: relation `new` or `gone`, growth 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from handbill.diff.model import (
    Aspect,
    AudienceChange,
    AudienceCounts,
    ContentChange,
    Entry,
    ReleaseDiff,
    SettingsChange,
    Subject,
    TimingChange,
)
from handbill.language.expressions.reads import Path
from handbill.plan.model import MILLION
from handbill.plan.types import ObjectType
from handbill.plan.values import Value
from handbill.policy.vocabulary import ASPECTS, CHANGE, CHANGE_RECORD, PERCENT_SCALE

ENDS = ("removed", "stopped")
BEGINS = ("added", "started")
COUNTED = frozenset(
    ("growth", "before", "after", "joining", "leaving", "reached_before", "reached_after")
)


Counting: TypeAlias = Callable[[Subject], AudienceCounts | None]
"""Counts the audience of one campaign on both sides; None where its customers are not there."""


@dataclass(frozen=True, slots=True)
class ChangeValues:
    """`values` by path, members of the audience among them for showing; `unknown` has no value."""

    values: Mapping[Path, Value]
    unknown: frozenset[Path]


def change_values(
    entry: Entry, diff: ReleaseDiff, counts: AudienceCounts | None = None
) -> ChangeValues:
    """`counts` are those of the subject that is judged, None where nobody counted."""
    audience, unknown = _audience(entry, counts)
    contents = [each for each in entry.aspects if isinstance(each, ContentChange)]
    ended = sum(len(each.subjects) for each in diff.entries if each.kind in ENDS)
    values: dict[str, Value] = {
        "kind": entry.kind,
        "marketing": entry.marketing,
        "aspects": tuple(sorted({aspect_of(each) for each in entry.aspects}, key=ASPECTS.index)),
        "audience": _as_object(audience),
        "messages": tuple(sorted({each.message for each in contents})),
        "channels": tuple(sorted({each.channel for each in contents})),
        "sends_moved": any(_moves(each) for each in entry.aspects),
        "tenants": len({each.tenant for each in entry.subjects}),
        "campaigns": len(entry.subjects),
        "plans_changed": diff.changed,
        "removed": ended,
        "share_removed": share_of(ended, plans_before(diff)),
    }
    found: dict[Path, Value] = {(CHANGE, name): value for name, value in values.items()}
    found |= {(CHANGE, "audience", name): value for name, value in audience.items()}
    return ChangeValues(found, frozenset((CHANGE, "audience", name) for name in unknown))


def aspect_of(aspect: Aspect) -> str:
    match aspect:
        case AudienceChange():
            return "audience"
        case ContentChange():
            return "content"
        case TimingChange():
            return "timing"
        case SettingsChange(about=about):
            return about


def plans_before(diff: ReleaseDiff) -> int:
    """Plans of the base release."""
    entries = [subject for entry in diff.entries for subject in entry.subjects]
    return diff.identical + sum(1 for subject in entries if subject.before is not None)


def share_of(part: int, whole: int) -> int:
    """Parts per million, which is percent with four decimals."""
    return part * MILLION // whole if whole else 0


def growth_of(counts: AudienceCounts) -> int:
    """Percent, scaled: how many more there are after, of those before; nobody before counts as one."""
    base = max(counts.before, 1)
    growth: int = (counts.after - counts.before) * 100 * 10**PERCENT_SCALE // base
    return growth


def audience_change(entry: Entry) -> AudienceChange | None:
    return next((each for each in entry.aspects if isinstance(each, AudienceChange)), None)


def counts_of(subject: Subject, entry: Entry, counting: Counting | None) -> AudienceCounts | None:
    """Of one subject: a diff holds those of the entry's first, `counting` knows the others."""
    change = audience_change(entry)
    if change is not None and change.counts is not None and subject == entry.subjects[0]:
        return change.counts
    return None if counting is None else counting(subject)


def _audience(
    entry: Entry, counts: AudienceCounts | None
) -> tuple[dict[str, Value], frozenset[str]]:
    """The members of `change.audience`, and the names of those that are not known."""
    change = audience_change(entry)
    values: dict[str, Value] = dict.fromkeys(COUNTED)
    values |= {"relation": _relation(entry, change), "growth": 0}
    values["clauses"] = () if change is None else tuple(sorted({c.name for c in change.clauses}))
    if change is None and entry.kind == "changed":
        values |= {"joining": 0, "leaving": 0}
    if counts is not None:
        values |= {name: getattr(counts, name) for name in COUNTED - {"growth"}}
        values["growth"] = growth_of(counts) if entry.kind == "changed" else 0
    elif change is not None and entry.kind == "changed":
        values["growth"] = None
    return values, frozenset(name for name, value in values.items() if value is None)


def _relation(entry: Entry, change: AudienceChange | None) -> str | None:
    if entry.kind in BEGINS:
        return "new"
    if entry.kind in ENDS:
        return "gone"
    if change is None:
        return "equal"
    return None if change.relation == "unknown" else change.relation


def _as_object(audience: Mapping[str, Value]) -> Value:
    kind = CHANGE_RECORD.fields["audience"].type
    assert isinstance(kind, ObjectType)
    return tuple(audience[member.name] for member in kind.members)


def _moves(aspect: Aspect) -> bool:
    return isinstance(aspect, TimingChange) and aspect.next_before != aspect.next_after
