"""offers/O.yaml: what the customer gets. `summary` and `terms` are the only wording of the offer."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from handbill.schema.models.values import (
    Amount,
    Document,
    Duration,
    Label,
    LocalDate,
    Percent,
    PositiveAmount,
    Prose,
    Text,
)


class PercentReward(Document):
    percent: Percent
    up_to: Amount | None = None


class AmountReward(Document):
    amount: PositiveAmount


class PointsReward(Document):
    points: int = Field(ge=1)


class DeliveryReward(Document):
    delivery: Literal["free"]


Reward: TypeAlias = PercentReward | AmountReward | PointsReward | DeliveryReward


class Condition(Document):
    """`basket` is the least total; `stores` and `items` are ids."""

    basket: Amount | None = None
    stores: list[Label] | None = Field(default=None, min_length=1)
    items: list[Label] | None = Field(default=None, min_length=1)


class ValidFor(Document):
    for_: Duration = Field(alias="for")


class ValidDates(Document):
    """Local dates, both inclusive."""

    from_: LocalDate = Field(alias="from")
    to: LocalDate


Valid: TypeAlias = ValidFor | ValidDates


class OfferDocument(Document):
    """In a blueprint's or group's offer a constant may be {param: NAME}."""

    reward: Reward
    condition: Condition | None = None
    valid: Valid
    summary: Text
    terms: Text
    description: Prose | None = None
