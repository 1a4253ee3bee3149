"""What "stricter" means for each kind of value that only tightens (law 3).

Each function chooses among all writes of one field; the choice never depends on their order in the
layers, so no lower layer can loosen what a higher one set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from handbill.resolve.layers import Write
from handbill.schema.laws import Law
from handbill.schema.scalars import ScalarError, parse_rate, parse_share, parse_window

PARSERS: Mapping[Law, Callable[[str], object]] = {
    Law.STRICTEST: parse_rate,
    Law.UNION: parse_window,
    Law.LARGEST: parse_share,
}
"""What a value must be so that its law can compare it."""


def not_comparable(law: Law, writes: Iterable[Write]) -> ScalarError | None:
    """Why one of the values cannot be compared: a parameter can make it anything."""
    for write in writes:
        try:
            PARSERS.get(law, str)(str(write.value))
        except ScalarError as error:
            return error
    return None


def strictest_rates(writes: Iterable[Write]) -> tuple[Write, ...]:
    """For each length of window the smallest count; caps over different windows all apply.

    Shortest window first. Between equals the higher layer counts as the one that decides.
    """
    strictest: dict[int, tuple[int, Write]] = {}
    for write in writes:
        count, seconds = parse_rate(str(write.value))
        if seconds not in strictest or count < strictest[seconds][0]:
            strictest[seconds] = (count, write)
    return tuple(write for _, (_, write) in sorted(strictest.items(), key=lambda item: item[0]))


def distinct_windows(writes: Iterable[Write]) -> tuple[Write, ...]:
    """Every window once, in order of its start."""
    windows: dict[tuple[int, int], Write] = {}
    for write in writes:
        windows.setdefault(parse_window(str(write.value)), write)
    return tuple(write for _, write in sorted(windows.items(), key=lambda item: item[0]))


def largest_share(writes: Iterable[Write]) -> Write:
    """The largest share; between equals the higher layer's."""
    return max(writes, key=lambda write: parse_share(str(write.value)))
