"""How well runtimes are with a ring, read from what they say and nothing else."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from rollout_world import World, titles

from handbill.publish.health import Health, examine, live_runtimes, troubles_of

OLD, NEW = titles(ann="A", dan="D"), titles(ann="A2", dan="D2")


def _health(world: World, **rollout: object) -> Health:
    live = live_runtimes(world.store, "production", world.publisher.trust, world.now)
    changed = msgspec.structs.replace(world.rollout, **rollout)
    return examine(live, world.pointer, changed, {"ann"}, world.now)


def test_enough_is_a_share_of_the_live_ones_and_at_least_one(world: World) -> None:
    world.commit(OLD, "1" * 40)
    world.follow()
    world.commit(NEW, "2" * 40)
    assert _health(world) == Health(2, 0)
    world.follow("web-1")
    assert _health(world).well_since is None
    assert _health(world, healthy=500_000).well_since == world.now
    assert _health(world, healthy=0).well_since == world.now
    world.runtimes = []
    assert examine({}, world.pointer, world.rollout, (), world.now) == Health(0, 0)


def test_a_clock_that_is_wrong_neither_shortens_nor_hides(world: World) -> None:
    """Who is ahead counts from now, who is behind from when the ring was reached."""
    world.commit(OLD, "1" * 40)
    world.commit(NEW, "2" * 40)
    reached = world.now
    world.runtimes = ["web-1"]
    for wrong, counts in ((timedelta(hours=1), 5), (timedelta(hours=-1), 0)):
        world.now = reached + timedelta(minutes=5) + wrong
        world.follow()
        receipt = world.said["web-1"]
        world.now = reached + timedelta(minutes=5)
        found = examine({"web-1": receipt}, world.pointer, world.rollout, (), world.now)
        assert found.well_since == reached + timedelta(minutes=counts)


def test_a_receipt_that_makes_no_sense_is_no_activation(world: World) -> None:
    world.commit(OLD, "1" * 40)
    world.commit(NEW, "2" * 40)
    world.follow("web-1")
    receipt = world.said["web-1"]
    assert receipt.active is not None
    odd = msgspec.structs.replace(
        receipt, active=msgspec.structs.replace(receipt.active, at="yesterday")
    )
    found = examine({"web-1": odd}, world.pointer, world.rollout, (), world.now)
    assert (found.live, found.activated) == (1, 0)


def test_a_silent_runtime_is_not_there(world: World) -> None:
    world.commit(OLD, "1" * 40)
    world.follow("web-1", trouble=("ann", "HB951"))
    live = live_runtimes(world.store, "production", world.publisher.trust, world.now)
    assert troubles_of(live) == ("ann HB951",)
    later = world.now + timedelta(hours=1)
    assert live_runtimes(world.store, "production", world.publisher.trust, later) == {}
