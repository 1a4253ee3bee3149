"""Lists in DuckDB SQL: scalar and STRUCT lists, by its list functions and lambdas.

What is missing stays missing (the functions give NULL for a NULL list), lists keep their order, and
DuckDB's own sort is never asked for stability: the place in the list is part of the key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias, assert_never

from handbill.plan import sql_numbers
from handbill.plan.intervals import interval_of, longest
from handbill.plan.ir import Call, Const, Each, Expression, Local, Operation, Step
from handbill.plan.sql_numbers import Operand, bind, fits_64, refuse_overflow
from handbill.plan.sql_scope import Scope
from handbill.plan.types import IntType

Lower: TypeAlias = Callable[[Expression, Scope], Operand]


def lower_each(each: Each, scope: Scope, lower: Lower) -> Operand:
    """One step over a list that is a value."""
    items = lower(each.items, scope)
    item = scope.fresh("_item")
    local = Operand(item, Local(each.name, each.type.item), items.interval, simple=True)
    body = lower(each.body, scope.binding(each.name, local))
    interval = body.interval if each.step is Step.MAP else items.interval
    return Operand(_step(each, items, item, body, scope), each, interval)


def _step(each: Each, items: Operand, item: str, body: Operand, scope: Scope) -> str:
    is_item = isinstance(each.body, Local) and each.body.name == each.name
    match each.step:
        case Step.SELECT:
            return f"list_filter({items.sql}, lambda {item}: coalesce({body.sql}, FALSE))"
        case Step.MAP:
            mapped = f"list_transform({items.sql}, lambda {item}: {body.sql})"
            return f"list_filter({mapped}, lambda {item}: {item} IS NOT NULL)"
        case Step.SORT if is_item:
            return f"list_sort({items.sql}, '{'DESC' if each.descending else 'ASC'}')"
        case Step.SORT:
            return _sort(each, items, item, body, scope)
        case Step.UNIQUE:
            keys = f"list_transform({items.sql}, lambda {item}: {body.sql})"
            place, known = scope.fresh("_place"), scope.fresh("_keys")
            kept = (
                f"list_filter({items.sql}, lambda {item}, {place}: "
                f"list_position({known}, {body.sql}) = {place})"
            )
            return f"list_extract(list_transform([{keys}], lambda {known}: {kept}), 1)"
        case _:
            assert_never(each.step)


def _sort(each: Each, items: Operand, item: str, body: Operand, scope: Scope) -> str:
    """Sorted by (is the key missing, key, place): descending, by what reverses each of them."""
    place = scope.fresh("_place")
    if each.descending:
        order, missing, at = "DESC", f"{body.sql} IS NOT NULL", f"-{place}"
    else:
        order, missing, at = "ASC", f"{body.sql} IS NULL", place
    entry = f"{{'m': {missing}, 'k': {body.sql}, 'p': {at}, 'v': {item}}}"
    entries = f"list_transform({items.sql}, lambda {item}, {place}: {entry})"
    return (
        f"list_transform(list_sort({entries}, '{order}'), "
        f"lambda {item}: struct_extract({item}, 'v'))"
    )


# ── from a list to a value ───────────────────────────────────────────────────────────────────────


def total(call: Call, operands: Sequence[Operand]) -> str:
    """DuckDB's sum of nothing is NULL; of 64-bit integers it has 128 bits."""
    sql = f"coalesce(list_sum({operands[0].sql}), 0)"
    return narrowed_sum(call, operands[0], sql)


def narrowed_sum(call: Call, items: Operand, sql: str) -> str:
    """A sum, in 64 bits where its interval allows."""
    interval = interval_of(call, [items.interval]) or (0, 0)
    refuse_overflow(call, *interval)
    return f"CAST({sql} AS BIGINT)" if fits_64(*interval) else f"CAST({sql} AS HUGEINT)"


def average(call: Call, operands: Sequence[Operand]) -> str:
    """ROUND_DIV(SUM(items) * FACTOR, COUNT(items)), with nothing for no items."""
    items = operands[0]
    if not items.is_simple:
        return bind(
            [items], lambda x: _average(call, replace(items, sql=x, simple=True)), "_averaged"
        )
    return _average(call, items)


def _average(call: Call, items: Operand) -> str:
    type, list_ = IntType(), items.expression
    sum_call = Call(Operation.SUM, (list_,), type)
    count_call = Call(Operation.COUNT, (list_,), type)
    total_of = Operand(total(sum_call, [items]), sum_call, interval_of(sum_call, [items.interval]))
    count = Operand(f"len({items.sql})", count_call, (0, longest(list_)))
    return rounded_average(call, total_of, count)


def rounded_average(call: Call, total_of: Operand, count: Operand) -> str:
    """The rounded division of a sum, times the call's FACTOR, by a count."""
    factor = call.arguments[1]
    assert isinstance(factor, Const)
    product = Call(Operation.MUL, (total_of.expression, factor), IntType())
    by = Operand(str(factor.value), factor, interval_of(factor, ()))
    operands = (total_of, by)
    interval = interval_of(product, [one.interval for one in operands])
    multiplied = Operand(sql_numbers.multiply(product, operands), product, interval)
    division = Call(Operation.ROUND_DIV, (product, count.expression), IntType())
    return sql_numbers.round_div(division, (multiplied, count))


def item(call: Call, operands: Sequence[Operand]) -> str:
    """DuckDB counts from 1."""
    return f"list_extract({operands[0].sql}, {operands[1].constant() + 1})"
