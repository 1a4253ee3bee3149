from __future__ import annotations

import dataclasses

import pytest
from market import Market


def test_it_counts_its_plans_and_never_changes(market: Market) -> None:
    market.tenant("north")
    market.points("trigger: {at: publish}", tenant="north")
    market.points("trigger: {at: publish}", tenant="north", name="second")
    market.publish()
    active = market.active()
    assert active.plans == 3
    with pytest.raises(dataclasses.FrozenInstanceError):
        active.pointer = active.pointer  # type: ignore[misc]
