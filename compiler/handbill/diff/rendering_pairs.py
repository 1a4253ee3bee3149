"""The same message to the same person on both sides, side by side."""

from __future__ import annotations

from handbill.diff.model import ContentChange, Rendering, RenderingPair, Subject
from handbill.diff.protocols import Previews
from handbill.diff.sides import OpenSide
from handbill.diff.words import part_diff


def rendering_pairs(
    change: ContentChange, subject: Subject, base: OpenSide, head: OpenSide, previews: Previews
) -> tuple[RenderingPair, ...]:
    """Of every rendering that either side gives and that reads differently, in their order."""
    before = _by_reader(previews.renderings(base, subject, change.message, change.channel))
    after = _by_reader(previews.renderings(head, subject, change.message, change.channel))
    pairs = [_pair(before.get(who), after.get(who)) for who in dict.fromkeys((*after, *before))]
    return tuple(pair for pair in pairs if pair.parts)


def _by_reader(renderings: tuple[Rendering, ...]) -> dict[tuple[str, str, str, str], Rendering]:
    return {(r.persona, r.variant, r.channel, r.locale): r for r in renderings}


def _pair(before: Rendering | None, after: Rendering | None) -> RenderingPair:
    old = before.parts if before is not None else {}
    new = after.parts if after is not None else {}
    parts = tuple(
        part_diff(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys((*new, *old))
        if old.get(name, "") != new.get(name, "")
    )
    return RenderingPair(before=before, after=after, parts=parts)
