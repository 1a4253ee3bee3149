"""One entry of a diff as Markdown: whose campaign, and what about it changes for customers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import assert_never

from handbill.diff.model import (
    AudienceChange,
    AudienceCounts,
    ContentChange,
    Entry,
    FieldChange,
    PartDiff,
    RenderingPair,
    SettingsChange,
    SharedChange,
    TimingChange,
    Witness,
)
from handbill.diff.renderers.markdown_text import code, fenced, html_code
from handbill.diff.renderers.markdown_words import changed_lines

MAX_NAMES = 12
"""Names of a list that stand in a line; the others are counted."""
LONGEST_NAME = 60
MAX_PAIRS = 3
"""Renderings of one message that are shown, one where its text is; the page has them all."""
MAX_FIELDS = 40

_KINDS = {
    "added": "New, not active",
    "removed": "Removed",
    "started": "Starts",
    "stopped": "Stops",
    "changed": "Changes",
}
_RELATIONS = {
    "equal": "the same customers",
    "widened": "more customers can get it, and nobody loses it",
    "narrowed": "fewer customers can get it, and nobody joins",
    "disjoint": "entirely other customers",
    "mixed": "some customers join and some leave",
    "unknown": "how many join or leave could not be proved",
}


def heading(entry: Entry, quoted: Callable[[str], str]) -> str:
    """`quoted` shows foreign words: `code` in running Markdown, `html_code` inside of HTML."""
    campaigns = list(dict.fromkeys(subject.campaign for subject in entry.subjects))
    tenants = list(dict.fromkeys(subject.tenant for subject in entry.subjects))
    who = quoted(tenants[0]) if len(tenants) == 1 else f"{len(tenants):,} retailers alike"
    extra = f" and {len(campaigns) - 3:,} more" if len(campaigns) > 3 else ""
    what = ", ".join(quoted(each) for each in campaigns[:3])
    return f"{_KINDS[entry.kind]}: {what}{extra} · {who}"


def body(entry: Entry) -> list[str]:
    """Lines of Markdown."""
    lines = list(_subjects(entry))
    for aspect in entry.aspects:
        match aspect:
            case AudienceChange():
                lines += _audience(aspect)
            case ContentChange():
                lines += _content(aspect)
            case TimingChange():
                lines += _timing(aspect)
            case SettingsChange():
                lines += [f"**{aspect.about.capitalize()}**", "", *_fields(aspect.fields)]
            case _:
                assert_never(aspect)
    return lines


def shared_change(change: SharedChange) -> list[str]:
    names = {"tenant": "Retailer", "channel": "Channel", "table": "Table"}[change.what]
    return [f"**{names}** {named(change.names)}", "", *_fields(change.fields)]


def named(names: Sequence[str]) -> str:
    """Code spans with commas between, and how many more there are."""
    more = len(names) - MAX_NAMES
    shown = ", ".join(code(each, LONGEST_NAME) for each in names[:MAX_NAMES])
    return f"{shown} and {more:,} more" if more > 0 else shown


def _subjects(entry: Entry) -> Iterator[str]:
    if len(entry.subjects) > 1:
        yield f"Happens alike in {named([f'{e.tenant}/{e.campaign}' for e in entry.subjects])}."
        yield ""
    if not entry.marketing:
        yield "It is no marketing: consent to marketing does not matter for it."
        yield ""


# ── who ──────────────────────────────────────────────────────────────────────────────────────────


def _audience(change: AudienceChange) -> Iterator[str]:
    yield f"**Audience**: {_RELATIONS[change.relation]}."
    yield ""
    if change.counts:
        yield from _counts(change.counts)
    yield from _witness(change.gained, "gets it now, and did not before")
    yield from _witness(change.lost, "got it before, and does not now")
    rules = [FieldChange(field=e.name, before=e.before, after=e.after) for e in change.clauses]
    yield from _fields(rules)


def _counts(counts: AudienceCounts) -> Iterator[str]:
    yield (
        f"{counts.before:,} → {counts.after:,} customers match "
        f"(**{counts.joining:,} join, {counts.leaving:,} leave**); "
        f"{counts.reached_before:,} → {counts.reached_after:,} are left after consent, caps and holdout."
    )
    yield ""
    for sample, verb in ((counts.joining_sample, "joins"), (counts.leaving_sample, "leaves")):
        for moved in sample[:3]:
            yield f"- {code(moved.customer)} {verb}, because of {code(moved.because)}"
    if counts.joining_sample or counts.leaving_sample:
        yield ""


def _witness(witness: Witness, happens: str) -> Iterator[str]:
    if witness.answer == "yes" and witness.customer is not None:
        customer = json.dumps(dict(witness.customer), ensure_ascii=False, default=str)
        yield f"A customer like {code(customer)} {happens}."
        yield ""


# ── what ─────────────────────────────────────────────────────────────────────────────────────────


def _content(change: ContentChange) -> Iterator[str]:
    where = [" · ".join(filter(None, each)) for each in change.where]
    of = f" ({named([each for each in where if each])})" if any(where) else ""
    yield f"**Words** of {code(change.message)} on {code(change.channel)}{of}"
    yield ""
    for text in change.texts:
        yield from _parts(text.parts)
    told = [text.parts for text in change.texts]
    others = [pair for pair in change.pairs if pair.parts not in told]
    shown = others[: 1 if told else MAX_PAIRS]
    for pair in shown:
        yield from _pair(pair)
    if len(others) > len(shown):
        yield f"{len(others) - len(shown):,} more messages that personas get change; the page shows them."
        yield ""


def _pair(pair: RenderingPair) -> Iterator[str]:
    shown = pair.after or pair.before
    if shown is None:
        return
    what = (
        ""
        if pair.before and pair.after
        else (" gets it now" if pair.after else " gets it no longer")
    )
    notes = [each.note for each in (pair.before, pair.after) if each and each.note]
    note = f" ({', '.join(code(each) for each in dict.fromkeys(notes))})" if notes else ""
    yield f"As {code(shown.persona)}{what or ' reads it'}{note}:"
    yield ""
    yield from _parts(pair.parts)


def _parts(parts: Sequence[PartDiff]) -> Iterator[str]:
    for part in parts:
        lines = changed_lines(part.stretches)
        if lines:
            yield from [code(part.part), "", *fenced(lines), ""]
        elif any(each.kind != "same" for each in part.stretches):
            yield from [f"{code(part.part)}: only blanks and line breaks differ.", ""]


# ── when, and values ─────────────────────────────────────────────────────────────────────────────


def _timing(change: TimingChange) -> Iterator[str]:
    yield f"**When it is sent** ({code(change.zone)})"
    yield ""
    yield from _fields(change.fields)
    if change.next_before != change.next_after:
        yield f"Next sends were {_moments(change.next_before)}; they are {_moments(change.next_after)}."
        yield ""


def _moments(moments: Sequence[str]) -> str:
    return ", ".join(code(each) for each in moments[:5]) or "none"


def _fields(fields: Iterable[FieldChange]) -> Iterator[str]:
    """A table in HTML: a cell of it holds any text, where one of Markdown would not."""
    rows = [
        f"<tr><td>{html_code(each.field)}</td><td>{_value(each.before)}</td>"
        f"<td>{_value(each.after)}</td></tr>"
        for each in fields
    ]
    if not rows:
        return
    yield "<table>"
    yield "<tr><th></th><th>before</th><th>after</th></tr>"
    yield from rows[:MAX_FIELDS]
    if len(rows) > MAX_FIELDS:
        yield f"<tr><td>{len(rows) - MAX_FIELDS:,} more</td><td></td><td></td></tr>"
    yield "</table>"
    yield ""


def _value(text: str) -> str:
    return html_code(text) if text else "—"
