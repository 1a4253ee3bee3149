"""What a runtime runs: one immutable value, replaced whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handbill.plan.model import Channel, Environment, Release
from handbill.plan.pointer import Pointer
from handbill_runtime.errors import PlanFault
from handbill_runtime.stages.compiled import CompiledTenant


@dataclass(frozen=True, slots=True)
class ActiveRelease:
    """A verified release with its functions. Work that holds one finishes under it, whatever is
    activated meanwhile."""

    pointer: Pointer
    release: Release
    environment: Environment
    tenants: Mapping[str, CompiledTenant]
    channels: Mapping[str, Channel]
    faults: Mapping[str, PlanFault] = field(default_factory=dict)
    """Tenants that run what they ran before, or nothing, because a plan of theirs does not run."""

    @property
    def plans(self) -> int:
        return sum(len(tenant.plans) for tenant in self.tenants.values())
