"""What happens to each character of a value on its way into a message, and what one can become.

Case, the replacement of one character and every escape work character by character, so the spelling
of a sequence is the sequence of the spellings: they are pushed down to where the characters are known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias, assert_never
from urllib.parse import quote_plus

from handbill.language.bounds.measure import Extent, extent_of_text, hull
from handbill.plan.alphabets import ALPHABETS, GSM
from handbill.plan.escapes import escape_text
from handbill.plan.ir import Escape
from handbill.plan.operations import lower, upper


@dataclass(frozen=True, slots=True)
class Swap:
    """Every `old`, one character, becomes `new`."""

    old: str
    new: str


Step: TypeAlias = Escape | Swap | Literal["lower", "upper", "json", "form"]
Spelling: TypeAlias = tuple[Step, ...]
"""In the order in which they are done."""
Letters: TypeAlias = frozenset[str] | None
"""The characters that a text can consist of; None is any."""

UNSPELLED: Spelling = ()
SAMPLES = (
    frozenset(map(chr, range(1, 0x80)))
    | GSM
    | frozenset("\x85\xa0ßéçøжα…’\u2028\u202e中\U0001f600")
)
"""Of every kind that a count, a case or an escape tells apart: they stand for any character."""


def spell(text: str, spelling: Spelling) -> str:
    """The text as it is written in the end."""
    for step in spelling:
        text = _spell(text, step)
    return text


def _spell(text: str, step: Step) -> str:
    match step:
        case Escape():
            return escape_text(text, step)
        case Swap(old=old, new=new):
            return text.replace(old, new)
        case "lower":
            return lower(text)
        case "upper":
            return upper(text)
        case "json":
            return json.dumps(text, ensure_ascii=False)[1:-1]
        case "form":
            return quote_plus(text)
    assert_never(step)


def without_plain(spelling: Spelling) -> Spelling:
    return tuple(step for step in spelling if step is not Escape.PLAIN)


def written_extent(text: str, spelling: Spelling) -> Extent:
    """The extent of a known text. PLAIN changes values only, and who wrote this is not asked."""
    extent = extent_of_text(spell(text, spelling))
    if Escape.PLAIN not in spelling:
        return extent
    return extent.hull(extent_of_text(spell(text, without_plain(spelling))))


def letters_of(alphabet: str | None) -> Letters:
    return None if alphabet is None else ALPHABETS[alphabet]


def union(*sets: Letters) -> Letters:
    found: frozenset[str] = frozenset()
    for letters in sets:
        if letters is None:
            return None
        found |= letters
    return found


def spelled_letters(letters: Letters, spelling: Spelling) -> Letters:
    """The characters of every text of these letters, once it is spelled."""
    if letters is None:
        return None
    return frozenset("".join(spell(letter, spelling) for letter in letters))


def candidates(letters: Letters, spelling: Spelling) -> Iterable[str]:
    """Characters among which are those with the least and most of each count."""
    if letters is not None:
        return letters
    olds = [step.old for step in spelling if isinstance(step, Swap)]
    return SAMPLES.union(olds, map(lower, olds), map(upper, olds))


@lru_cache(maxsize=1024)
def extent_of_letter(letters: Letters, spelling: Spelling) -> Extent:
    """The extent of one character of these; there is at least one."""
    return hull(extent_of_text(spell(each, spelling)) for each in candidates(letters, spelling))
