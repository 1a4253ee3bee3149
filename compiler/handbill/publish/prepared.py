"""What a publish has decided, before anything of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.model import Digest
from handbill.plan.pointer import Held, Pointer
from handbill.publish.advance import Standing
from handbill.publish.freeze import frozen
from handbill.publish.held import PublishedRelease
from handbill.publish.publication import Outcome, Publication, tenant_changes
from handbill.publish.rings import aim_of
from handbill.publish.staged import Staged
from handbill.store.release import StoredRelease

Packs: TypeAlias = Mapping[Digest, Mapping[Digest, bytes]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """`merged` is all of the commit, `staged` what of it goes out now. `environment` is the digest of
    that object; `packs` are all that the release needs and this commit has."""

    merged: PublishedRelease
    staged: Staged
    held: tuple[Held, ...]
    environment: Digest
    packs: Packs
    previous: StoredRelease | None
    notices: tuple[Diagnostic, ...]

    def is_active(self, standing: Standing) -> bool:
        """Whether that runs already, and leads to the same."""
        active = standing.pointer
        if active is None or standing.damaged is not None:
            return False
        wanted = (self.staged.active.digest, self.environment, self.held, self.staged.aim)
        return (active.release, active.environment_digest, active.held, aim_of(active)) == wanted

    def unchanged(self, active: Pointer) -> Outcome:
        """Whether nothing was to be done, or a freeze keeps it from being done."""
        if self.staged.freeze is None or self.merged.digest == aim_of(active):
            return Outcome.UNCHANGED
        return Outcome.WAITING

    def publication(self, outcome: Outcome, pointer: Pointer, written: int) -> Publication:
        """`written` is how many packs were."""
        before = self.previous.release.tenants if self.previous else {}
        changes = tenant_changes(before, self.staged.active.release.tenants)
        left = tuple(sorted((*self.merged.left_out, *self.merged.outdated)))
        freeze = self.staged.freeze
        notices = self.notices
        if freeze is not None:
            notices = (*notices, frozen(pointer.environment, freeze, self.staged.named))
        until = freeze.ends if freeze else None
        return Publication(outcome, pointer, changes, left, written, notices, until)
