"""A template as one plain string: every hole and every turn of control flow is an ASCII word.

`hb12p` stands for the twelfth mark, a hole; `hb13o` opens an `if` or a `for`, `hb14n` starts its next
branch, `hb15c` closes it. The prefix occurs nowhere in the template, so each word is found again
wherever a tokenizer carries it. Constants are marks too: the string of a shared layout is the same for
every tenant, and what is read from it can be remembered.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, assert_never

from handbill.language.templates.draft import (
    Draft,
    DraftFor,
    DraftIf,
    DraftPut,
    DraftSet,
    DraftText,
    Place,
    leaves,
)

HOLE, OPEN, NEXT, CLOSE = "p", "o", "n", "c"


Marked: TypeAlias = DraftPut | DraftIf | DraftFor


@dataclass(frozen=True, slots=True)
class MarkedTemplate:
    """`text` with marks; `marks[n]` is the draft that mark n belongs to.

    `pieces` are the texts and the marks' drafts in order, `starts` their offsets.
    """

    text: str
    prefix: str
    marks: tuple[Marked, ...]
    starts: tuple[int, ...]
    pieces: tuple[DraftText | Marked, ...]

    def place(self, start: int, end: int) -> Place:
        """Where text[start:end] was written: its part in one piece of text, or the hole there."""
        index = max(0, bisect_right(self.starts, start) - 1)
        piece, first = self.pieces[index], self.starts[index]
        if not isinstance(piece, DraftText):
            return piece.place
        offset = min(start - first, len(piece.text))
        length = max(0, min(end - first, len(piece.text)) - offset)
        origin = piece.place.start + offset
        return Place(piece.place.source, origin, origin + length)


@lru_cache(maxsize=16)
def mark_pattern(prefix: str) -> re.Pattern[str]:
    """Matches a mark; group 1 is its number, group 2 its kind."""
    return re.compile(rf"{prefix}(\d+)([{HOLE}{OPEN}{NEXT}{CLOSE}])")


def mark_template(drafts: tuple[Draft, ...]) -> MarkedTemplate:
    prefix = absent_prefix(leaf.text for leaf in leaves(drafts) if isinstance(leaf, DraftText))
    writer = _Writer(prefix)
    writer.write(drafts)
    text = "".join(writer.parts)
    while text.count(prefix) != len(writer.marks) and _spells_marks(text, writer):
        # two pieces of text that only together spell a mark
        prefix += "q"
        writer = _Writer(prefix)
        writer.write(drafts)
        text = "".join(writer.parts)
    return MarkedTemplate(
        text=text,
        prefix=prefix,
        marks=tuple(writer.marks),
        starts=tuple(writer.starts),
        pieces=tuple(writer.pieces),
    )


def _spells_marks(text: str, writer: _Writer) -> bool:
    return len(mark_pattern(writer.prefix).findall(text)) != len(writer.marks)


def absent_prefix(texts: Iterable[str]) -> str:
    """The shortest of hb, hbq, hbqq, … that no text contains, whatever its case."""
    whole = "\n".join(texts).lower()
    prefix = "hb"
    while prefix in whole:
        prefix += "q"
    return prefix


class _Writer:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.parts: list[str] = []
        self.marks: list[Marked] = []
        self.starts: list[int] = []
        self.pieces: list[DraftText | Marked] = []
        self.length = 0

    def write(self, drafts: tuple[Draft, ...]) -> None:
        for draft in drafts:
            match draft:
                case DraftText(text=text):
                    self._append(text, draft)
                case DraftPut():
                    self._mark(draft, HOLE)
                case DraftIf(branches=branches, otherwise=otherwise):
                    bodies = [branch.body for branch in branches]
                    self._mark(draft, OPEN)
                    self._bodies(draft, [*bodies, otherwise])
                case DraftFor(body=body, otherwise=otherwise):
                    self._mark(draft, OPEN)
                    self._bodies(draft, [body, otherwise])
                case DraftSet():
                    pass
                case _:
                    assert_never(draft)

    def _bodies(self, draft: DraftIf | DraftFor, bodies: list[tuple[Draft, ...]]) -> None:
        for index, body in enumerate(bodies):
            self.write(body)
            self._mark(draft, CLOSE if index == len(bodies) - 1 else NEXT)

    def _mark(self, draft: Marked, kind: str) -> None:
        self._append(f"{self.prefix}{len(self.marks)}{kind}", draft)
        self.marks.append(draft)

    def _append(self, text: str, piece: DraftText | Marked) -> None:
        self.starts.append(self.length)
        self.pieces.append(piece)
        self.parts.append(text)
        self.length += len(text)
