"""Emergency stops in words, for `history` and `status`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handbill.store.pause import Pause, PauseStanding

MOST_TENANTS = 10
"""Named in one line; of the others only the number is said."""


def stopped(pause: Pause) -> str:
    """Who is stopped by it."""
    if pause.everyone:
        return "everybody"
    named = ", ".join(pause.tenants[:MOST_TENANTS]) or "nobody"
    more = len(pause.tenants) - MOST_TENANTS
    return f"{named} and {more} more" if more > 0 else named


def audit_text(pauses: Sequence[Pause]) -> list[str]:
    """Every stop and resumption, newest first; nothing where there never was one."""
    if not pauses:
        return []
    return ["", "  stop  issued                who is stopped, by whom and why"] + [
        f"{each.number:>6}  {each.issued}  {stopped(each)}; {each.by}: {each.reason}"
        for each in pauses
    ]


def standing_text(standing: PauseStanding) -> list[str]:
    """Who is stopped now, and what is wrong with the file that says so."""
    pause, problem = standing.pause, standing.problem
    lines = []
    if pause is not None and not pause.is_idle:
        lines.append(
            f"stopped: {stopped(pause)} (number {pause.number}, {pause.by} at {pause.issued}: "
            f"{pause.reason})"
        )
    if problem is not None:
        lines.append(f"  error[{problem.code}]: {problem.message}")
        if problem.hint:
            lines.append(f"    = help: {problem.hint}")
    return lines
