"""Rules drawn from a seed: the same every time, and all different."""

from __future__ import annotations

from benchmarks.twin_rules import CLAUSES, make_rules


def test_the_same_seed_gives_the_same_rules() -> None:
    rules = make_rules(100)
    assert rules == make_rules(100)
    assert rules[:10] == make_rules(10)
    assert len({rule.language for rule in rules}) == 100


def test_every_kind_of_clause_is_drawn() -> None:
    together = " and ".join(rule.language for rule in make_rules(100))
    fields = ("lifetime_orders", "days_since", "average_basket", "spend_90d", "state", "favorite",
              "loyalty_tier", "joined_on", "points", "last_order_on")  # fmt: skip
    assert len(fields) == len(CLAUSES)
    assert all(f"customer.{field}" in together for field in fields)
