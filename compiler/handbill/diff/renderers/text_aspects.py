"""Each aspect of a change in a few lines, for a terminal."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from typing import assert_never

from handbill.diagnostics.render_text import safe
from handbill.diff.model import (
    Aspect,
    AudienceChange,
    ClauseChange,
    ContentChange,
    FieldChange,
    PartDiff,
    SettingsChange,
    TimingChange,
    Witness,
)
from handbill.diff.renderers.text_ink import Ink
from handbill.diff.renderers.text_parts import part_lines

LONGEST = 72
"""Of a rule that stands on one line with the one before it."""
PLACES = 6
NEW, GONE = ("started", "added"), ("stopped", "removed")
TAKEN_FOR_GRANTED = (
    "categories.",
    "channels.",
    "deliver.",
    "limits.quiet_hours.",
    "window of ",
    "expires of ",
    "holdout of ",
    "locale",
    "priority",
    "trigger.",
    "timezone",
)
"""Fields that are not told of a campaign that starts: most come from its surroundings."""
_RELATIONS = {
    "equal": "the same customers as before, by another rule",
    "widened": "more customers: everybody who was in it, and others",
    "narrowed": "fewer customers: nobody new, and some no longer",
    "disjoint": "other customers: nobody who was in it is in it now",
    "mixed": "some customers join, others leave",
    "unknown": "who joins and who leaves could not be proved",
}


def aspect_lines(aspect: Aspect, kind: str, ink: Ink) -> Iterator[str]:
    match aspect:
        case AudienceChange():
            yield from _audience(aspect, kind, ink)
        case ContentChange():
            yield from _content(aspect, kind, ink)
        case TimingChange():
            yield from _timing(aspect, kind, ink)
        case SettingsChange():
            yield from _settings(aspect, kind, ink)
        case _:
            assert_never(aspect)


# ── audience ─────────────────────────────────────────────────────────────────────────────────────


def _audience(change: AudienceChange, kind: str, ink: Ink) -> Iterator[str]:
    rules = {clause.name: clause for clause in change.clauses}
    if kind in NEW and "include" in rules and not rules["include"].before:
        yield f"goes to {_who(rules['include'].after)}"
        for name, clause in rules.items():
            if name != "include":
                yield f"  {safe(name)}: {safe(clause.after)}"
    elif kind in GONE and "include" in rules and not rules["include"].after:
        yield f"went to {_who(rules['include'].before)}"
    else:
        yield f"audience: {_relation(change)}"
        for clause in change.clauses:
            yield from _clause(clause, ink)
        yield from _witness("who joins", change.gained)
        yield from _witness("who leaves", change.lost)
    counts = change.counts
    if counts is not None:
        yield (
            f"  {counts.before:,} → {counts.after:,} customers: {counts.joining:,} join, "
            f"{counts.leaving:,} leave; {counts.reached_before:,} → {counts.reached_after:,} reached"
        )
        for moved in (*counts.joining_sample, *counts.leaving_sample):
            verb = "joins" if moved in counts.joining_sample else "leaves"
            yield f"    {safe(moved.customer)} {verb}: {safe(moved.because)}"


def _relation(change: AudienceChange) -> str:
    rules = [clause.name for clause in change.clauses]
    if change.relation == "equal" and not set(rules) - {"limit", "rank"}:
        return "the same customers, but a limit cuts among them differently"
    return _RELATIONS[change.relation]


def _who(rule: str) -> str:
    return "everyone" if rule == "everyone" else f"customers with {safe(rule)}"


def _clause(clause: ClauseChange, ink: Ink) -> Iterator[str]:
    before, after = safe(clause.before), safe(clause.after)
    name = safe(clause.name)
    if before and after and len(before) + len(after) > LONGEST:
        yield f"  {name}:"
        yield f"    {ink('- ' + before, '31')}"
        yield f"    {ink('+ ' + after, '32')}"
    else:
        yield f"  {name}: {_arrow(before, after, ink)}"


def _witness(name: str, witness: Witness) -> Iterator[str]:
    if witness.answer == "yes" and witness.customer is not None:
        customer = json.dumps(witness.customer, ensure_ascii=False)
        yield f"  {name}, for example: {safe(customer)}"


# ── content ──────────────────────────────────────────────────────────────────────────────────────


def _content(change: ContentChange, kind: str, ink: Ink) -> Iterator[str]:
    message = "" if change.message == "main" else f" {safe(change.message)}"
    name = f"{safe(change.channel)}{message}"
    if kind in GONE:
        yield f"{name}: no longer sent"
        return
    for text in change.texts:
        yield f"{name}{_places(text.where)}:"
        for part in _worth_showing(text.parts):
            yield from part_lines(part, kind in NEW, ink)


def _worth_showing(parts: Sequence[PartDiff]) -> Sequence[PartDiff]:
    """A mail's text part says what its HTML says."""
    names = {part.part for part in parts}
    return [part for part in parts if part.part != "text" or "html" not in names]


def _places(where: Sequence[tuple[str, str]]) -> str:
    """` (variant b, fr-CA)`; the one variant of a campaign without an experiment has no name."""
    named = [f"variant {v}, {locale}" if v != "only" else locale for v, locale in where]
    if not named:
        return ""
    more = len(named) - PLACES
    shown = "; ".join(map(safe, named[:PLACES]))
    return f" ({shown}{f' and {more} more' if more > 0 else ''})"


# ── timing and settings ──────────────────────────────────────────────────────────────────────────


def _timing(change: TimingChange, kind: str, ink: Ink) -> Iterator[str]:
    for field in change.fields:
        if field.before and (field.after or kind not in GONE):
            yield field_line(field, ink)
        elif kind in NEW and not field.field.startswith(TAKEN_FOR_GRANTED):
            yield f"{safe(field.field)}: {safe(field.after)}"
        elif kind == "changed":
            yield field_line(field, ink)
    before, after = _times(change.next_before), _times(change.next_after)
    zone = f" ({safe(change.zone)})" if before or after else ""
    if kind in GONE:
        yield f"would have been sent next: {before}{zone}" if before else "nothing was due"
    elif kind in NEW:
        yield f"next sends: {after or _untimed(change)}{zone}"
    elif change.next_before == change.next_after:
        yield f"next sends as before: {after or 'none'}{zone}"
    else:
        yield f"next sends: {_arrow(before or 'none', after or 'none', ink)}{zone}"


def _untimed(change: TimingChange) -> str:
    triggers = {field.after for field in change.fields if field.field == "trigger"}
    return "once, when it is published" if "at publish" in triggers else "none"


def _times(times: Sequence[str]) -> str:
    return ", ".join(map(_time, times))


def _time(text: str) -> str:
    """`2026-12-05T10:00` → `Sat 2026-12-05 10:00`."""
    return datetime.datetime.fromisoformat(text).strftime("%a %Y-%m-%d %H:%M")


def _settings(change: SettingsChange, kind: str, ink: Ink) -> Iterator[str]:
    if change.about == "data":
        yield from _data(change, ink)
        return
    for field in change.fields:
        if field.before and field.after:
            yield field_line(field, ink)
        elif kind in NEW and not field.before:
            if not field.field.startswith(TAKEN_FOR_GRANTED):
                yield f"{safe(field.field)}: {safe(field.after)}"
        elif kind not in GONE:
            yield field_line(field, ink)


def _data(change: SettingsChange, ink: Ink) -> Iterator[str]:
    """Which fields of customers are read; what is declared of them only where that differs."""
    new = [safe(field.field) for field in change.fields if not field.before]
    gone = [safe(field.field) for field in change.fields if not field.after]
    if new:
        yield f"now reads {', '.join(new)}"
    if gone:
        yield f"no longer reads {', '.join(gone)}"
    for field in change.fields:
        if field.before and field.after:
            yield field_line(field, ink)


def field_line(field: FieldChange, ink: Ink) -> str:
    """`reentry: after 30 days → after 60 days`."""
    return f"{safe(field.field)}: {_arrow(safe(field.before), safe(field.after), ink)}"


def _arrow(before: str, after: str, ink: Ink) -> str:
    if not before:
        return f"{ink(after, '32')} (new)"
    if not after:
        return f"{ink(before, '31')} (gone)"
    return f"{ink(before, '31')} → {ink(after, '32')}"
