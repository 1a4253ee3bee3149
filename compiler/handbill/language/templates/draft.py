"""A template between parsing and escaping: operations whose holes do not know their escape yet.

Statements are already resolved (includes and blocks put in place, constants folded, dead branches
dropped), expressions are typed, every hole is a string. Each piece keeps the place in the file it came
from, because what stands around a hole may come from another file than the hole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias, assert_never

import msgspec

from handbill.diagnostics.diagnostic import SourceRange
from handbill.plan.ir import Expression
from handbill.source.text import SourceText


class Place(msgspec.Struct, frozen=True, gc=False):
    """`source.text[start:end]`."""

    source: SourceText
    start: int
    end: int

    @property
    def range(self) -> SourceRange:
        return self.source.range(self.start, self.end)

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]


class DraftText(msgspec.Struct, frozen=True, gc=False):
    """Text as the author wrote it; its first character stands at `place.start`."""

    text: str
    place: Place


class DraftPut(msgspec.Struct, frozen=True, gc=False):
    """A hole. A constant is kept as one until its surroundings are known."""

    expression: Expression
    place: Place


class DraftBranch(msgspec.Struct, frozen=True, gc=False):
    condition: Expression
    body: tuple[Draft, ...]
    place: Place


class DraftIf(msgspec.Struct, frozen=True, gc=False):
    branches: tuple[DraftBranch, ...]
    otherwise: tuple[Draft, ...]
    place: Place


class DraftFor(msgspec.Struct, frozen=True, gc=False):
    name: str
    items: Expression
    limit: int
    body: tuple[Draft, ...]
    otherwise: tuple[Draft, ...]
    place: Place


class DraftSet(msgspec.Struct, frozen=True, gc=False):
    """`place` is that of the value, where an author wrote one."""

    name: str
    expression: Expression
    place: Place | None = None


Draft: TypeAlias = DraftText | DraftPut | DraftIf | DraftFor | DraftSet
Leaf: TypeAlias = DraftText | DraftPut | DraftSet


def leaves(drafts: Iterable[Draft]) -> Iterator[Leaf]:
    """What is written or set, in order: of every branch, and of a loop's body and its `else`."""
    for draft in drafts:
        match draft:
            case DraftText() | DraftPut() | DraftSet():
                yield draft
            case DraftIf(branches=branches, otherwise=otherwise):
                for branch in branches:
                    yield from leaves(branch.body)
                yield from leaves(otherwise)
            case DraftFor(body=body, otherwise=otherwise):
                yield from leaves(body)
                yield from leaves(otherwise)
            case _:
                assert_never(draft)


def holes_of(drafts: Iterable[Draft]) -> Iterator[DraftPut]:
    return (leaf for leaf in leaves(drafts) if isinstance(leaf, DraftPut))
