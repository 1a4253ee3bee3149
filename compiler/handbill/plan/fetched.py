"""What DuckDB's Python client returns, as values of the language: STRUCTs and lists become tuples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from handbill.plan.types import ListType, ObjectType, Type
from handbill.plan.values import Value

Convert: TypeAlias = Callable[[Any], Any]


def fetched_value(value: Any, type: Type) -> Value:
    """One value; `converter` is faster for many."""
    convert = converter(type)
    made: Value = value if convert is None else convert(value)
    return made


def converter(type: Type) -> Convert | None:
    """What makes a value of `type` of a fetched one; None where that is the same."""
    match type:
        case ListType(item=item):
            return _list(converter(item))
        case ObjectType(members=members):
            return _object([(member.name, converter(member.type)) for member in members])
        case _:
            return None


def _list(item: Convert | None) -> Convert:
    if item is None:
        return lambda items: None if items is None else tuple(items)
    return lambda items: None if items is None else tuple(map(item, items))


def _object(members: list[tuple[str, Convert | None]]) -> Convert:
    """A STRUCT is a dict; it may hold more members than the type has, in any order."""
    if all(convert is None for _, convert in members):
        names = [name for name, _ in members]
        return lambda found: None if found is None else tuple([found[name] for name in names])

    def made(found: Any) -> Any:
        if found is None:
            return None
        return tuple(
            [found[name] if convert is None else convert(found[name]) for name, convert in members]
        )

    return made
