"""What came of one publish or rollback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.model import Digest
from handbill.plan.pointer import Held, Pointer


class Outcome(StrEnum):
    """`superseded`: a later commit is active; `withdrawn`: a rollback took this one back. `waiting`: a
    freeze holds it back. `advanced` and `stopped` are steps of a rollout."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    RENEWED = "renewed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting"
    ADVANCED = "advanced"
    STOPPED = "stopped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class TenantChanges:
    """Between what ran before and what runs now."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """`pointer` is what the environment runs now, whatever the outcome."""

    outcome: Outcome
    pointer: Pointer | None
    changes: TenantChanges = TenantChanges()
    left_out: tuple[str, ...] = ()
    """Tenants with errors of which nothing could be kept."""
    packs: int = 0
    """How many packs were written."""
    diagnostics: tuple[Diagnostic, ...] = ()
    waits_until: datetime | None = None
    """When the freeze ends that holds it, or a part of it, back."""

    @property
    def held(self) -> tuple[Held, ...]:
        return self.pointer.held if self.pointer else ()


def tenant_changes(before: Mapping[str, Digest], after: Mapping[str, Digest]) -> TenantChanges:
    both = before.keys() & after.keys()
    return TenantChanges(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(name for name in both if before[name] != after[name])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )
