"""Building the release that a pointer names: fetched, verified, compiled, tried.

Only what changed is fetched and compiled anew; a tenant whose digest is the active one's is taken
over as it is. Nothing here changes what runs: the follower swaps when all of this succeeded. A
tenant whose plans do not run keeps those that do, and no other waits for it.
"""

from __future__ import annotations

from handbill.plan.model import Digest, Pointer
from handbill.store.errors import PointerForeign
from handbill.store.release import read_environment, read_release, read_tenant
from handbill.store.store import Store
from handbill_runtime.errors import PlanFault
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant, compile_plan


def build_release(store: Store, pointer: Pointer, active: ActiveRelease | None) -> ActiveRelease:
    """The candidate. Raises a StoreError where anything about it is wrong, and a PlanFault where
    none of its tenants can run."""
    environment = read_environment(store, pointer.environment_digest)
    if environment.name != pointer.environment:
        raise PointerForeign(
            f"the pointer of `{pointer.environment}` is bound to the settings of "
            f"`{environment.name}`",
            "publish this environment again",
        )
    stored = read_release(store, pointer.release)
    known = _known(active)
    tenants: dict[str, CompiledTenant] = {}
    faults: dict[str, PlanFault] = {}
    for name, digest in stored.release.tenants.items():
        try:
            tenants[name] = known.get(digest) or _build_tenant(store, digest, active)
        except PlanFault as fault:
            faults[name] = fault
    if faults and not tenants:
        raise next(iter(faults.values()))
    channels = stored.channels
    if faults and active is not None:
        tenants |= {name: active.tenants[name] for name in faults.keys() & active.tenants.keys()}
        channels = {**active.channels, **channels}
    return ActiveRelease(pointer, stored.release, environment, tenants, channels, faults)


def _known(active: ActiveRelease | None) -> dict[Digest, CompiledTenant]:
    """The active tenants by digest."""
    if active is None:
        return {}
    return {
        digest: active.tenants[name]
        for name, digest in active.release.tenants.items()
        if name not in active.faults
    }


def _build_tenant(store: Store, digest: Digest, active: ActiveRelease | None) -> CompiledTenant:
    stored = read_tenant(store, digest)
    before = active.tenants.get(stored.tenant.name) if active else None
    plans: dict[str, CompiledPlan] = {}
    for name, plan in stored.plans.items():
        plan_digest = stored.tenant.plans[name]
        same = before.plans.get(name) if before else None
        if same is None or same.digest != plan_digest:
            same = compile_plan(plan, plan_digest)
            same.canary()
        plans[name] = same
    return CompiledTenant(stored.tenant, plans, stored.tables)
