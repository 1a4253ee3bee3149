"""Two opened sides → what changes for customers.

Plans are compared, never text: a file that was only reordered changes nothing, and a platform's default
that was changed shows at every campaign that it reaches. Nothing is decoded whose digest is the same on
both sides. The result is a value; it depends on the sides, the moment and what is handed in, alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import msgspec

from handbill.diff.audiences import audience_change
from handbill.diff.contents import content_changes
from handbill.diff.forecasts import forecasts_of
from handbill.diff.grouping import Told, grouped
from handbill.diff.lifecycle import kind_of, lifecycle_change
from handbill.diff.matching import Pair, match_sides
from handbill.diff.model import (
    Aspect,
    AudienceChange,
    ContentChange,
    Entry,
    FieldChange,
    ReleaseDiff,
    SettingsChange,
    Subject,
)
from handbill.diff.protocols import Counts, Previews
from handbill.diff.rendering_pairs import rendering_pairs
from handbill.diff.settings import settings_changes
from handbill.diff.shared_changes import shared_changes
from handbill.diff.sides import OpenSide
from handbill.diff.timing import timing_change
from handbill.language.reasoning.question import MILLISECONDS
from handbill.language.reasoning.reasoner import Reasoner


def compare_releases(
    base: OpenSide,
    head: OpenSide,
    reasoner: Reasoner,
    *,
    at: datetime.datetime,
    previews: Previews | None = None,
    counts: Counts | None = None,
    milliseconds: int = MILLISECONDS,
) -> ReleaseDiff:
    """Everything that differs from `base` to `head`.

    `at` (naive UTC) is the moment that timing is told from. `previews` and `counts` fill in what
    personas see and how many customers there are; each question to `reasoner` takes `milliseconds` at
    most. Swapped sides give the same entries the other way round.
    """
    matched = match_sides(base, head)
    told = [Told(_entry(pair, reasoner, at, milliseconds), _names(pair)) for pair in matched.pairs]
    entries = tuple(_filled(entry, base, head, previews, counts) for entry in grouped(told))
    by_subject = {pair.subject: pair for pair in matched.pairs}
    shared = shared_changes(base, head, matched.tenants_changed)
    return ReleaseDiff(
        base=base.about,
        head=head.about,
        at=at.isoformat(timespec="seconds") + "Z",
        entries=entries,
        shared=shared,
        forecasts=forecasts_of(entries, by_subject, at),
        plans=matched.plans,
        changed=len(matched.pairs),
        identical=matched.identical,
        not_compared=matched.not_compared,
        tenants=_reached(entries, matched.tenants_changed),
    )


def _reached(entries: tuple[Entry, ...], tenants: tuple[str, ...]) -> tuple[str, ...]:
    by_plans = {subject.tenant for entry in entries for subject in entry.subjects}
    return tuple(sorted(by_plans | set(tenants)))


def _names(pair: Pair) -> tuple[str, ...]:
    """What the retailer and the campaign go by, the longest first."""
    owners = [owner for owner in (pair.owner_before, pair.owner_after) if owner is not None]
    plans = [plan for plan in (pair.before, pair.after) if plan is not None]
    names = {name for owner in owners for name in (owner.display_name, owner.name)}
    names |= {plan.campaign for plan in plans}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


# ── one campaign ─────────────────────────────────────────────────────────────────────────────────


def _entry(pair: Pair, reasoner: Reasoner, at: datetime.datetime, milliseconds: int) -> Entry:
    kind = kind_of(pair)
    shown = pair.after or pair.before
    assert shown is not None
    told = _whole(pair)
    return Entry(
        kind=kind,
        subjects=(pair.subject,),
        aspects=tuple(_aspects(told, pair, reasoner, at, milliseconds, kind != "changed")),
        marketing=shown.category.kind == "marketing",
    )


def _whole(pair: Pair) -> Pair:
    """Where a draft starts, or a campaign becomes a draft again, all of it is new, or gone."""
    before = None if pair.draft_before else pair.before
    after = None if pair.draft_after else pair.after
    return Pair(pair.subject, before, after, pair.owner_before, pair.owner_after)


def _aspects(
    told: Pair,
    pair: Pair,
    reasoner: Reasoner,
    at: datetime.datetime,
    milliseconds: int,
    switched: bool,
) -> Iterator[Aspect]:
    found = list(_differences(told, reasoner, at, milliseconds, switched))
    lifecycle = lifecycle_change(pair)
    if lifecycle is not None:
        yield lifecycle
    yield from found
    if lifecycle is None and not found:
        yield _compiled_form(pair)


def _differences(
    pair: Pair, reasoner: Reasoner, at: datetime.datetime, milliseconds: int, switched: bool
) -> Iterator[Aspect]:
    before, after = pair.before, pair.after
    audience = audience_change(pair, reasoner, milliseconds)
    if audience is not None:
        yield audience
    yield from content_changes(before, after)
    timing = timing_change(before, after, at, always=switched)
    if timing is not None:
        yield timing
    for change in settings_changes(before, after):
        if change.about != "data" or (before is not None and after is not None):
            yield change


def _compiled_form(pair: Pair) -> SettingsChange:
    """Plans that differ in nothing that a customer or the configuration could tell: types that are
    narrower than before, another version of the format."""
    before, after = pair.before, pair.after
    assert before is not None and after is not None
    versions = [f"{each.format}.{each.operations}.{each.cases}" for each in (before, after)]
    changed = FieldChange(field="compiled form", before=versions[0], after=versions[1])
    return SettingsChange(about="data", fields=(changed,))


# ── what is handed in ────────────────────────────────────────────────────────────────────────────


def _filled(
    entry: Entry,
    base: OpenSide,
    head: OpenSide,
    previews: Previews | None,
    counts: Counts | None,
) -> Entry:
    """Renderings and counts, of the first subject."""
    if previews is None and counts is None:
        return entry
    first = entry.subjects[0]
    aspects = tuple(
        _filled_aspect(each, first, base, head, previews, counts) for each in entry.aspects
    )
    return msgspec.structs.replace(entry, aspects=aspects)


def _filled_aspect(
    aspect: Aspect,
    subject: Subject,
    base: OpenSide,
    head: OpenSide,
    previews: Previews | None,
    counts: Counts | None,
) -> Aspect:
    match aspect:
        case ContentChange() if previews is not None:
            pairs = rendering_pairs(aspect, subject, base, head, previews)
            return msgspec.structs.replace(aspect, pairs=pairs)
        case AudienceChange() if counts is not None:
            return msgspec.structs.replace(aspect, counts=counts.counts(base, head, subject))
        case _:
            return aspect
