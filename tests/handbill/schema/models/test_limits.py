"""Caps and quiet hours."""

from __future__ import annotations

from handbill.schema.models.limits import EffectiveLimits, Limits


def test_one_layer_has_one_cap_and_all_layers_have_many() -> None:
    assert Limits.model_validate({"per_customer": "3 per 7 days"}).per_customer == "3 per 7 days"
    merged = EffectiveLimits.model_validate({"per_customer": ["3 per 7 days", "1 per day"]})
    assert merged.per_customer == ("3 per 7 days", "1 per day")
    assert merged.quiet_hours == {}
