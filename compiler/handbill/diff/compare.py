"""Two opened sides → what changes for customers.

Plans are compared, never text: a file that was only reordered changes nothing, and a platform's default
that was changed shows at every campaign that it reaches. Nothing is decoded whose digest is the same on
both sides. The result is a value; it depends on the sides, the moment and what is handed in, alone: not
on how many processes compare.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain

import msgspec

from handbill.diff.forecasts import in_order
from handbill.diff.matching import tenants_to_compare
from handbill.diff.model import (
    Aspect,
    AudienceChange,
    ContentChange,
    Entry,
    ReleaseDiff,
    Subject,
)
from handbill.diff.portions import Portion, portion_of, put_together
from handbill.diff.protocols import Counts, Hands, Previews
from handbill.diff.rendering_pairs import rendering_pairs
from handbill.diff.shared_changes import shared_changes
from handbill.diff.sides import OpenSide
from handbill.language.reasoning.question import MILLISECONDS
from handbill.language.reasoning.reasoner import Reasoner

AT_ONCE = 25
"""Tenants that differ and are compared as one portion, whoever does it: an example of a customer may
follow from what was asked before in the same portion, and from nothing else."""


def compare_releases(
    base: OpenSide,
    head: OpenSide,
    reasoner: Reasoner,
    *,
    at: datetime.datetime,
    previews: Previews | None = None,
    counts: Counts | None = None,
    milliseconds: int = MILLISECONDS,
    hands: Hands | None = None,
) -> ReleaseDiff:
    """Everything that differs from `base` to `head`.

    `at` (naive UTC) is the moment that timing is told from. `previews` and `counts` fill in what
    personas see and how many customers there are; each question to `reasoner` takes `milliseconds` at
    most. With `hands` several processes compare, where enough differs. Swapped sides give the same
    entries the other way round.
    """
    compared = tenants_to_compare(base, head)
    chunks = [
        compared.differing[start : start + AT_ONCE]
        for start in range(0, len(compared.differing), AT_ONCE)
    ]
    compare = partial(portion_of, base, head, at=at, milliseconds=milliseconds)
    if len(chunks) < 2:
        portions = [compare(chunk, reasoner) for chunk in chunks]
    else:
        by_others = _by_hands(chunks, compare, hands, base, head)
        portions = [
            by_others[place] if place in by_others else compare(chunk, reasoner.afresh())
            for place, chunk in enumerate(chunks)
        ]
    whole = put_together(portions)
    groups = whole.groups
    entries = tuple(_filled(each.entry, base, head, previews, counts) for each in groups)
    return ReleaseDiff(
        base=base.about,
        head=head.about,
        at=at.isoformat(timespec="seconds") + "Z",
        entries=entries,
        shared=shared_changes(base, head, whole.tenants_changed),
        forecasts=in_order(each.outlook for each in groups),
        plans=compared.identical + whole.plans,
        changed=whole.changed,
        identical=compared.identical + whole.identical,
        not_compared=compared.left_out,
        tenants=_reached(entries, whole.tenants_changed),
    )


def _reached(entries: tuple[Entry, ...], tenants: tuple[str, ...]) -> tuple[str, ...]:
    by_plans = {subject.tenant for entry in entries for subject in entry.subjects}
    return tuple(sorted(by_plans | set(tenants)))


# ── by several processes ─────────────────────────────────────────────────────────────────────────

_portions = msgspec.msgpack.Decoder(dict[int, Portion])
_Compare = Callable[[Sequence[str], Reasoner], Portion]


def _by_hands(
    chunks: Sequence[Sequence[str]],
    compare: _Compare,
    hands: Hands | None,
    base: OpenSide,
    head: OpenSide,
) -> dict[int, Portion]:
    """Place of a chunk → its portion; not of those that a process failed at. What a store's client
    holds open is not for a forked process."""
    if hands is None or hands.count < 2 or base.compiled is None or head.compiled is None:
        return {}
    count = min(hands.count, len(chunks))
    jobs = [
        partial(_encoded, compare, dict(enumerate(chunks)), range(hand, len(chunks), count))
        for hand in range(count)
    ]
    answers = [_portions.decode(each) for each in hands.work(jobs) if each is not None]
    return dict(chain.from_iterable(each.items() for each in answers))


def _encoded(compare: _Compare, chunks: dict[int, Sequence[str]], places: Sequence[int]) -> bytes:
    with Reasoner() as reasoner:
        found = {place: compare(chunks[place], reasoner.afresh()) for place in places}
    return msgspec.msgpack.encode(found)


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
