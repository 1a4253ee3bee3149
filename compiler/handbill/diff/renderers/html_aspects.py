"""Each aspect of a change as a section of its card."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from handbill.diff.model import (
    Aspect,
    AudienceChange,
    AudienceCounts,
    ClauseChange,
    ContentChange,
    FieldChange,
    Moved,
    PartDiff,
    RenderingPair,
    SettingsChange,
    TextChange,
    TimingChange,
    Witness,
)
from handbill.diff.renderers.html_messages import (
    Pictures,
    is_kept_back,
    message,
    note_badge,
    stretches,
)
from handbill.diff.renderers.html_page import escaped, name

MAX_PAIRS = 4
"""Pairs of one message that are open; those behind them are folded."""
MOST_PAIRS = 12
"""Pairs of one message that a page holds."""
MAX_PLACES = 8
_RELATIONS = {
    "equal": "The same customers as before, by another rule.",
    "widened": "More customers: everybody who was in it stays, and others join.",
    "narrowed": "Fewer customers: nobody joins, and some leave.",
    "disjoint": "Other customers: nobody who was in it is in it now.",
    "mixed": "Some customers join, and others leave.",
    "unknown": "Who joins and who leaves could not be proved.",
}


def section(aspect: Aspect, kind: str, pictures: Pictures) -> str:
    """`kind` is the entry's."""
    match aspect:
        case AudienceChange():
            title, lines = "Who gets it", _audience(aspect, kind)
        case ContentChange():
            title, lines = _title_of(aspect), _content(aspect, kind, pictures)
        case TimingChange():
            title, lines = "When it is sent", _timing(aspect)
        case SettingsChange():
            title, lines = escaped(aspect.about.capitalize()), iter([fields(aspect.fields)])
        case _:
            assert_never(aspect)
    return f"<section><h3>{title}</h3>{''.join(lines)}</section>"


def fields(changes: Sequence[FieldChange]) -> str:
    rows = "".join(
        f"<tr><th>{name(each.field)}</th><td>{_arrow(each.before, each.after)}</td></tr>"
        for each in changes
    )
    return f"<table>{rows}</table>" if rows else ""


def _arrow(before: str, after: str) -> str:
    old = f"<del>{name(before)}</del>" if before else ""
    new = f"<ins>{name(after)}</ins>" if after else ""
    return " → ".join(filter(None, (old, new)))


# ── audience ─────────────────────────────────────────────────────────────────────────────────────


def _audience(change: AudienceChange, kind: str) -> Iterator[str]:
    if kind == "changed":
        yield f"<p>{_relation(change)}</p>"
    if change.counts is not None:
        yield _counts(change.counts)
    yield from (_clause(clause) for clause in change.clauses)
    if kind == "changed":
        people = [
            _person("joins", "Joins, for example", change.gained),
            _person("leaves", "Leaves, for example", change.lost),
            _person("", "Stays, for example", change.kept) if change.relation != "equal" else "",
        ]
        if any(people):
            yield f'<div class="who">{"".join(people)}</div>'


def _relation(change: AudienceChange) -> str:
    rules = {clause.name for clause in change.clauses}
    if change.relation == "equal" and rules <= {"limit", "rank"}:
        return "The same customers, but a limit cuts among them differently."
    return _RELATIONS[change.relation]


def _clause(clause: ClauseChange) -> str:
    was = f'<div class="rule was">{name(clause.before)}</div>' if clause.before else ""
    now = f'<div class="rule is">{name(clause.after)}</div>' if clause.after else ""
    return f"<div><small>{name(clause.name)}</small>{was}{now}</div>"


def _person(kind: str, title: str, witness: Witness) -> str:
    if witness.answer != "yes" or witness.customer is None:
        return ""
    return f'<article class="person {kind}"><h4>{title}</h4>{_customer(witness.customer)}</article>'


def _customer(customer: Mapping[str, Any]) -> str:
    rows = "".join(
        f"<dt>{name(field)}</dt><dd>{name(_value(value))}</dd>" for field, value in customer.items()
    )
    return f"<dl>{rows}</dl>" if rows else "<small>of whom nothing more is known</small>"


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _counts(counts: AudienceCounts) -> str:
    boxes = [
        (f"{counts.before:,} → {counts.after:,}", "customers match"),
        (f"+{counts.joining:,}", "join"),
        (f"−{counts.leaving:,}", "leave"),
        (
            f"{counts.reached_before:,} → {counts.reached_after:,}",
            "left after consent, caps and holdout",
        ),
    ]
    shown = "".join(f"<div><b>{value}</b><span>{words}</span></div>" for value, words in boxes)
    return (
        f'<div class="counts">{shown}</div>'
        f"{_sample('Some who join', counts.joining_sample)}"
        f"{_sample('Some who leave', counts.leaving_sample)}"
    )


