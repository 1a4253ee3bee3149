"""What a published pointer says about where it comes from: who, why, and what came before it.

Taken from the commit, which anybody who may push can write: so it is bounded, on one line and
without control characters, and nothing is decided by it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from handbill.plan.pointer import Pointer
from handbill.publish.commits import CommitLog
from handbill.publish.reviewed import Reviews

MAX_BY, MAX_WHY, MAX_SKIPPED = 120, 200, 20
_UNSHOWN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode's categories of what cannot be seen or changes how a line is read."""


@dataclass(frozen=True, slots=True)
class Origin:
    """`between` gives the commits after an earlier one up to this one, oldest first; `reviews` says
    whether the plans are those that a review showed. None where nobody knows."""

    by: str = ""
    why: str = ""
    between: Callable[[str], tuple[str, ...]] | None = None
    reviews: Reviews | None = None

    def skipped(self, active: Pointer | None) -> tuple[str, ...]:
        """The last MAX_SKIPPED commits since the active one that were never published by themselves.
        Nothing is said right after a rollback, which took back some of them."""
        if self.between is None or active is None or active.restores:
            return ()
        return self.between(active.commit)[-MAX_SKIPPED:]


NOT_SAID = Origin()


def origin_of(log: CommitLog, commit: str, reviews: Reviews | None = None) -> Origin:
    """What is said of a commit; of one that cannot be read, nothing."""
    found = log.commit(commit)
    if found is None:
        return Origin(reviews=reviews)
    return Origin(
        one_line(found.author, MAX_BY),
        one_line(found.subject, MAX_WHY),
        lambda earlier: log.between(commit, earlier),
        reviews,
    )


def one_line(text: str, limit: int) -> str:
    """At most `limit` characters, all of which can be seen."""
    shown = "".join(
        " " if each.isspace() else each
        for each in text[: 4 * limit]
        if each.isspace() or unicodedata.category(each) not in _UNSHOWN
    )
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else f"{shown[: limit - 1].rstrip()}…"
