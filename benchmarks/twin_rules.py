"""Audience rules, each written twice: in the language, and in SQL as somebody who knows the file does.

Drawn from a fixed seed out of the clauses that retailers' audiences are made of. Every campaign has
four to six, so that most find a few in a hundred customers.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

STATES = ("NY", "VT", "MA", "CT", "NH", "ME", "PA", "NJ")
DEPARTMENTS = ("bakery", "dairy", "deli", "meat", "produce", "wine", "snacks")


@dataclass(frozen=True, slots=True)
class TwinRule:
    """The same condition on a customer. `$today` stands for the run's date in `sql`."""

    language: str
    sql: str


Clause: TypeAlias = Callable[[random.Random], TwinRule]


def make_rules(count: int, seed: int = 11) -> tuple[TwinRule, ...]:
    chance = random.Random(seed)
    rules = []
    for _ in range(count):
        clauses = [make(chance) for make in chance.sample(CLAUSES, k=chance.randint(4, 6))]
        rules.append(
            TwinRule(
                " and ".join(clause.language for clause in clauses),
                " AND ".join(clause.sql for clause in clauses),
            )
        )
    return tuple(rules)


def _orders(chance: random.Random) -> TwinRule:
    least = chance.randint(20, 70)
    return TwinRule(f"customer.lifetime_orders >= {least}", f"lifetime_orders >= {least}")


def _lapsed(chance: random.Random) -> TwinRule:
    days = chance.randint(28, 300)
    return TwinRule(
        f"customer.days_since_last_order | default(9999) > {days}",
        f"coalesce(days_since_last_order, 9999) > {days}",
    )


def _basket(chance: random.Random) -> TwinRule:
    least = chance.randint(20, 120)
    return TwinRule(f"customer.average_basket >= {least}.50", f"average_basket >= {least}.50")


def _spend(chance: random.Random) -> TwinRule:
    most = chance.randint(50, 500)
    return TwinRule(f"customer.spend_90d < {most}.00", f"spend_90d < {most}")


def _states(chance: random.Random) -> TwinRule:
    named = ", ".join(f"'{state}'" for state in chance.sample(STATES, k=chance.randint(2, 5)))
    return TwinRule(f"customer.state in [{named}]", f"state IN ({named})")


def _department(chance: random.Random) -> TwinRule:
    name = chance.choice(DEPARTMENTS)
    return TwinRule(
        f"'{name}' in customer.favorite_departments",
        f"list_contains(favorite_departments, '{name}')",
    )


def _tier(chance: random.Random) -> TwinRule:
    tier = chance.choice(("silver", "gold"))
    return TwinRule(f"customer.loyalty_tier == '{tier}'", f"loyalty_tier = '{tier}'")


def _joined(chance: random.Random) -> TwinRule:
    days = chance.randint(30, 900)
    return TwinRule(
        f"customer.joined_on | plus_days({days}) < run.date", f"joined_on + {days} < $today"
    )


def _points(chance: random.Random) -> TwinRule:
    low = chance.randint(100, 4000)
    return TwinRule(
        f"(customer.points >= {low} or customer.household_size | default(1) >= 3)",
        f"(points >= {low} OR coalesce(household_size, 1) >= 3)",
    )


def _recent(chance: random.Random) -> TwinRule:
    days = chance.randint(20, 200)
    return TwinRule(
        f"customer.last_order_on is defined and customer.last_order_on | plus_days({days}) > run.date",
        f"last_order_on + {days} > $today",
    )


CLAUSES: tuple[Clause, ...] = (
    _orders, _lapsed, _basket, _spend, _states, _department, _tier, _joined, _points, _recent,
)  # fmt: skip
