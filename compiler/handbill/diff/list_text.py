"""Steps of a pipeline over a list, as the filters that they were written as."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, assert_never

from handbill.diff.text_places import FILTER, Printed
from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Member, Operation, Step

Print: TypeAlias = Callable[[Expression], Printed]

_TESTS = {
    Operation.EQ: "==",
    Operation.NE: "!=",
    Operation.LT: "<",
    Operation.LE: "<=",
    Operation.GT: ">",
    Operation.GE: ">=",
}
_RUN_DATE = ("run", "date")


def each_text(each: Each, print_: Print) -> Printed:
    items = print_(each.items).within(FILTER)
    match each.step:
        case Step.SELECT:
            name = _selection(each, print_)
        case Step.MAP:
            name = f"map({_by(each.body, each.name, print_)})"
        case Step.SORT:
            by = _key(each, print_)
            reverse = "reverse=true" if each.descending else ""
            name = "sort" + _called(by, reverse)
        case Step.UNIQUE:
            name = "unique" + _called(_key(each, print_))
        case _:
            assert_never(each.step)
    return Printed(f"{items} | {name}", FILTER)


def _called(*arguments: str) -> str:
    given = ", ".join(each for each in arguments if each)
    return f"({given})" if given else ""


def _key(each: Each, print_: Print) -> str:
    own = isinstance(each.body, Local) and each.body.name == each.name
    return "" if own else _by(each.body, each.name, print_)


def _by(body: Expression, item: str, print_: Print) -> str:
    """`attribute='total'`, with `default=…` where items may lack it."""
    match body:
        case Call(operation=Operation.DEFAULT, arguments=(value, fallback)):
            path = _member(value, item)
            if path is not None:
                return f"attribute='{path}', default={print_(fallback).text}"
    path = _member(body, item)
    return f"attribute='{path}'" if path is not None else f"attribute={print_(body).text}"


def _member(expression: Expression, item: str) -> str | None:
    """The path of a member of the item: `product.department`."""
    match expression:
        case Member(of=Local(name=name), name=member) if name == item:
            return member
        case Member(of=of, name=member):
            path = _member(of, item)
            return None if path is None else f"{path}.{member}"
        case _:
            return None


# ── selections ───────────────────────────────────────────────────────────────────────────────────


def _selection(each: Each, print_: Print) -> str:
    recent = _within(each.body, each.name)
    if recent is not None:
        return recent
    match each.body:
        case Call(operation=Operation.NOT, arguments=(inner,)):
            kept = _test(inner, each.name, print_)
            if kept is not None:
                return f"rejectattr({kept})"
        case _:
            kept = _test(each.body, each.name, print_)
            if kept is not None:
                return f"selectattr({kept})"
    return f"where({print_(each.body).text})"


def _test(body: Expression, item: str, print_: Print) -> str | None:
    path = _member(body, item)
    if path is not None:
        return f"'{path}'"
    match body:
        case Call(operation=operation, arguments=(left, right)) if operation in _TESTS:
            path = _member(left, item)
            return (
                None if path is None else f"'{path}', '{_TESTS[operation]}', {print_(right).text}"
            )
        case Call(operation=Operation.IN, arguments=(left, *members)):
            path = _member(left, item)
            listed = ", ".join(print_(each).text for each in members)
            return None if path is None else f"'{path}', 'in', [{listed}]"
        case Call(operation=Operation.LIST_CONTAINS, arguments=(items, left)):
            path = _member(left, item)
            return None if path is None else f"'{path}', 'in', {print_(items).text}"
        case Call(operation=Operation.IS_DEFINED, arguments=(left,)):
            path = _member(left, item)
            return None if path is None else f"'{path}', 'defined'"
        case _:
            return None


def _within(body: Expression, item: str) -> str | None:
    """`within('60 days')`: from the first of these days to the run's own, by whole days."""
    match body:
        case Call(
            operation=Operation.AND,
            arguments=(
                Call(operation=Operation.GE, arguments=(moment, first)),
                Call(operation=Operation.LT, arguments=(again, last)),
            ),
        ) if moment == again and _days_from_run(last) == 1:
            days = _days_from_run(first)
            return None if days is None else _recent(1 - days, moment, item)
        case Call(
            operation=Operation.AND,
            arguments=(
                Call(operation=Operation.GT, arguments=(moment, first)),
                Call(operation=Operation.LE, arguments=(again, Field(path=path))),
            ),
        ) if moment == again and path == _RUN_DATE:
            days = _days_from_run(first)
            return None if days is None else _recent(-days, moment, item)
        case _:
            return None


def _recent(days: int, moment: Expression, item: str) -> str | None:
    path = _member(moment, item)
    if days < 1 or (path is None and not isinstance(moment, Local)):
        return None
    named = f", attribute='{path}'" if path is not None else ""
    return f"within('{days} day{'s' * (days > 1)}'{named})"


def _days_from_run(expression: Expression) -> int | None:
    match expression:
        case Call(operation=Operation.DAY_START, arguments=(date, _)):
            return _days_from_run(date)
        case Call(operation=Operation.PLUS_DAYS, arguments=(date, Const(value=int() as days))):
            return days if _days_from_run(date) == 0 else None
        case Field(path=path) if path == _RUN_DATE:
            return 0
        case _:
            return None
