"""What becomes of a campaign: whether it starts, stops, comes or goes, and under which name."""

from __future__ import annotations

from typing import Literal, TypeAlias

from handbill.diff.matching import Pair
from handbill.diff.model import FieldChange, SettingsChange

Kind: TypeAlias = Literal["added", "removed", "started", "stopped", "changed"]
NONE, DRAFT = "", "draft"


def kind_of(pair: Pair) -> Kind:
    was, now = status_before(pair), status_after(pair)
    if was == now:
        return "changed"
    if now == "active":
        return "started"
    if was == "active":
        return "stopped"
    if pair.subject.before is None:
        return "added"
    return "removed" if pair.subject.after is None else "changed"


def status_before(pair: Pair) -> str:
    """`active`, `paused`, `draft` or nothing at all."""
    if pair.before is None:
        return NONE
    return DRAFT if pair.draft_before else pair.before.status


def status_after(pair: Pair) -> str:
    if pair.after is None:
        return NONE
    return DRAFT if pair.draft_after else pair.after.status


def lifecycle_change(pair: Pair) -> SettingsChange | None:
    fields = [FieldChange(field="status", before=status_before(pair), after=status_after(pair))]
    if pair.before is not None and pair.after is not None:
        before, after = pair.before, pair.after
        fields += [
            FieldChange(field="name", before=before.campaign, after=after.campaign),
            FieldChange(field="was", before=before.identity, after=after.identity),
        ]
    changed = tuple(each for each in fields if each.before != each.after)
    return SettingsChange(about="lifecycle", fields=changed) if changed else None
