"""A diff for a terminal: what happens first, then each change in short sentences.

Nothing of a configuration or of customer data reaches the terminal that is not printable.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from handbill.diagnostics.render_text import safe
from handbill.diff.model import (
    Aspect,
    Entry,
    FieldChange,
    ReleaseDiff,
    SettingsChange,
    SharedChange,
    Side,
)
from handbill.diff.renderers.text_aspects import aspect_lines, field_line
from handbill.diff.renderers.text_ink import Ink
from handbill.diff.renderers.text_summary import summary

SUBJECTS = 12
"""Campaigns of an entry that are named; the others are counted."""
FIELDS = 20
"""Fields of a shared change that are shown."""
_STATUS = {"draft": "a draft"}
_WORDS = {
    "added": ("is added", "are added", "32"),
    "removed": ("is removed", "are removed", "31"),
    "started": ("starts", "start", "32"),
    "stopped": ("stops", "stop", "31"),
    "changed": ("changes", "change", "33"),
}


def render_text(diff: ReleaseDiff, color: bool = False) -> str:
    """Ends in a newline. With `color` in ANSI colours."""
    ink = Ink(color)
    blocks = [
        _head(diff, ink),
        *(_entry(each, ink) for each in diff.entries),
        *(_shared(each, ink) for each in diff.shared),
        *([_forecasts(diff, ink)] if diff.forecasts else []),
        _foot(diff, ink),
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _head(diff: ReleaseDiff, ink: Ink) -> list[str]:
    lines = [ink.bold(summary(diff))]
    for side, name in ((diff.base, "base"), (diff.head, "head")):
        lines += _remarks(side, name, ink)
    if diff.not_compared:
        names = ", ".join(map(safe, diff.not_compared))
        lines.append(ink.warn(f"not compared, because of errors: {names}"))
    return lines


def _remarks(side: Side, name: str, ink: Ink) -> Iterator[str]:
    if side.digest is None:
        yield ink.warn(f"nothing could be compiled of the {name}: everything counts as new")
    if side.instead_of:
        yield ink.warn(
            f"the {name} {side.instead_of[:12]} does not compile: compared with {side.commit[:12]}, "
            "the last that does"
        )
    for held in side.held:
        yield ink.warn(
            f"{safe(held.tenant)} has errors at the {name}: compared as it was at {held.commit[:12]}"
        )


def _foot(diff: ReleaseDiff, ink: Ink) -> list[str]:
    wide = max(len(diff.base.label), len(diff.head.label))
    return [_side_line("base", diff.base, wide, ink), _side_line("head", diff.head, wide, ink)]


def _side_line(name: str, side: Side, wide: int, ink: Ink) -> str:
    commit = f"{side.commit[:12]:12}" if side.commit else " " * 12
    return ink.dim(f"{name}  {safe(side.label):<{wide}}  {commit}  {side.digest or 'no release'}")


# ── entries ──────────────────────────────────────────────────────────────────────────────────────


def _entry(entry: Entry, ink: Ink) -> list[str]:
    singular, plural, style = _WORDS[entry.kind]
    count = len(entry.subjects)
    names = [safe(f"{subject.tenant}/{subject.campaign}") for subject in entry.subjects]
    kind = "" if entry.marketing else " (not marketing)"
    aspects, why = _without_status(entry)
    if count == 1:
        lines = [f"{ink.bold(names[0])} {ink(singular, style)}{kind}{why}"]
    else:
        same = f"in the same way{kind}{why}:"
        lines = [f"{ink.bold(f'{count} campaigns')} {ink(plural, style)} {same}"]
        lines += [f"  {line}" for line in _named(names)]
    for aspect in aspects:
        lines += [f"  {line}" for line in aspect_lines(aspect, entry.kind, ink)]
    return lines


def _without_status(entry: Entry) -> tuple[Sequence[Aspect], str]:
    """The aspects without what the entry's first line says: from which status to which."""
    found: list[Aspect] = []
    why = ""
    for aspect in entry.aspects:
        if isinstance(aspect, SettingsChange) and aspect.about == "lifecycle":
            status = next((each for each in aspect.fields if each.field == "status"), None)
            why = f": {_status(status)}" if status is not None else ""
            rest = tuple(each for each in aspect.fields if each.field != "status")
            aspect = SettingsChange(about="lifecycle", fields=rest)
        found.append(aspect)
    return found, why


def _status(change: FieldChange) -> str:
    before, after = (_STATUS.get(each, safe(each)) for each in (change.before, change.after))
    if not change.before:
        return f"it is new, and {after}"
    if not change.after:
        return f"it was {before}, and is no longer there"
    return f"it was {before}, and is {after}"


def _named(names: Sequence[str]) -> Iterator[str]:
    shown = ", ".join(names[:SUBJECTS])
    more = len(names) - SUBJECTS
    yield shown + (f" and {more} more" if more > 0 else "")


# ── what is no campaign's ────────────────────────────────────────────────────────────────────────


def _shared(change: SharedChange, ink: Ink) -> list[str]:
    names = ", ".join(map(safe, change.names[:SUBJECTS]))
    more = len(change.names) - SUBJECTS
    names += f" and {more} more" if more > 0 else ""
    what = {"tenant": "the retailer", "channel": "the channel", "table": "the table"}[change.what]
    if len(change.names) > 1:
        what += "s"
    lines = [
        f"{what} {ink.bold(names)} {ink('changes' if len(change.names) == 1 else 'change', '33')}"
    ]
    return lines + [f"  {line}" for line in _fields(change.fields, ink)]


def _fields(fields: Sequence[FieldChange], ink: Ink) -> Iterator[str]:
    for field in fields[:FIELDS]:
        yield field_line(field, ink)
    if len(fields) > FIELDS:
        yield f"and {len(fields) - FIELDS} more"


def _forecasts(diff: ReleaseDiff, ink: Ink) -> list[str]:
    all_later = len(diff.forecasts) == len(diff.entries) and not diff.shared
    lines = [ink.bold("nothing changes today, but" if all_later else "not today, but")]
    for each in diff.forecasts:
        name = safe(f"{each.subject.tenant}/{each.subject.campaign}")
        at = datetime.datetime.fromisoformat(each.at)
        when = f"on {at:%A}, {at.day} {at:%B} at {at:%H:%M} ({safe(each.zone)})"
        lines.append(f"  {when}, {name}: {safe(each.says)}")
    return lines
