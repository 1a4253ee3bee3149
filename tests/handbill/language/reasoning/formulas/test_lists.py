"""Lists in formulas."""

from __future__ import annotations

from typing import Any

import z3

from handbill.language.reasoning.formulas import lists
from handbill.language.reasoning.formulas.terms import Choice, Items, Opaque, Term, constant_text


def numbers(*values: int) -> Items:
    return lists.unrolled(z3.IntVal(len(values)), [z3.IntVal(value) for value in values])


def holds(formula: Any) -> bool:
    return bool(z3.is_true(z3.simplify(formula)))


def test_short_lists_are_known_item_by_item() -> None:
    three = numbers(5, 6, 5)
    assert holds(three.contains(z3.IntVal(6))) and not holds(three.contains(z3.IntVal(7)))  # type: ignore[misc]
    assert z3.simplify(three.first.value).as_long() == 5
    assert z3.simplify(three.last.value).as_long() == 5
    empty = numbers()
    assert empty.first.present is False
    assert not holds(empty.contains(z3.IntVal(0)))  # type: ignore[misc]


def test_the_last_depends_on_the_size() -> None:
    size = z3.Int("size")
    items = lists.unrolled(size, [z3.IntVal(5), z3.IntVal(6)])
    for number, last in ((1, 5), (2, 6)):
        found = z3.substitute(items.last.value, (size, z3.IntVal(number)))
        assert z3.simplify(found).as_long() == last
    absent = z3.substitute(items.first.present, (size, z3.IntVal(0)))
    assert not holds(absent)


def test_slices() -> None:
    facts: list[Any] = []
    cut = lists.sliced(numbers(5, 6, 7), 2, "cut", z3.Int, facts)
    assert z3.simplify(cut.count).as_long() == 2
    assert not holds(cut.contains(z3.IntVal(7)))  # type: ignore[misc]
    objects = lists.of_objects(z3.IntVal(5))
    assert z3.simplify(lists.sliced(objects, 2, "cut", z3.Int, facts).count).as_long() == 2


def test_long_lists_hold_what_is_in_them() -> None:
    facts: list[Any] = []
    size = z3.Int("size")
    items = lists.abstract("tags", size, z3.String, facts, [])
    assert items.contains is not None
    a, b = z3.StringVal("a"), z3.StringVal("b")
    both = z3.And(items.contains(a), items.contains(b))
    for wrong in (
        z3.And(both, size < 2),
        z3.And(size > 0, z3.Not(items.contains(items.first.value))),
    ):
        solver = z3.Solver()
        solver.add(*facts, size >= 0, wrong)
        assert solver.check() == z3.unsat
    cut = lists.sliced(items, 3, "cut", z3.String, facts)
    assert cut.contains is not None
    solver = z3.Solver()
    solver.add(cut.contains(a), z3.Not(items.contains(a)))
    solver.add(*facts)
    assert solver.check() == z3.unsat


def test_one_of_two() -> None:
    p = z3.Bool("p")
    merged = lists.merged(p, numbers(1, 2), numbers(3))
    for when, (count, first) in ((True, (2, 1)), (False, (1, 3))):
        given = (p, z3.BoolVal(when))
        assert z3.simplify(z3.substitute(merged.count, given)).as_long() == count
        assert z3.simplify(z3.substitute(merged.first.value, given)).as_long() == first
    texts = lists.merged(p, constant_text("a"), constant_text("b"))
    assert texts == Choice(((p, "a"), (True, "b")))
    mixed = lists.merged(p, constant_text("a"), z3.String("name"))
    assert z3.is_string(mixed)
    long = lists.abstract("tags", z3.Int("size"), z3.Int, [], [])
    either = lists.merged(p, numbers(1), long)
    assert either.values is None and either.contains is not None
    assert (
        lists.merged(p, lists.of_objects(z3.IntVal(1)), lists.of_objects(z3.IntVal(2))).contains
        is None
    )
    assert lists.merged(p, Opaque(), Opaque()) == Opaque()
    terms = lists.merged_terms(p, Term(True, z3.IntVal(1)), Term(True, z3.IntVal(2)))
    assert terms.present is True
