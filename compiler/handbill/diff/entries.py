"""One pair of plans → what is said of it: the entry of its one subject."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from handbill.diff.audiences import audience_change
from handbill.diff.contents import content_changes
from handbill.diff.grouping import Told
from handbill.diff.lifecycle import kind_of, lifecycle_change
from handbill.diff.matching import Pair
from handbill.diff.model import Aspect, Entry, FieldChange, SettingsChange
from handbill.diff.settings import settings_changes
from handbill.diff.timing import timing_change
from handbill.language.reasoning.reasoner import Reasoner


def told_of(pair: Pair, reasoner: Reasoner, at: datetime.datetime, milliseconds: int) -> Told:
    """What changes for the pair's campaign. `at` is naive UTC; each question to `reasoner` takes
    `milliseconds` at most."""
    return Told(_entry(pair, reasoner, at, milliseconds), _names(pair))


def _names(pair: Pair) -> tuple[str, ...]:
    """What the retailer and the campaign go by, the longest first."""
    owners = [owner for owner in (pair.owner_before, pair.owner_after) if owner is not None]
    plans = [plan for plan in (pair.before, pair.after) if plan is not None]
    names = {name for owner in owners for name in (owner.display_name, owner.name)}
    names |= {plan.campaign for plan in plans}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


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
