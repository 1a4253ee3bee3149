"""What the cursor is aimed at: the one thing that hovering explains and that a definition is looked up for.

A document's paths say which values are names of other documents; the rest is the language's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from handbill.editor.cursor import Cursor, cursor_at
from handbill.editor.fitting import kinds_at
from handbill.editor.phrase import (
    Phrase,
    Wants,
    phrase_in_expression,
    phrase_in_text,
    word_around,
)
from handbill.editor.surroundings import Surroundings
from handbill.source.layout import DocumentKind
from handbill.source.located import Path

NAMES: dict[str, DocumentKind] = {
    "uses": DocumentKind.BLUEPRINT,
    "offer": DocumentKind.OFFER,
    "use": DocumentKind.OFFER,
    "group": DocumentKind.GROUP,
    "campaign": DocumentKind.CAMPAIGN,
    "persona": DocumentKind.PERSONA,
    "order": DocumentKind.CHANNEL,
    "channel_order": DocumentKind.CHANNEL,
}
"""Last key of a path → what its value is a name of."""
_STOP = " ,}]\t\r\n#\"'"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an expression, with the names before its dot."""

    phrase: Phrase
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a document, a category or (`kind` TEMPLATE) a template."""

    kind: DocumentKind
    name: str
    path: Path
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the document: its key, or some value in it."""

    path: Path
    start: int
    end: int


Aim: TypeAlias = "Word | Name | Field"


def aim_at(text: str, offset: int, around: Surroundings) -> Aim | None:
    """What stands at `offset`; None where there is nothing to say."""
    if around.place is None:
        return None
    if around.place.kind is DocumentKind.TEMPLATE:
        return _in_template(text, offset)
    if around.schema is None:
        return None
    start, end = word_around(text, offset)
    here = cursor_at(text, end)
    if here.is_key:
        return _key(text, end, here)
    if phrase := phrase_at(around, here):
        return _word(phrase, text, start, end, here.path)
    if kind := name_kind(here.path):
        first, last = _whole(text, offset)
        return Name(kind, text[first:last], here.path, first, last)
    return Field(here.path, start, end)


def phrase_at(around: Surroundings, cursor: Cursor) -> Phrase | None:
    """What is written of an expression, where one may stand."""
    if around.schema is None:
        return None
    if "expr" in kinds_at(around.schema, cursor.path):
        return phrase_in_expression(cursor.before)
    return phrase_in_text(cursor.before)


def name_kind(path: Path) -> DocumentKind | None:
    """What the value at the path is a name of, if it is any."""
    last = next((step for step in reversed(path) if isinstance(step, str)), "")
    if last == "template" or path[-2:-1] == ("blocks",):
        return DocumentKind.TEMPLATE
    if last == "category":
        return DocumentKind.PLATFORM
    return NAMES.get(last)


def _in_template(text: str, offset: int) -> Aim | None:
    start, end = word_around(text, offset)
    phrase = phrase_in_text(text[:end])
    return _word(phrase, text, start, end, ()) if phrase else None


def _word(phrase: Phrase, text: str, start: int, end: int, path: Path) -> Aim | None:
    if phrase.wants is Wants.FILE:
        first, last = _whole(text, end)
        return Name(DocumentKind.TEMPLATE, text[first:last], path, first, last)
    return Word(phrase, start, end) if phrase.word else None


def _key(text: str, end: int, here: Cursor) -> Aim | None:
    first, last = _whole(text.replace(":", " "), end)
    key = text[first:last]
    return Field((*here.path, key), first, last) if key else None


def _whole(text: str, offset: int) -> tuple[int, int]:
    """A name with its dots, dashes and slashes."""
    start = end = offset
    while start > 0 and text[start - 1] not in _STOP + "{[":
        start -= 1
    while end < len(text) and text[end] not in _STOP:
        end += 1
    return start, end
