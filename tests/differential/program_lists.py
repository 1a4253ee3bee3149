"""Lists, relations among them: pipelines of steps, and what becomes of them at their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nasty_relations import OBJECTS
from nasty_rows import COLUMNS
from nasty_values import BIG, STRINGS
from program_parts import BOOL, WIDEST, Facts, Maker, O, call, integer, number, union

from handbill.plan.intervals import longest
from handbill.plan.ir import Const, Each, Expression, Field, Local, Member, Operation, Step
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

if TYPE_CHECKING:
    from program_generator import Generator

KINDS: dict[str, tuple[type, ...]] = {
    "bool": (BoolType,),
    "int": (IntType, DecimalType),
    "text": (StringType, EnumType),
    "date": (DateType,),
    "datetime": (DatetimeType,),
}
ROOTS = tuple(Field(("customer", *need.path), need.type) for need in OBJECTS[:3])
STEPS = (Step.SELECT, Step.SORT, Step.UNIQUE, O.SLICE)
ENDS = (O.FIRST, O.LAST, O.ITEM, O.MINIMUM, O.MAXIMUM)


def item_of(items: Expression) -> Type:
    assert isinstance(items.type, ListType)
    return items.type.item


# ── pipelines ────────────────────────────────────────────────────────────────────────────────────


def objects(g: Generator, depth: int, facts: Facts) -> Expression:
    """A list of objects: a root and up to three steps."""
    items: Expression = g.random.choices(ROOTS, (3, 2, 2))[0]
    for _ in range(g.random.choice((0, 1, 1, 2, 3))):
        items = step(g, items, depth, facts)
    return items


def values(g: Generator, kind: str, depth: int, facts: Facts) -> Expression:
    """A list of scalars of the kind, never missing."""
    if kind in ("text", "int") and g.random.random() < 0.3:
        items = scalars(g, kind, depth, facts)
    else:
        items = mapped(g, objects(g, depth, facts), kind, depth, facts)
    for _ in range(g.random.choice((0, 0, 1, 2))):
        items = step(g, items, depth, facts)
    return items


def scalars(g: Generator, kind: str, depth: int, facts: Facts) -> Expression:
    if kind == "text":
        return g.list(depth, facts)
    field = g.named("maybe_numbers")
    empty = Const(field.type, g.random.choice(((), (1, 2), (3, -BIG, 3))))
    return call(O.DEFAULT, field.type, field, empty)


def mapped(g: Generator, items: Expression, kind: str, depth: int, facts: Facts) -> Expression:
    name = g.name()
    with g.item(name, item_of(items)):
        body = missing_member(g, name, item_of(items), kind) if g.random.random() < 0.4 else None
        if body is None:
            body = getattr(g, kind)(min(depth - 1, 1), facts)
    assert not isinstance(body.type, ListType)
    return Each(Step.MAP, items, name, body, ListType(body.type, items.type.maximum))  # type: ignore[union-attr]


def missing_member(g: Generator, name: str, item: Type, kind: str) -> Expression | None:
    """A member that some items lack."""
    if not isinstance(item, ObjectType):
        return None
    found = [one for one in item.members if not one.required and isinstance(one.type, KINDS[kind])]
    if not found:
        return None
    member = g.random.choice(found)
    return Member(Local(name, item), member.name, member.type)


def step(g: Generator, items: Expression, depth: int, facts: Facts) -> Expression:
    kinds = list(STEPS)
    weights = [1.0 / (1 + g.covered[one]) ** 0.8 for one in kinds]
    chosen = g.random.choices(kinds, weights)[0]
    assert isinstance(items.type, ListType)
    if chosen is O.SLICE:
        limit = integer(g.random.choice((0, 1, 2, 3, 9)))
        return call(O.SLICE, items.type, items, limit)
    assert isinstance(chosen, Step)
    name = g.name()
    with g.item(name, items.type.item):
        if chosen is Step.SELECT:
            body = g.bool(min(depth, 2), facts)
        else:
            body = key(g, name, items.type.item, depth, facts)
    descending = chosen is Step.SORT and g.random.random() < 0.5
    return Each(chosen, items, name, body, items.type, descending)


def key(g: Generator, name: str, item: Type, depth: int, facts: Facts) -> Expression:
    """What to sort by or to be unique by: the item itself, a member that may miss, anything."""
    if not isinstance(item, ObjectType) and g.random.random() < 0.6:
        return Local(name, item)
    kind = g.random.choice(tuple(KINDS))
    found = missing_member(g, name, item, kind) if g.random.random() < 0.5 else None
    if found is not None:
        return found
    made: Expression = getattr(g, kind)(min(depth - 1, 1), facts)
    return made


# ── ends ─────────────────────────────────────────────────────────────────────────────────────────


def end(operation: Operation, items: Expression, place: int) -> Expression:
    """One of the items, or missing."""
    arguments = (items, integer(place)) if operation is O.ITEM else (items,)
    return call(operation, item_of(items), *arguments)


def picked_member(g: Generator, depth: int, facts: Facts, *kinds: type) -> Expression | None:
    """A member of the first, last or n-th of some objects, or of an optional object."""
    if g.random.random() < 0.2:
        field = OBJECTS[3]
        of: Expression = Field(("customer", *field.path), field.type)
    else:
        of = end(g.least_drawn(ENDS[:3]), objects(g, depth, facts), g.random.choice((0, 1, 4)))
    assert isinstance(of.type, ObjectType)
    found = [one for one in of.type.members if isinstance(one.type, kinds)]
    if not found:
        return None
    member = g.random.choice(found)
    return Member(of, member.name, member.type)


def optional_end(g: Generator, kind: str, depth: int, facts: Facts) -> Expression:
    """Missing when there are no items."""
    items = values(g, kind, depth, facts)
    ends = ENDS if kind != "bool" else ENDS[:3]
    return end(g.least_drawn(ends), items, g.random.choice((0, 1, 2, 7)))


def ending(operation: Operation, kind: str) -> Maker:
    """An end of the list, or a fallback."""

    def make(g: Generator, depth: int, facts: Facts) -> Expression:
        items = values(g, kind, depth, facts)
        found = end(operation, items, g.random.choice((0, 1, 2, 7)))
        fallback = getattr(g, kind)(depth - 1, facts)
        return call(O.DEFAULT, union(found, fallback), found, fallback)

    return make


def make_sum(g: Generator, depth: int, facts: Facts) -> Expression | None:
    items = values(g, "int", depth, facts)
    low, high = item_bounds(items)
    most = longest(items)
    return number(O.SUM, min(0, low * most), max(0, high * most), items)


def make_average(g: Generator, depth: int, facts: Facts) -> Expression | None:
    items, factor = values(g, "int", depth, facts), g.random.choice((1, 10, 100, 10_000))
    low, high = item_bounds(items)
    size = max(abs(low), abs(high)) * factor
    if size * longest(items) > WIDEST:
        return None
    average = number(O.AVERAGE, -size, size, items, integer(factor))
    fallback = g.int(depth - 1, facts)
    assert average is not None
    return call(O.DEFAULT, union(average, fallback), average, fallback)


def item_bounds(items: Expression) -> tuple[int, int]:
    type = item_of(items)
    assert isinstance(type, IntType | DecimalType)
    return type.minimum, type.maximum


def make_count(g: Generator, depth: int, facts: Facts) -> Expression:
    kind = g.random.choice((*KINDS, "objects", "objects"))
    items = objects(g, depth, facts) if kind == "objects" else values(g, kind, depth, facts)
    return call(O.COUNT, IntType(0, longest(items)), items)


def make_list_contains(g: Generator, depth: int, facts: Facts) -> Expression:
    kind = g.random.choice(tuple(KINDS))
    return call(O.LIST_CONTAINS, BOOL, values(g, kind, depth, facts), getattr(g, kind)(1, facts))


def make_text_step(g: Generator, depth: int, facts: Facts) -> Expression:
    return step(g, g.list(depth - 1, facts), depth, facts)


def make_text_map(g: Generator, depth: int, facts: Facts) -> Expression:
    return mapped(g, objects(g, depth, facts), "text", depth, facts)


def make_slice(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(
        O.SLICE, COLUMNS["tags"][0], g.list(depth, facts), integer(g.random.choice((0, 1, 2, 9)))
    )


def make_list_const(g: Generator, depth: int, facts: Facts) -> Expression:
    """A constant list, under an operation so that it is counted."""
    items = tuple(g.random.choice(STRINGS) for _ in range(g.random.choice((0, 1, 3))))
    return call(O.SLICE, COLUMNS["tags"][0], Const(COLUMNS["tags"][0], items), integer(2))
