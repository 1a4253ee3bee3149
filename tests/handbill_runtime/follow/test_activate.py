"""A candidate is built from what the pointer names, and what did not change is taken over."""

from __future__ import annotations

import msgspec
import pytest
from market import Market

from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.store.errors import NotInStore, PointerForeign
from handbill.store.pack import write_packs
from handbill_runtime.errors import PlanFault
from handbill_runtime.follow.activate import build_release
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.follow.shelf import Shelf
from handbill_runtime.stages.compiled import CompiledPlan


@pytest.fixture
def shelf(market: Market) -> Shelf:
    """Of a runtime that keeps nothing on its own disk."""
    return Shelf(market.store)


def test_what_is_active_is_what_was_compiled(market: Market, shelf: Shelf) -> None:
    market.tenant("north")
    market.points("trigger: {at: publish}", tenant="north")
    pointer = market.publish()
    built = build_release(shelf, pointer, None)
    compiled = market.compiled().release
    assert compiled is not None
    assert built.release == compiled.release and built.pointer == pointer
    assert {name: set(tenant.plans) for name, tenant in built.tenants.items()} == {
        "corner": {"points"},
        "north": {"points"},
    }
    assert set(built.channels) == {"email", "sms", "push", "webhook"}
    corner = built.tenants["corner"]
    assert corner.plans["points"].digest == corner.tenant.plans["points"]
    assert next(iter(corner.tables.values())).rows == (("main", "Main Street"),)


def test_unchanged_tenants_and_plans_are_taken_over(market: Market, shelf: Shelf) -> None:
    market.tenant("north")
    market.points("trigger: {at: publish}", tenant="north")
    market.points("trigger: {at: publish}", name="other")
    before = build_release(shelf, market.publish(), None)
    market.points(
        "{trigger: {at: publish}, status: paused}".strip("{}").replace(", ", "\n"), name="other"
    )
    after = build_release(shelf, market.publish(), before)
    assert after.tenants["north"] is before.tenants["north"]
    assert after.tenants["corner"] is not before.tenants["corner"]
    plans, old = after.tenants["corner"].plans, before.tenants["corner"].plans
    assert plans["points"] is old["points"] and plans["other"] is not old["other"]


def test_settings_of_another_environment_are_foreign(market: Market, shelf: Shelf) -> None:
    """Signed by the right key, but the pointer of one is bound to the settings of the other."""
    pointer = market.publish()
    environment = market.compiled().environments["test"]
    data = canonical_bytes(msgspec.structs.replace(environment, name="staging"))
    write_packs(market.store, {digest_of(data): {digest_of(data): data}})
    mixed = msgspec.structs.replace(pointer, environment_digest=digest_of(data))
    with pytest.raises(PointerForeign, match="settings of `staging`"):
        build_release(shelf, mixed, None)


def test_a_missing_object_is_told(market: Market, shelf: Shelf) -> None:
    pointer = market.publish()
    market.pack_file(pointer.environment_digest).unlink()
    with pytest.raises(NotInStore, match="missing from the store"):
        build_release(shelf, pointer, None)


def test_every_new_plan_is_tried(
    market: Market, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = build_release(shelf, market.publish(), None)
    market.points("trigger: {at: publish}", name="other")
    pointer = market.publish()
    tried = []

    def canary(self: object) -> None:
        tried.append(self.plan.campaign)  # type: ignore[attr-defined]
        raise PlanFault("HB931", "does not run")

    monkeypatch.setattr("handbill_runtime.stages.compiled.CompiledPlan.canary", canary)
    with pytest.raises(PlanFault):
        build_release(shelf, pointer, first)
    assert tried == ["other"]


# ── a tenant whose plans do not run ──────────────────────────────────────────────────────────────


def plans_of(release: ActiveRelease, tenant: str) -> set[str]:
    return {plan.digest for plan in release.tenants[tenant].plans.values()}


def break_plans(monkeypatch: pytest.MonkeyPatch, tenant: str) -> None:
    def canary(self: CompiledPlan) -> None:
        if self.plan.tenant == tenant:
            raise PlanFault("HB931", f"the plan of `{tenant}` does not run")

    monkeypatch.setattr(CompiledPlan, "canary", canary)


def test_a_tenant_that_cannot_run_keeps_what_it_has_and_stops_nobody(
    market: Market, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.tenant("north")
    market.points("trigger: {at: publish}", tenant="north")
    before = build_release(shelf, market.publish(), None)
    for tenant in ("corner", "north"):
        market.points("trigger: {at: publish}\npriority: 70", tenant=tenant)
    pointer = market.publish()
    with monkeypatch.context() as broken:
        break_plans(broken, "north")
        after = build_release(shelf, pointer, before)
        alone = build_release(shelf, pointer, None)
    assert set(after.faults) == {"north"}
    assert after.tenants["north"] is before.tenants["north"]
    assert plans_of(after, "corner") != plans_of(before, "corner")
    assert set(alone.tenants) == {"corner"} and set(alone.faults) == {"north"}
    healed = build_release(shelf, pointer, after)
    assert healed.faults == {}
    assert plans_of(healed, "north") != plans_of(before, "north")


def test_a_release_of_which_nothing_runs_is_refused(
    market: Market, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointer = market.publish()
    break_plans(monkeypatch, "corner")
    with pytest.raises(PlanFault):
        build_release(shelf, pointer, None)
