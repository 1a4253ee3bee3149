"""The first line of a diff: what happens, to how many, and that nothing else does."""

from __future__ import annotations

from collections import Counter

from handbill.diff.model import ReleaseDiff

_VERBS = {
    "started": ("starts", "start"),
    "stopped": ("stops", "stop"),
    "added": ("is added", "are added"),
    "removed": ("is removed", "are removed"),
    "changed": ("changes", "change"),
}


def summary(diff: ReleaseDiff) -> str:
    """`1 campaign of fresh-fields changes; 43 plans are identical`."""
    happening = _happening(diff)
    if not happening:
        whom = "in what could be compared" if diff.not_compared else "for customers"
        happening = f"nothing changes {whom}"
        if diff.shared:
            happening = "no campaign changes, but what they share does"
    if diff.not_compared and not diff.identical:
        return happening
    return f"{happening}; {_others(diff)}"


def _happening(diff: ReleaseDiff) -> str:
    counts: Counter[str] = Counter()
    for entry in diff.entries:
        counts[entry.kind] += len(entry.subjects)
    parts: list[str] = []
    for kind, (singular, plural) in _VERBS.items():
        count = counts[kind]
        if count:
            noun = "" if parts else (" campaign" if count == 1 else " campaigns")
            whose = "" if parts else f" of {_whose(diff)}"
            parts.append(f"{count}{noun}{whose} {singular if count == 1 else plural}")
    return ", ".join(parts)


def _whose(diff: ReleaseDiff) -> str:
    tenants = sorted({subject.tenant for entry in diff.entries for subject in entry.subjects})
    return tenants[0] if len(tenants) == 1 else f"{len(tenants)} retailers"


def _others(diff: ReleaseDiff) -> str:
    match diff.identical:
        case 0:
            return "there are no other plans" if diff.plans else "there are no plans"
        case 1:
            return "1 plan is identical"
        case count:
            return f"{count:,} plans are identical"
