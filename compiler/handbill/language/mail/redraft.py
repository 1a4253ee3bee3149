"""Marked HTML that a converter made, as drafts again: what was written between the marks, anew.

A hole may have come to stand in several places: each becomes a hole of its own, with its own escape. What
a template sets is set right after the turn of control flow before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import assert_never

from msgspec.structs import replace

from handbill.language.templates.draft import (
    Draft,
    DraftFor,
    DraftIf,
    DraftPut,
    DraftSet,
    DraftText,
    Place,
)
from handbill.language.templates.marked import CLOSE, HOLE, OPEN, Marked, mark_pattern
from handbill.source.text import SourceText

GENERATED = "(the HTML that is made of a template)"
"""The name of the file in which such a text stands, for findings to tell it by."""


class OutOfOrder(Exception):
    """The marks do not stand as they were set; `mark` is the first that does not, None at the end."""

    def __init__(self, mark: int | None) -> None:
        super().__init__(f"mark {mark}")
        self.mark = mark


def redraft(
    html: str, original: Sequence[Draft], marks: tuple[Marked, ...], prefix: str
) -> tuple[Draft, ...]:
    """Drafts of `html`, whose marks are those of `original`. Raises OutOfOrder."""
    reader = _Reader(html, marks, mark_pattern(prefix))
    drafts, end = reader.body(original)
    if end is not None:
        raise OutOfOrder(int(end[1]))
    reader.check_complete()
    return tuple(drafts)


class _Reader:
    def __init__(
        self,
        html: str,
        marks: tuple[Marked, ...],
        pattern: re.Pattern[str],
    ) -> None:
        self.source = SourceText.of_file(GENERATED, html)
        self.marks, self.text = marks, html
        self.matches = pattern.finditer(html)
        self.cursor = 0
        self.turned: set[int] = set()

    def body(self, original: Sequence[Draft]) -> tuple[list[Draft], re.Match[str] | None]:
        """Drafts up to the mark that ends this body, or the end of the text; and that mark."""
        sets = _sets_after(original)
        drafts: list[Draft] = [*sets[None]]
        for match in self.matches:
            drafts += self._text(match.start())
            self.cursor = match.end()
            number, kind = int(match[1]), match[2]
            draft = self.marks[number]
            if kind == HOLE and isinstance(draft, DraftPut):
                drafts.append(DraftPut(draft.expression, draft.place))  # an object of its own
            elif kind == OPEN and not isinstance(draft, DraftPut):
                drafts += [self._choice(draft, number), *sets.get(id(draft), ())]
            else:
                return drafts, match
        drafts += self._text(len(self.text))
        return drafts, None

    def _choice(self, draft: DraftIf | DraftFor, number: int) -> Draft:
        match draft:
            case DraftIf(branches=branches, otherwise=otherwise):
                *ways, rest = self._bodies(
                    draft, number, [*(each.body for each in branches), otherwise]
                )
                chosen = (
                    replace(branch, body=body) for branch, body in zip(branches, ways, strict=True)
                )
                return replace(draft, branches=tuple(chosen), otherwise=rest)
            case DraftFor(body=body, otherwise=otherwise):
                rounds, rest = self._bodies(draft, number, [body, otherwise])
                return replace(draft, body=rounds, otherwise=rest)
            case _:
                assert_never(draft)

    def _bodies(
        self, draft: Marked, number: int, originals: Sequence[Sequence[Draft]]
    ) -> list[tuple[Draft, ...]]:
        self.turned.add(number)
        bodies = []
        for index, original in enumerate(originals):
            body, end = self.body(original)
            last = index == len(originals) - 1
            if end is None or self.marks[int(end[1])] is not draft or (end[2] == CLOSE) != last:
                raise OutOfOrder(int(end[1]) if end else number)
            self.turned.add(int(end[1]))
            bodies.append(tuple(body))
        return bodies

    def check_complete(self) -> None:
        """Every turn is there; a hole may be gone, as a title's on a tag that shows none."""
        for number, draft in enumerate(self.marks):
            if not isinstance(draft, DraftPut) and number not in self.turned:
                raise OutOfOrder(number)

    def _text(self, end: int) -> Iterator[DraftText]:
        if end > self.cursor:
            place = Place(self.source, self.cursor, end)
            yield DraftText(self.text[self.cursor : end], place)


def _sets_after(body: Sequence[Draft]) -> dict[int | None, list[DraftSet]]:
    """What a body sets: at its start (None), and after each of its choices and loops (by identity).

    Between two of these there are only texts and holes, so the first moment is as good as any.
    """
    found: dict[int | None, list[DraftSet]] = {None: []}
    last: int | None = None
    for draft in body:
        match draft:
            case DraftIf() | DraftFor():
                last = id(draft)
                found[last] = []
            case DraftSet():
                found[last].append(draft)
            case DraftText() | DraftPut():
                pass
            case _:
                assert_never(draft)
    return found
