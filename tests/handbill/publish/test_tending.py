"""Between two commits: steps that are due are taken, and a refused one is told once."""

from __future__ import annotations

from rollout_world import ORDERS, World, titles

from handbill.lower.bringing_out import AT_ONCE
from handbill.pipeline import Compiled
from handbill.publish.orders import Orders
from handbill.publish.publication import Outcome
from handbill.publish.tending import Tending, orders_of


def test_rings_and_groups_are_the_commits_and_wishes_stay() -> None:
    compiled = Compiled(
        None,
        None,
        None,
        {},
        (),
        bringing_out={"production": ORDERS.bringing_out},
        groups={"ben": "harbor"},
    )
    found = orders_of(compiled, "production", Orders(first="sha256:a"))
    assert (found.bringing_out, found.groups) == (ORDERS.bringing_out, {"ben": "harbor"})
    assert found.first == "sha256:a"
    assert orders_of(compiled, "staging").bringing_out == AT_ONCE
    assert orders_of(object(), "production") == Orders()


def test_a_step_that_is_refused_is_told_once(world: World) -> None:
    tending = Tending("production")
    world.commit(titles(ann="A", dan="D"), "1" * 40)
    assert tending.tend(world.publisher) is None
    world.commit(titles(ann="A2", dan="D2"), "2" * 40)
    world.follow(operations=99)
    world.pass_minutes(30)
    refused = tending.tend(world.publisher)
    assert refused is not None and refused.outcome is Outcome.REFUSED
    assert tending.tend(world.publisher) is None
    world.follow()
    world.pass_minutes(30)
    advanced = tending.tend(world.publisher)
    assert advanced is not None and advanced.outcome is Outcome.ADVANCED
