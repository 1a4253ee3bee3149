"""Did you mean …: the nearest known word to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

MAX_WORD = 64
MAX_CANDIDATES = 2_000


def closest(word: str, candidates: Iterable[str], cutoff: float = 0.66) -> str | None:
    """The candidate that `word` was most likely meant to be, or None when none is near.

    Near: the same but for case, `-` and `_`; or alike by at least `cutoff` (2 × matching characters
    ÷ both lengths). Ties go to the first in sorted order, so the order of `candidates` is no matter.
    """
    if not word or len(word) > MAX_WORD:
        return None
    known = sorted(set(candidates))[:MAX_CANDIDATES]
    folded = _fold(word)
    best: tuple[float, str] | None = None
    for candidate in known:
        score = _likeness(folded, _fold(candidate))
        if score >= cutoff and (best is None or score > best[0]):
            best = (score, candidate)
    return best[1] if best else None


def _fold(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_").replace(".", "_")


def _likeness(left: str, right: str) -> float:
    if left == right:
        return 1.0
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.ratio()
