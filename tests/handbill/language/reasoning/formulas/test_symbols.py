"""Unknown values: bounds, presence, and what a model says of them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import z3

from handbill.language.reasoning.formulas.symbols import LONGEST_TEXTS, Symbols
from handbill.language.reasoning.formulas.terms import Untranslatable
from handbill.language.reasoning.question import KnownField
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    ObjectType,
    StringType,
    Type,
)

TYPES: dict[str, Type] = {
    "flag": BoolType(),
    "count": IntType(3, 9),
    "money": DecimalType(2, 0, 5),
    "day": DateType(),
    "instant": DatetimeType(),
    "name": StringType(3),
    "tier": EnumType(("a", "b")),
    "wide": EnumType(tuple(f"v{n}" for n in range(70))),
    "few": ListType(IntType(0, 2), 3),
    "many": ListType(StringType(3), 40),
    "objects": ListType(ObjectType(()), 9),
    "object": ObjectType(()),
}
KNOWN = tuple(KnownField(("customer", name), type_, True) for name, type_ in sorted(TYPES.items()))


def solved(known: tuple[KnownField, ...], *more: Any) -> dict[tuple[str, ...], Any]:
    facts: list[Any] = []
    symbols = Symbols(known, facts)
    for each in known:
        symbols.field(each.path, each.type)
    solver = z3.Solver()
    solver.add(*facts, *more)
    assert solver.check() == z3.sat
    return symbols.example(solver.model())


def test_every_kind_can_be_read_from_a_model() -> None:
    example = solved(KNOWN, z3.Int("customer.few size") == 2, z3.Int("customer.many size") == 3)
    assert 3 <= example[("customer", "count")] <= 9
    assert isinstance(example[("customer", "day")], datetime.date)
    assert isinstance(example[("customer", "instant")], datetime.datetime)
    assert example[("customer", "tier")] in ("a", "b")
    assert example[("customer", "wide")].startswith("v")
    assert len(example[("customer", "few")]) == 2
    assert len(example[("customer", "many")]) == 3
    assert example[("customer", "objects")] == ()


def test_what_is_missing_and_what_holds_it() -> None:
    known = (
        KnownField(("customer", "store"), StringType(5), False),
        KnownField(("customer", "store", "city"), StringType(5), True),
        KnownField(("customer", "store", "size"), IntType(), False),
    )
    store, size = z3.Bool("customer.store is defined"), z3.Bool("customer.store.size is defined")
    gone = solved(known, z3.Not(store))
    assert set(gone.values()) == {None}
    here = solved(known, size)
    assert (
        here[("customer", "store")] is not None and here[("customer", "store", "city")] is not None
    )


def test_one_field_has_one_kind() -> None:
    symbols = Symbols((KnownField(("customer", "x"), DecimalType(2, 0, 9), True),), [])
    for other in (DecimalType(3, 0, 9), IntType(), StringType(3)):
        with pytest.raises(Untranslatable):
            symbols.field(("customer", "x"), other)
    lists = Symbols((KnownField(("customer", "x"), ListType(IntType(), 3), True),), [])
    lists.field(("customer", "x"), ListType(IntType(0, 1), 2))
    with pytest.raises(Untranslatable):
        lists.field(("customer", "x"), ListType(StringType(2), 2))


def test_limits() -> None:
    symbols = Symbols((), [])
    with pytest.raises(Untranslatable):
        symbols.value("x", StringType(LONGEST_TEXTS + 1))
    with pytest.raises(Untranslatable):
        symbols.value("y", EnumType(()))


def test_bounds_are_assumed_only_of_declared_values() -> None:
    facts: list[Any] = []
    symbols = Symbols((), facts)
    number = symbols.value("x", IntType(0, 0), declared=False)
    assert facts == [] and symbols.value("x", IntType(0, 0)) is number
    symbols.value("items", ListType(IntType(), 3), declared=False)
    solver = z3.Solver()
    solver.add(*facts, z3.Int("items size") < 0)
    assert solver.check() == z3.unsat
