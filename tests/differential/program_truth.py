"""Conditions, and the lazy alternatives of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nasty_rows import OPTIONAL, STATES
from nasty_values import DATES, STRINGS
from program_lists import KINDS
from program_numbers import lazy_division
from program_parts import BOOL, DATE, Facts, Maker, O, call, integer, text, union

from handbill.plan.ir import Const, Expression, Local, Member, Operation
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
)

if TYPE_CHECKING:
    from program_generator import Generator


def guarded(g: Generator, depth: int, facts: Facts) -> tuple[Expression, Facts]:
    """An optional field (or member of an item), and the facts where it is defined."""
    optional = [
        (name, type, member)
        for name, type in g.items
        if isinstance(type, ObjectType)
        for member in type.members
        if not member.required
    ]
    if optional and g.random.random() < 0.6:
        item, object_type, member = g.random.choice(optional)
        value = Member(Local(item, object_type), member.name, member.type)
        return value, facts | {f"{item}.{member.name}"}
    name = g.random.choice(sorted(OPTIONAL))
    return g.named(name), facts | {name}


def uses(g: Generator, field: Expression, depth: int, facts: Facts) -> Expression:
    """A condition that needs `field` to be defined."""
    match field.type:
        case BoolType():
            return field
        case IntType() | DecimalType():
            return call(g.random.choice((O.GT, O.LE, O.EQ)), BOOL, field, g.int(depth - 1, facts))
        case StringType() | EnumType():
            operation = g.random.choice((O.EQ, O.NE, O.CONTAINS, O.LT))
            return call(operation, BOOL, field, g.text(depth - 1, facts))
        case DateType():
            return call(O.LT, BOOL, field, g.date(depth - 1, facts))
        case DatetimeType():
            return call(O.GE, BOOL, field, g.datetime(depth - 1, facts))
        case ListType():
            return call(O.LIST_CONTAINS, BOOL, field, integer(g.random.choice((0, 7, -1))))
        case _:
            raise AssertionError(field.type)


def make_and(g: Generator, depth: int, facts: Facts) -> Expression:
    if g.random.random() < 0.5:
        field, known = guarded(g, depth, facts)
        defined = call(O.IS_DEFINED, BOOL, field)
        return call(O.AND, BOOL, defined, uses(g, field, depth, known), g.bool(depth - 1, known))
    if g.random.random() < 0.4:
        return call(O.AND, BOOL, *lazy_division(g, depth, facts, O.NE, O.GT))
    return call(O.AND, BOOL, g.bool(depth, facts), g.bool(depth, facts))


def make_or(g: Generator, depth: int, facts: Facts) -> Expression:
    if g.random.random() < 0.5:
        field, known = guarded(g, depth, facts)
        absent = call(O.NOT, BOOL, call(O.IS_DEFINED, BOOL, field))
        return call(O.OR, BOOL, absent, uses(g, field, depth, known))
    if g.random.random() < 0.4:
        return call(O.OR, BOOL, *lazy_division(g, depth, facts, O.EQ, O.LE))
    return call(O.OR, BOOL, g.bool(depth, facts), g.bool(depth, facts))


def make_not(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.NOT, BOOL, g.bool(depth, facts))


def make_is_defined(g: Generator, depth: int, facts: Facts) -> Expression:
    if g.random.random() < 0.5:
        return call(O.IS_DEFINED, BOOL, guarded(g, depth, facts)[0])
    kind = g.random.choice(tuple(KINDS))
    return call(O.IS_DEFINED, BOOL, g.optional_value(depth, facts, *KINDS[kind]))


def comparison(operation: Operation) -> Maker:
    def make(g: Generator, depth: int, facts: Facts) -> Expression:
        kind = g.random.randrange(6)
        if kind in (0, 5):
            return call(operation, BOOL, g.text(depth, facts), g.text(depth, facts))
        if kind == 1:
            return call(operation, BOOL, g.date(depth, facts), g.date(depth, facts))
        if kind == 2:
            return call(operation, BOOL, g.datetime(depth, facts), g.datetime(depth, facts))
        if kind == 3 and operation in (O.EQ, O.NE):
            return call(operation, BOOL, g.bool(depth, facts), g.bool(depth, facts))
        return call(operation, BOOL, g.int(depth, facts), g.int(depth, facts))

    return make


def make_in(g: Generator, depth: int, facts: Facts) -> Expression:
    many = g.random.choice((1, 3, 9))
    if g.random.random() < 0.3:
        members = [integer(g.random.choice((0, 1, -1, 7, 50, 100))) for _ in range(many)]
        return call(O.IN, BOOL, g.int(depth, facts), *members)
    if g.random.random() < 0.3:
        dates = [Const(DATE, g.random.choice(DATES).isoformat()) for _ in range(many)]
        return call(O.IN, BOOL, g.date(depth, facts), *dates)
    texts = [text(g.random.choice(STRINGS + STATES.values)) for _ in range(many)]
    return call(O.IN, BOOL, g.text(depth, facts), *texts)


def text_test(operation: Operation) -> Maker:
    def make(g: Generator, depth: int, facts: Facts) -> Expression:
        needle = text(g.random.choice(("", "a", "A", "é", " ", "n", "\u0302", "👨", "'", "ab")))
        part = needle if g.random.random() < 0.7 else g.text(depth, facts)
        return call(operation, BOOL, g.text(depth, facts), part)

    return make


def alternatives(kind: str) -> dict[Operation, Maker]:
    def make_if(g: Generator, depth: int, facts: Facts) -> Expression:
        if g.random.random() < 0.5:
            field, known = guarded(g, depth, facts)
            condition: Expression = call(O.IS_DEFINED, BOOL, field)
        else:
            condition, known = g.bool(depth, facts), facts
        make = getattr(g, kind)
        then, otherwise = make(depth, known), make(depth, facts)
        return call(O.IF, union(then, otherwise), condition, then, otherwise)

    return {O.IF: make_if}
