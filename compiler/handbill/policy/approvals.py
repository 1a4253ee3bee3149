"""Who has approved, and whether that is enough.

Teams cannot be looked up without the place of the reviews: whoever calls passes the handles of the people
who approved and of the teams for which they did. Handles are compared without regard to case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Approvals:
    """Handles, folded, each with its `@`."""

    handles: frozenset[str]

    def by_one_of(self, owners: Collection[str]) -> bool:
        """Whether one of them has approved; never for nobody."""
        return any(_folded(each) in self.handles for each in owners)


def approvals_of(handles: Iterable[str]) -> Approvals:
    """`@` may be left out, blanks and empty entries do not count."""
    return Approvals(frozenset(_folded(each) for each in handles if each.strip(" @")))


def _folded(handle: str) -> str:
    return "@" + handle.strip().lstrip("@").casefold()
