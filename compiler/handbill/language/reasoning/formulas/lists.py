"""Lists: short ones item by item, long ones by what is asked of them, their steps by how many remain.

A long list is known by how many items it has, what is in it, and its first and last; that leaves room for
lists that cannot be (they show up as examples that fail), and for every one that can.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import z3

from handbill.language.reasoning.formulas import texts
from handbill.language.reasoning.formulas.terms import (
    Choice,
    Formula,
    Items,
    Opaque,
    Term,
    as_string,
    both,
    either,
)

UNROLLED = 8
"""Lists of at most so many items are looked at item by item."""

Equal = Callable[[Any, Any], Formula]


def same(left: Any, right: Any) -> Formula:
    """Equality of two scalars of one kind."""
    if isinstance(left, Choice) or isinstance(right, Choice) or z3.is_string(left):
        return texts.equal(left, right)
    return left == right


def unrolled(size: Formula, values: Sequence[Any]) -> Items:
    """A list whose n-th item is `values[n]`, there when `size` > n."""
    if any(isinstance(value, Opaque) for value in values):
        return of_objects(size)

    def contains(value: Any) -> Formula:
        found = [z3.And(size > n, same(each, value)) for n, each in enumerate(values)]
        return z3.Or(*found) if found else z3.BoolVal(False)

    if not values:
        missing = Term(False, z3.IntVal(0))
        return Items(z3.IntVal(0), contains, missing, missing, ())
    last = values[-1]
    for n in range(len(values) - 2, -1, -1):
        last = merged(size == n + 1, values[n], last)
    first = Term(size > 0, values[0])
    return Items(size, contains, first, Term(size > 0, last), tuple(values))


def of_objects(size: Formula) -> Items:
    """A list of which only the number of items is known."""
    item = Term(size > 0, Opaque())
    return Items(size, None, item, item)


def abstract(
    name: str,
    size: Formula,
    fresh: Callable[[str], Any],
    facts: list[Formula],
    asked: list[Formula],
) -> Items:
    """A long list of scalars. `fresh` makes a value of the item's type, bounds and all; `asked`
    gathers what was looked for in it."""
    first, last = fresh(f"{name} first"), fresh(f"{name} last")
    if isinstance(first, Opaque):
        return of_objects(size)
    sort = as_string(first).sort() if isinstance(first, Choice) else first.sort()
    member = z3.Function(f"{name} contains", sort, z3.BoolSort())

    def contains(value: Any) -> Formula:
        given = as_string(value)
        found = member(given)
        facts.append(z3.Implies(found, size > 0))
        # Different items that are all in it need as many places.
        facts.extend(
            z3.Implies(z3.And(found, member(each), given != each), size > 1) for each in asked
        )
        if all(not each.eq(given) for each in asked):
            asked.append(given)
        return found

    for one in (first, last):
        facts.append(z3.Implies(size > 0, contains(one)))
    facts.append(z3.Implies(size == 1, same(first, last)))
    return Items(size, contains, Term(size > 0, first), Term(size > 0, last))


def sliced(
    items: Items, limit: int, name: str, fresh: Callable[[str], Any], facts: list[Formula]
) -> Items:
    """The first `limit` items."""
    size = z3.If(items.count < limit, items.count, limit)
    if items.values is not None:
        return unrolled(size, items.values[:limit])
    if items.contains is None:
        return of_objects(size)
    part = abstract(name, size, fresh, facts, [])
    facts.append(z3.Implies(size > 0, same(part.first.value, items.first.value)))
    return Items(size, within(part, items, facts), items.first, part.last)


def within(part: Items, whole: Items, facts: list[Formula]) -> Callable[[Any], Formula]:
    inside, outside = part.contains, whole.contains
    assert inside is not None and outside is not None

    def contains(value: Any) -> Formula:
        found = inside(value)
        facts.append(z3.Implies(found, outside(value)))
        return found

    return contains


# ── one of two ───────────────────────────────────────────────────────────────────────────────────


def merged(condition: Formula, then: Any, otherwise: Any) -> Any:
    """`then` where the condition holds, else `otherwise`: of any kind, both of one."""
    match then, otherwise:
        case Opaque(), _:
            return then
        case Items(), Items():
            return _merged_items(condition, then, otherwise)
        case Choice(options=options), Choice() if len(options) + len(otherwise.options) <= 64:
            chosen = tuple((both(condition, when), text) for when, text in options)
            return Choice((*chosen, *otherwise.options))
        case (Choice(), _) | (_, Choice()):
            return z3.If(condition, as_string(then), as_string(otherwise))
        case _:
            return either(condition, then, otherwise)


def merged_terms(condition: Formula, then: Term, otherwise: Term) -> Term:
    present = (
        True
        if then.present is True and otherwise.present is True
        else z3.If(condition, then.present, otherwise.present)
    )
    return Term(present, merged(condition, then.value, otherwise.value))


def _merged_items(condition: Formula, then: Items, otherwise: Items) -> Items:
    size = z3.If(condition, then.count, otherwise.count)
    if then.values is not None and otherwise.values is not None:
        return unrolled(size, _merged_values(condition, then.values, otherwise.values))
    inside, outside = then.contains, otherwise.contains
    if inside is None or outside is None:
        return of_objects(size)

    def contains(value: Any) -> Formula:
        return z3.If(condition, inside(value), outside(value))

    return Items(
        size,
        contains,
        merged_terms(condition, then.first, otherwise.first),
        merged_terms(condition, then.last, otherwise.last),
    )


def _merged_values(condition: Formula, then: Sequence[Any], otherwise: Sequence[Any]) -> list[Any]:
    """Item by item; where one list is the shorter, the size keeps its missing items out."""
    values = []
    for n in range(max(len(then), len(otherwise))):
        if n < len(then) and n < len(otherwise):
            values.append(merged(condition, then[n], otherwise[n]))
        else:
            values.append(then[n] if n < len(then) else otherwise[n])
    return values
