"""How much of a commit goes out: read off the decision, with nothing written."""

from __future__ import annotations

from dataclasses import replace

from rollout_world import FREEZE, GROUPS, ORDERS, World, titles
from sample_release import compiled

from handbill.lower.bringing_out import BringingOut
from handbill.lower.release import CompiledRelease
from handbill.publish.mixture import ReleasePack
from handbill.publish.orders import Orders
from handbill.publish.staged import Stage, Staged
from handbill.store.pack import read_pack
from handbill.store.release import read_release

OLD = titles(ann="A", ben="B", dan="D")
NEW = titles(ann="A2", ben="B2", dan="D2")
FREEZES = BringingOut(ORDERS.bringing_out.rings, (FREEZE,))


def pack_of(release: CompiledRelease) -> ReleasePack:
    return ReleasePack(release.release, release.digest, release.packs[release.digest])


def staged(world: World, target: CompiledRelease, orders: Orders = ORDERS) -> Staged:
    stage = Stage(
        world.pointer,
        read_release(world.store, world.pointer.release),
        world.now,
        orders,
        lambda root: target.packs[root] if root in target.packs else read_pack(world.store, root),
        lambda digest: read_release(world.store, digest),
        dict,
    )
    found = stage.of(pack_of(target))
    assert isinstance(found, Staged)
    return found


def new_tenants(found: Staged, target: CompiledRelease) -> set[str]:
    """Who would run the target."""
    wanted = target.release.tenants
    return {name for name, root in found.active.release.tenants.items() if wanted[name] == root}


def test_rings_begin_with_the_first_that_the_change_concerns(world: World) -> None:
    world.commit(OLD, "1" * 40)
    target = compiled(NEW)
    found = staged(world, target)
    assert new_tenants(found, target) == {"ann"}
    assert found.rollout is not None and found.aim == target.digest != found.active.digest
    assert [ring.name for ring in found.rollout.rings] == ["canary", "group", "everyone"]
    assert found.rollout.rings[1].tenants == ("ben", "cat"), "the group's members, as they are now"
    assert found.rollout.reached == 1
    assert (found.rollout.returns_to, found.rollout.base) == (1, world.pointer.release)
    assert world.pointer.sequence == 1, "nothing was written"


def test_at_once_is_the_whole_target(world: World) -> None:
    world.commit(OLD, "1" * 40)
    target = compiled(NEW)
    found = staged(world, target, replace(ORDERS, at_once=True))
    assert found == Staged(pack_of(target), pack_of(target))


def test_a_freeze_leaves_the_exempt_and_of_the_named_only_those(world: World) -> None:
    world.commit(OLD, "1" * 40)
    world.now = FREEZE.starts
    target = compiled(NEW)
    found = staged(world, target, Orders(FREEZES, GROUPS))
    assert new_tenants(found, target) == {"dan"} and found.freeze == FREEZE
    assert found.named == ("dan",) and found.rollout is None
    named = Orders(FREEZES, GROUPS, at_once=True, only=frozenset({"ann"}))
    nobody = staged(world, target, named)
    assert nobody.named == () and new_tenants(nobody, target) == set()


def test_one_tenant_in_the_middle_of_a_rollout_is_in_its_later_rings_too(world: World) -> None:
    world.commit(OLD, "1" * 40)
    world.commit(NEW, "2" * 40)
    target = compiled(titles(ann="A3", ben="B3", dan="D3"))
    found = staged(world, target, replace(ORDERS, at_once=True, only=frozenset({"dan"})))
    assert new_tenants(found, target) == {"dan"}
    assert found.rollout is not None and found.rollout.target == found.target.digest
    assert found.target.release.tenants == compiled(NEW).release.tenants | {
        "dan": target.release.tenants["dan"]
    }
