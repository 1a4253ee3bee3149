"""Which messages read differently: contents whose operations differ, with the words that changed.

Differences of declared types alone are no difference to a reader and are told as data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from handbill.diff.model import ContentChange, PartDiff, TextChange
from handbill.diff.settings import ONLY
from handbill.diff.template_text import template_text
from handbill.diff.words import part_diff, shortened_diff
from handbill.plan.model import Parts, Plan

Where: TypeAlias = tuple[str, str]
"""Variant and locale."""
Contents: TypeAlias = Mapping[tuple[str, str], Mapping[Where, Parts]]
"""Message and channel → where → parts."""


def content_changes(before: Plan | None, after: Plan | None) -> Iterator[ContentChange]:
    """By message and channel."""
    one, other = _contents(before), _contents(after)
    if before is not None and after is not None:
        one, other = _spread(one, before, after), _spread(other, after, before)
    for message, channel in sorted({*one, *other}):
        old, new = one.get((message, channel), {}), other.get((message, channel), {})
        differing = {
            where: parts
            for where in sorted({*old, *new})
            if (parts := _parts_diff(old.get(where), new.get(where)))
        }
        if differing:
            yield ContentChange(
                message=message,
                channel=channel,
                where=tuple(differing),
                texts=_by_text(differing),
            )


def _by_text(differing: Mapping[Where, tuple[PartDiff, ...]]) -> tuple[TextChange, ...]:
    """Contents that change in the same words are told once."""
    grouped: dict[tuple[PartDiff, ...], list[Where]] = {}
    for where, parts in differing.items():
        grouped.setdefault(parts, []).append(where)
    return tuple(TextChange(where=tuple(at), parts=parts) for parts, at in grouped.items())


def _contents(plan: Plan | None) -> Contents:
    found: dict[tuple[str, str], dict[Where, Parts]] = {}
    for variant in plan.variants if plan is not None else ():
        for message, channels in variant.messages.items():
            for channel, content in channels.items():
                places = found.setdefault((message, channel), {})
                for locale, parts in content.locales.items():
                    places[variant.name, locale] = parts
    return found


def _spread(contents: Contents, plan: Plan, opposite: Plan) -> Contents:
    """What everybody got, where the other side has an experiment: what each of its variants is compared
    with. Any other plan's contents as they are."""
    names = [variant.name for variant in opposite.variants]
    if [variant.name for variant in plan.variants] != [ONLY] or names == [ONLY]:
        return contents
    return {
        message: {(name, locale): parts for name in names for (_, locale), parts in places.items()}
        for message, places in contents.items()
    }


def _parts_diff(before: Parts | None, after: Parts | None) -> tuple[PartDiff, ...]:
    old, new = before or {}, after or {}
    if old == new:
        return ()
    found = []
    for part in sorted({*old, *new}, key=_reading_order):
        if old.get(part) == new.get(part):
            continue
        one, other = template_text(old.get(part, ())), template_text(new.get(part, ()))
        if one != other:
            found.append(shortened_diff(part_diff(part, one, other)))
    return tuple(found)


def _reading_order(part: str) -> tuple[int, str]:
    order = ("subject", "preheader", "title", "body", "html", "text")
    return (order.index(part) if part in order else len(order), part)
