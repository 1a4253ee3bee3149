"""Putting something into a template between its pieces, wherever it stands in the marked text.

Everything else keeps its place in the author's file, so that what is reported later still points there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
from handbill.language.templates.marked import MarkedTemplate


@dataclass(slots=True)
class Edits:
    """`insert` at an offset of the marked text; `replace` one hole's expression by its mark."""

    marked: MarkedTemplate
    inserted: dict[int, list[tuple[int, tuple[Draft, ...]]]] = field(default_factory=dict)
    holes: dict[int, DraftPut] = field(default_factory=dict)

    def insert(self, offset: int, drafts: Sequence[Draft]) -> None:
        """Before the piece that starts at `offset`, or inside the text around it; at the end of a
        body where that ends there."""
        if offset == len(self.marked.text):
            index, within = len(self.marked.pieces), 0
        else:
            index = bisect_right(self.marked.starts, offset) - 1
            within = offset - self.marked.starts[index]
        self.inserted.setdefault(index, []).append((within, tuple(drafts)))

    def put(self, mark: int, put: DraftPut) -> None:
        self.holes[mark] = put

    def apply(self, drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
        """`drafts` are those that were marked."""
        if not self.inserted and not self.holes:
            return drafts
        rewriting = _Rewriting(self)
        return (*rewriting.body(drafts), *rewriting.inserted())


class _Rewriting:
    """Walks drafts in the order in which they were marked, counting pieces."""

    def __init__(self, edits: Edits) -> None:
        self.edits = edits
        self.numbers: Mapping[int, int] = {
            id(draft): number for number, draft in enumerate(edits.marked.marks)
        }
        self.index = 0

    def body(self, drafts: Iterable[Draft]) -> tuple[Draft, ...]:
        result: list[Draft] = []
        for draft in drafts:
            match draft:
                case DraftText():
                    result += _split(draft, self._here())
                case DraftPut():
                    before = self._here()
                    result += [each for _, inserted in before for each in inserted]
                    result.append(self.edits.holes.get(self.numbers[id(draft)], draft))
                case DraftIf(branches=branches, otherwise=otherwise):
                    result += self.inserted()
                    bodies = [replace(branch, body=self._whole(branch.body)) for branch in branches]
                    rest = self._whole(otherwise)
                    result.append(replace(draft, branches=tuple(bodies), otherwise=rest))
                case DraftFor(body=body, otherwise=otherwise):
                    result += self.inserted()
                    inner = self._whole(body)
                    rest = self._whole(otherwise)
                    result.append(replace(draft, body=inner, otherwise=rest))
                case DraftSet():
                    result.append(draft)
                case _:
                    assert_never(draft)
        return tuple(result)

    def _here(self) -> list[tuple[int, tuple[Draft, ...]]]:
        found = sorted(self.edits.inserted.get(self.index, ()), key=lambda each: each[0])
        self.index += 1
        return found

    def _whole(self, body: tuple[Draft, ...]) -> tuple[Draft, ...]:
        """A body with what is inserted before the mark that ends it."""
        return (*self.body(body), *self.inserted())

    def inserted(self) -> list[Draft]:
        return [draft for _, drafts in self._here() for draft in drafts]


def _split(draft: DraftText, inserted: Sequence[tuple[int, tuple[Draft, ...]]]) -> list[Draft]:
    result: list[Draft] = []
    cursor = 0
    for offset, drafts in inserted:
        offset = min(offset, len(draft.text))
        result += [_part(draft, cursor, offset), *drafts]
        cursor = offset
    result.append(_part(draft, cursor, len(draft.text)))
    return [each for each in result if not (isinstance(each, DraftText) and each.text == "")]


def _part(draft: DraftText, start: int, end: int) -> DraftText:
    place = draft.place
    return DraftText(
        draft.text[start:end], Place(place.source, place.start + start, place.start + end)
    )


def written(text: str, at: Place) -> DraftText:
    """A text that nobody wrote in a file; `at` is what it is put beside."""
    return DraftText(text, Place(at.source, at.start, at.start))
