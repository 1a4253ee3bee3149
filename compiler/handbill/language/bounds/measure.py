"""What is counted of a text, and the extent of a set of texts: the least and most of each count.

Every count is a sum over characters, so that of a sequence is the sum, of a choice the hull, of a loop
a multiple. Septets count what GSM 03.38 has; a text with a `foreign` character is sent as UCS-2.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from operator import add
from typing import NamedTuple

import msgspec

from handbill.plan.alphabets import GSM, GSM_EXTENSION

_WITHOUT_GSM = str.maketrans(dict.fromkeys(GSM))


class Measure(NamedTuple):
    """Counts of one text (or bounds of them). Bytes are UTF-8's, units UTF-16's."""

    characters: int = 0
    visible: int = 0
    """Characters that are not white space."""
    bytes: int = 0
    units: int = 0
    pairs: int = 0
    """Characters beyond U+FFFF: of two units each."""
    septets: int = 0
    extensions: int = 0
    """Characters of two septets."""
    foreign: int = 0
    """Characters that GSM 03.38 does not have; they count no septets."""

    def plus(self, other: Measure) -> Measure:
        return Measure._make(map(add, self, other))

    def times(self, count: int) -> Measure:
        return Measure._make([value * count for value in self])

    def least(self, other: Measure) -> Measure:
        return Measure._make(map(min, self, other))

    def most(self, other: Measure) -> Measure:
        return Measure._make(map(max, self, other))


NOTHING = Measure()


@lru_cache(maxsize=512)
def measure(text: str) -> Measure:
    """The exact counts of a text."""
    if not text:
        return NOTHING
    size = len(text)
    units = size if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
    foreign = len(text.translate(_WITHOUT_GSM))
    extensions = sum(map(text.count, GSM_EXTENSION))
    return Measure(
        characters=size,
        visible=len("".join(text.split())),
        bytes=size if text.isascii() else len(text.encode("utf-8", "surrogatepass")),
        units=units,
        pairs=units - size,
        septets=size - foreign + extensions,
        extensions=extensions,
        foreign=foreign,
    )


class Extent(msgspec.Struct, frozen=True, gc=False):
    """The least and the most of each count. The ends of different counts may be different texts."""

    low: Measure
    high: Measure

    def plus(self, other: Extent) -> Extent:
        return Extent(self.low.plus(other.low), self.high.plus(other.high))

    def hull(self, other: Extent) -> Extent:
        return Extent(self.low.least(other.low), self.high.most(other.high))

    def repeated(self, least: int, most: int) -> Extent:
        """Between `least` and `most` of these, one after another."""
        return Extent(self.low.times(least), self.high.times(most))


EMPTY = Extent(NOTHING, NOTHING)


def extent_of_text(text: str) -> Extent:
    size = measure(text)
    return Extent(size, size)


def hull(extents: Iterable[Extent]) -> Extent:
    """The extent of a choice; at least one alternative."""
    first, *rest = extents
    for each in rest:
        first = first.hull(each)
    return first


def total(extents: Iterable[Extent]) -> Extent:
    """The extent of a sequence."""
    result = EMPTY
    for each in extents:
        result = result.plus(each)
    return result