def _sample(title: str, moved: Sequence[Moved]) -> str:
    rows = "".join(
        f"<tr><th>{name(each.customer)}</th><td>{name(each.because)}</td></tr>" for each in moved
    )
    return f"<details><summary>{title}</summary><table>{rows}</table></details>" if rows else ""


# ── content ──────────────────────────────────────────────────────────────────────────────────────


def _title_of(change: ContentChange) -> str:
    which = "" if change.message == "main" else f" “{name(change.message)}”"
    return f"What it says: {name(change.channel)}{which}"


def _content(change: ContentChange, kind: str, pictures: Pictures) -> Iterator[str]:
    pairs = change.pairs[:MOST_PAIRS]
    reached = [each for each in pairs if _is_sent(each)]
    others = [each for each in pairs if not _is_sent(each)]
    yield '<div class="content">'
    if kind == "changed" or not pairs:
        yield f'<div class="written">{"".join(map(_written, change.texts))}</div>'
    yield f'<div class="pairs">{"".join(_pair(each, pictures) for each in reached[:MAX_PAIRS])}'
    yield _folded(reached[MAX_PAIRS:], "more who get it", pictures)
    yield _folded(others, "who would not get it", pictures)
    left = len(change.pairs) - len(pairs)
    if left > 0:
        yield f"<p><small>{left:,} more of these are not on this page.</small></p>"
    yield "</div></div>"


def _is_sent(pair: RenderingPair) -> bool:
    """Whether the person gets it on some side."""
    sides = (pair.before, pair.after)
    return any(each is not None and not is_kept_back(each) for each in sides)


def _folded(pairs: Sequence[RenderingPair], words: str, pictures: Pictures) -> str:
    if not pairs:
        return ""
    shown = "".join(_pair(each, pictures) for each in pairs)
    return f"<details><summary>{len(pairs)} {words}</summary>{shown}</details>"


def _written(text: TextChange) -> str:
    """What changes in the message as it is written."""
    shown = [part for part in text.parts if part.part != "text" or len(text.parts) == 1]
    return f"<p><small>{_places(text.where)}</small></p>{''.join(map(_words, shown))}"


def _places(where: Sequence[tuple[str, str]]) -> str:
    named = [locale if variant == "only" else f"{variant}, {locale}" for variant, locale in where]
    more = len(named) - MAX_PLACES
    shown = "; ".join(map(name, named[:MAX_PLACES]))
    return shown + (f" and {more} more" if more > 0 else "")


def _words(part: PartDiff) -> str:
    text = stretches(part.stretches)
    return f'<div class="words" dir="auto" tabindex="0"><b>{name(part.part)}</b>{text}</div>'


def _pair(pair: RenderingPair, pictures: Pictures) -> str:
    shown = pair.after or pair.before
    if shown is None:
        return ""
    variant = "" if shown.variant == "only" else f" · variant {name(shown.variant)}"
    notes = list(dict.fromkeys(map(note_badge, (pair.before, pair.after))))
    both = pair.before is not None and pair.after is not None
    changed = {part.part: part.stretches for part in pair.parts} if both else {}
    two = message(pair.before, pictures, "Before", "was") + message(
        pair.after, pictures, "After", "is", changed
    )
    return (
        f'<div class="pair"><p><b>To {name(shown.persona)}</b>'
        f"<small>{name(shown.locale)}{variant}</small>{''.join(notes)}</p>"
        f'<div class="two">{two}</div></div>'
    )


# ── timing ───────────────────────────────────────────────────────────────────────────────────────


def _timing(change: TimingChange) -> Iterator[str]:
    yield fields(change.fields)
    moments = sorted({*change.next_before, *change.next_after})
    if not moments:
        return
    rows = "".join(
        _moment(each, each in change.next_before, each in change.next_after) for each in moments
    )
    yield f"<small>Next sends ({name(change.zone)})</small>"
    yield f'<ol class="line">{rows}</ol>'


def _moment(moment: str, before: bool, after: bool) -> str:
    kind, words = {
        (True, True): ("", " <small>as before</small>"),
        (True, False): ("was", " <small>no longer</small>"),
        (False, True): ("is", " <small>new</small>"),
    }[before, after]
    return f'<li class="{kind}"><time>{name(_in_words(moment))}</time>{words}</li>'


def _in_words(moment: str) -> str:
    """`2026-12-05T10:00` → `Sat 5 Dec 2026, 10:00`; anything else as it is."""
    try:
        at = datetime.datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M}"
