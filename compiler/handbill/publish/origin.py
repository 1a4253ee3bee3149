"""What a published pointer says about where it comes from: who, why, and what came before it.

Taken from the commit, which anybody who may push can write: so it is bounded, on one line and
without control characters, and nothing is decided by it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from handbill.publish.commits import Commit
from handbill.publish.reviewed import Reviews

MAX_BY, MAX_WHY, MAX_SKIPPED = 120, 200, 20
_UNSHOWN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode's categories of what cannot be seen or changes how a line is read."""


@dataclass(frozen=True, slots=True)
class Origin:
    """`skipped` are commits, oldest first, that were never published by themselves because a later
    one came before they were looked at; the last MAX_SKIPPED of them. `reviews` says whether the plans
    are those that a review showed; None where nobody keeps reviews."""

    by: str = ""
    why: str = ""
    skipped: tuple[str, ...] = ()
    reviews: Reviews | None = None


NOT_SAID = Origin()


def origin_of(
    commit: Commit | None, skipped: tuple[str, ...] = (), reviews: Reviews | None = None
) -> Origin:
    """None for a commit that cannot be read: then nothing is said of it."""
    if commit is None:
        return Origin(reviews=reviews)
    return Origin(
        one_line(commit.author, MAX_BY),
        one_line(commit.subject, MAX_WHY),
        skipped[-MAX_SKIPPED:],
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
