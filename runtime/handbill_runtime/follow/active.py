"""What a runtime runs: one immutable value, replaced whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handbill.plan.model import Channel, Environment, Pointer, Release
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

    @property
    def plans(self) -> int:
        return sum(len(tenant.plans) for tenant in self.tenants.values())
