"""A campaign after all layers has what every campaign has."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from handbill.schema.models.effective import EffectiveCampaign

LEAST = {
    "category": "promotions",
    "trigger": {"at": "publish"},
    "audience": {"include": "everyone"},
    "messages": {"main": {"sms": {"body": "Hi"}}},
}


def test_defaults() -> None:
    campaign = EffectiveCampaign.model_validate(LEAST)
    assert campaign.limits.per_customer == ()
    assert (campaign.holdout, campaign.locales, campaign.was) == ("0%", [], [])


@pytest.mark.parametrize("name", sorted(LEAST))
def test_nothing_of_it_may_be_lacking(name: str) -> None:
    rest = {key: value for key, value in LEAST.items() if key != name}
    with pytest.raises(ValidationError):
        EffectiveCampaign.model_validate(rest)
