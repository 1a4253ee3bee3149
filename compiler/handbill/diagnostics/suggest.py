"""Did you mean …: the nearest known word to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable

MAX_WORD = 64
MAX_CANDIDATES = 2_000


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` was most likely meant to be, or None when none is near.

    Near: the same but for case, `-`, `_`, `.` and blanks; a typing slip for every three characters
    (one left out, added, changed, or two swapped); or one the beginning of the other. Of equally
    near ones the one of the same letters, then of the nearest length, then the first in sorted
    order: the order of `candidates` is no matter.
    """
    if not word or len(word) > MAX_WORD:
        return None
    folded = _fold(word)
    best: tuple[int, bool, int, str] | None = None
    for candidate in sorted(set(candidates))[:MAX_CANDIDATES]:
        other = _fold(candidate)
        distance = _distance(folded, other)
        if distance is None:
            continue
        other_letters = sorted(folded) != sorted(other)
        found = (distance, other_letters, abs(len(candidate) - len(word)), candidate)
        best = found if best is None else min(best, found)
    return best[3] if best else None


def _fold(word: str) -> str:
    folded = word.casefold()
    for char in "- .":
        folded = folded.replace(char, "_")
    return folded


def _distance(left: str, right: str) -> int | None:
    """Slips between two words; None when they are not near."""
    if left == right:
        return 0
    short, long = sorted((left, right), key=len)
    if len(short) >= 3 and long.startswith(short):
        return 1
    allowed = min(len(left), len(right)) // 3
    if len(long) - len(short) > allowed:
        return None
    slips = _slips(left, right)
    return slips if slips <= allowed else None


def _slips(left: str, right: str) -> int:
    """Optimal string alignment distance."""
    before: list[int] = []
    above = list(range(len(right) + 1))
    for row, char in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            cost = min(
                above[column] + 1,
                current[column - 1] + 1,
                above[column - 1] + (char != other),
            )
            swapped = row > 1 and column > 1 and char == right[column - 2]
            if swapped and left[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, above = above, current
    return above[-1]
