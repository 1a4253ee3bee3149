"""Customers for the rendering benchmark: fields of the sample vocabulary, with text that needs escaping."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

Customer: TypeAlias = Mapping[str, Any]
"""Field → value, decimals as Decimal; what is missing is left out."""
FIELDS = (
    "first_name", "last_name", "card_number", "state", "loyalty_tier", "days_since_last_order",
    "household_size", "orders_90d", "points", "is_employee", "spend_90d", "average_basket",
    "near_stores",
)  # fmt: skip


def make_customers(count: int, seed: int = 7) -> list[Customer]:
    chance = random.Random(seed)
    return [_customer(chance, number) for number in range(count)]


def _customer(chance: random.Random, number: int) -> Customer:
    customer: dict[str, Any] = {
        "first_name": chance.choice(("Ann", "José", "Zoë", "Li & Mei", "Renée", "Bob <b>")),
        "last_name": chance.choice(("O'Brien", "Núñez", "Smith & Sons", "Tremblay", "Wong")),
        "card_number": f"4{chance.randrange(10**12):012d}",
        "state": chance.choice(("NY", "VT", "MA")),
        "loyalty_tier": chance.choice(("basic", "silver", "gold")),
        "days_since_last_order": chance.randrange(200),
        "household_size": chance.randint(1, 5),
        "orders_90d": chance.randrange(40),
        "points": chance.randrange(3000),
        "is_employee": chance.random() < 0.02,
        "spend_90d": Decimal(chance.randrange(200_000)) / 100,
        "average_basket": Decimal(chance.randrange(20_000)) / 100,
        "near_stores": tuple(
            f"{chance.choice(('Main Street', 'Mill & River', 'Station', 'Harbor'))} no. {each}"
            for each in chance.sample(range(1, 99), k=5)
        ),
        "unsubscribe_url": f"https://go.handbill.example/u/{chance.getrandbits(160):040x}",
    }
    for name in ("first_name", "card_number", "days_since_last_order", "household_size"):
        if chance.random() < 0.1:
            del customer[name]
    for name in ("spend_90d", "average_basket"):
        customer[name] = customer[name].quantize(Decimal("0.01"))
    return customer
