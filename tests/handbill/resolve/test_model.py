"""The values that later stages read are frozen, all the way down to their fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.resolve import model
from handbill.resolve.model import ONLY, ResolvedRepository

Resolve = Callable[..., tuple[ResolvedRepository, tuple[Diagnostic, ...]]]


def test_every_type_is_frozen_and_slotted() -> None:
    types = [
        each
        for each in vars(model).values()
        if dataclasses.is_dataclass(each) and isinstance(each, type)
    ]
    assert len(types) >= 8
    for each in types:
        assert each.__dataclass_params__.frozen, each  # type: ignore[attr-defined]
        assert hasattr(each, "__slots__"), each


def test_a_resolved_value_cannot_be_changed(resolve: Resolve) -> None:
    campaign = resolve()[0].tenants["green"].campaigns["winback"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        campaign.name = "other"  # type: ignore[misc]
    assert campaign.variants[ONLY].weight == 1
