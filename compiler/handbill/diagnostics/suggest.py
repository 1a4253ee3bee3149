"""Did you mean …: the nearest known word to one that is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

MAX_WORD = 64
MAX_CANDIDATES = 2_000
MAX_MEANT = 2
_SAME: Mapping[str, tuple[str, ...]] = {
    "name": ("first name", "last name"),
    "forename": ("first name",),
    "surname": ("last name",),
    "mail": ("email",),
    "birthdate": ("birthday", "birth date", "date of birth"),
    "dob": ("birthday", "date of birth"),
    "mobile": ("phone",),
    "telephone": ("phone",),
    "zip": ("postal code", "postcode", "zip code"),
    "language": ("locale",),
    "loyalty": ("tier", "points"),
}
"""Other words that people have for what customers' fields are often called."""
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+")


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` was most likely meant to be, or None when none is near.

    Near: the same but for case, `-`, `_`, `.` and blanks; a typing slip for every three characters
    (one left out, added, changed, or two swapped); or one the beginning of the other. Of equally
    near ones the one of the same letters, then of the nearest length, then the first in sorted
    order: the order of `candidates` is no matter.
    """
    found = _closest(word, candidates)
    return found[1] if found else None


def meant(word: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """The candidates that `word` may stand for, at most MAX_MEANT, the likeliest first.

    One that is at most a slip away; else those that share its words (`name` and `first_name`,
    `emailAddress` and `email`) or what these are also called (`surname`); else the closest.
    """
    known = tuple(sorted(set(candidates)))[:MAX_CANDIDATES]
    near = _closest(word, known)
    if near is not None and near[0] <= 1:
        return (near[1],)
    return _by_words(word, known) or ((near[1],) if near else ())


def _by_words(word: str, candidates: Iterable[str]) -> tuple[str, ...]:
    wanted = _words(word)
    others = [frozenset(each.split()) for each in _SAME.get(" ".join(wanted), ())]
    found: list[tuple[int, int, str]] = []
    for candidate in candidates:
        words = frozenset(_words(candidate))
        if words in others:
            found.append((0, others.index(words), candidate))
        elif words and wanted and (words > set(wanted) or words < set(wanted)):
            found.append((1, len(words ^ set(wanted)), candidate))
    return tuple(candidate for *_, candidate in sorted(found)[:MAX_MEANT])


def _words(name: str) -> tuple[str, ...]:
    return tuple(each.lower() for each in _WORD.findall(name[:MAX_WORD]))


def _closest(word: str, candidates: Iterable[str]) -> tuple[int, str] | None:
    """With the number of slips."""
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
    return (best[0], best[3]) if best else None


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
