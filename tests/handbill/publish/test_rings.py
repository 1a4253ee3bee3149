"""Who is in a ring; the vectors are those of docs/rollout.md."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from handbill.plan.decisions import fraction
from handbill.plan.model import MILLION
from handbill.plan.pointer import Ring
from handbill.publish.rings import SALT, changed, is_member, mixed, next_ring, ring_of, within

PAGE = Path(__file__).parents[3] / "docs" / "rollout.md"
RINGS = (
    Ring(name="canary", tenants=("ann",)),
    Ring(name="tenth", share=100_000),
    Ring(name="everyone", share=MILLION),
)
TENANTS = st.dictionaries(st.text("abc", min_size=1, max_size=3), st.sampled_from("xyz"))


def test_the_published_vectors() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 4
    for name, number in rows:
        assert fraction(SALT, name) == int(number)


def test_a_share_is_always_the_same_tenants_and_only_grows() -> None:
    names = [f"shop-{number}" for number in range(1000)]
    tenth = {name for name in names if is_member(RINGS[1], name)}
    half = {name for name in names if is_member(Ring(name="half", share=500_000), name)}
    assert tenth < half and 70 < len(tenth) < 130 and 440 < len(half) < 560
    assert all(is_member(RINGS[2], name) for name in names)
    assert not is_member(Ring(name="none"), "ann")


def test_the_first_ring_that_has_a_tenant_counts() -> None:
    assert ring_of(RINGS, "ann") == 0
    assert {ring_of(RINGS, f"shop-{number}") for number in range(200)} == {1, 2}


def test_the_next_ring_is_one_that_somebody_waits_in() -> None:
    late = next(name for name in (f"shop-{n}" for n in range(99)) if ring_of(RINGS, name) == 2)
    assert next_ring(RINGS, 0, frozenset({"ann", late})) == 1
    assert next_ring(RINGS, 1, frozenset({late})) == 3
    assert next_ring(RINGS, 0, frozenset({"ann"})) == 3
    assert next_ring(RINGS, 0, frozenset()) == 3


@given(TENANTS, TENANTS, st.integers(0, 3))
def test_everybody_runs_one_side_and_all_of_the_rings_are_the_target(
    target: dict[str, str], running: dict[str, str], reached: int
) -> None:
    both = mixed(target, running, within(RINGS, reached))
    for name in target.keys() | running.keys():
        assert both.get(name) in (target.get(name), running.get(name))
    assert mixed(target, running, within(RINGS, 3)) == target
    assert mixed(target, running, within(RINGS, 0)) == running
    assert changed(target, both) <= changed(target, running)
