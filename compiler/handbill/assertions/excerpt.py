"""Where words are missing that a message should say: the passage of it that is nearest to them.

Of a mail that is hundreds of lines long, these few are what its author looks for: most often one word
of them is another. Texts that are short anyway need no excerpt.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from handbill.assertions.visible_text import is_html, visible_text

LINES, COLUMNS = 6, 88
CANDIDATES = 24
"""Passages that share most letters with the words; of these the most similar one is taken."""
COMPARED = 400
"""Characters of the words that are compared."""
SEE_ALL = "… all of it: handbill test --full"


@dataclass(frozen=True, slots=True)
class Passage:
    """`likeness`, from 0 to 1, is to the words that were looked for."""

    likeness: float
    text: str


def excerpt(words: str, texts: Sequence[tuple[str, str]]) -> str:
    """At most LINES lines about the part, of (name, text), that comes nearest to the words, the last
    one saying how to see all of it. "" where the whole is not longer than that."""
    if not texts or _lines(texts) <= LINES:
        return ""
    room = (LINES - 2) * COLUMNS
    passages = [
        (name, nearest_passage(words, visible_text(text) if is_html(text) else text, room))
        for name, text in texts
    ]
    name, best = max(passages, key=lambda each: each[1].likeness)
    shown = textwrap.wrap(f"{name}: {best.text}", COLUMNS, break_on_hyphens=False)
    return "\n".join([*shown[: LINES - 1], SEE_ALL])


def _lines(texts: Sequence[tuple[str, str]]) -> int:
    lines = (line for name, text in texts for line in f"{name}: {text}".rstrip().split("\n"))
    return sum(max(1, -(-len(line) // COLUMNS)) for line in lines)


def nearest_passage(words: str, text: str, room: int) -> Passage:
    """The words of `text` most like `words`, with what stands around them, in about `room` characters;
    its beginning where nothing is alike. "…" stands for what is left out at either end."""
    wanted, there = words.split(), text.split()
    size = min(len(wanted), len(there))
    if not size:
        return Passage(0.0, "")
    start, likeness = _nearest(wanted, there, size)
    first, last = _widened(there, start, start + size, room)
    before, after = ("… " if first else ""), (" …" if last < len(there) else "")
    return Passage(likeness, before + " ".join(there[first:last]) + after)


def _nearest(wanted: Sequence[str], there: Sequence[str], size: int) -> tuple[int, float]:
    """Where `size` words begin that are most like the wanted ones, and how like."""
    letters = {three for word in wanted for three in _threes(word)}
    hits = [0, *accumulate(sum(three in letters for three in _threes(word)) for word in there)]
    starts = range(len(there) - size + 1)
    likely = sorted(starts, key=lambda start: (hits[start] - hits[start + size], start))
    matcher = SequenceMatcher(None, autojunk=False)
    matcher.set_seq2(" ".join(wanted)[:COMPARED].casefold())
    found = (0, 0.0)
    for start in likely[:CANDIDATES]:
        if hits[start + size] == hits[start]:
            break
        matcher.set_seq1(" ".join(there[start : start + size])[:COMPARED].casefold())
        if (ratio := matcher.ratio()) > found[1]:
            found = (start, ratio)
    return found


def _threes(word: str) -> list[str]:
    padded = f" {word.casefold()} "
    return [padded[place : place + 3] for place in range(len(padded) - 2)]


def _widened(there: Sequence[str], first: int, last: int, room: int) -> tuple[int, int]:
    """As many words more on both sides as there is room for."""
    while last > first + 1 and sum(map(len, there[first:last])) + last - first > room:
        last -= 1
    left = room - sum(map(len, there[first:last])) - (last - first)
    growing = True
    while growing:
        growing = False
        if first > 0 and len(there[first - 1]) < left:
            first, growing = first - 1, True
            left -= len(there[first]) + 1
        if last < len(there) and len(there[last]) < left:
            left -= len(there[last]) + 1
            last, growing = last + 1, True
    return first, last
