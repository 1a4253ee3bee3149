"""Offers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from handbill.schema.models.offer import AmountReward, OfferDocument, PercentReward, ValidFor

REST = {"valid": {"for": "7 days"}, "summary": "x", "terms": {"en-US": "y"}}


def test_rewards() -> None:
    percent = OfferDocument.model_validate(
        {"reward": {"percent": Decimal("12.5"), "up_to": 20}, **REST}
    )
    amount = OfferDocument.model_validate({"reward": {"amount": 5}, **REST})
    assert isinstance(percent.reward, PercentReward) and percent.reward.percent == Decimal("12.5")
    assert isinstance(amount.reward, AmountReward)
    assert isinstance(amount.valid, ValidFor) and amount.valid.for_ == "7 days"


@pytest.mark.parametrize(
    "reward", [{"percent": 0}, {"percent": 101}, {"points": 0}, {"delivery": "slow"}]
)
def test_rewards_that_are_none(reward: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        OfferDocument.model_validate({"reward": reward, **REST})
