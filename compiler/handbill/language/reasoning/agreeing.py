"""Conditions of two plans, made to agree on what an object has.

Each plan carries of a relation's rows only the members that it reads. Where two are asked about together,
their rows are one: an object with the members of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

import msgspec

from handbill.language.expressions.facts import Path
from handbill.language.reasoning.declared import fields_of, united
from handbill.plan.ir import Const, Expression
from handbill.plan.types import ListType, ObjectType, Type


def agreed(conditions: Sequence[Expression]) -> tuple[Expression, ...]:
    """The same conditions, over rows that hold the members of all of them."""
    unions = _unions(conditions)
    if not unions:
        return tuple(conditions)
    return tuple(_rewritten(condition, unions) for condition in conditions)


def _unions(conditions: Sequence[Expression]) -> Mapping[ObjectType, ObjectType]:
    """Each object type that is to be replaced → what replaces it."""
    by_path: dict[Path, list[ObjectType]] = {}
    for condition in conditions:
        for field in fields_of(condition):
            for type_ in _objects(field.type):
                types = by_path.setdefault(field.path, [])
                if type_ not in types:
                    types.append(type_)
    unions: dict[ObjectType, ObjectType] = {}
    for types in _connected(list(by_path.values())):
        if len(types) > 1:
            union = reduce(united, types)
            unions |= dict.fromkeys(types, union)
    return unions


def _objects(type_: Type) -> Iterator[ObjectType]:
    match type_:
        case ObjectType() | ListType(item=ObjectType()):
            yield type_ if isinstance(type_, ObjectType) else type_.item  # type: ignore[misc]
        case _:
            pass


def _connected(groups: Sequence[list[ObjectType]]) -> list[list[ObjectType]]:
    """Groups that share a type are one."""
    found: list[list[ObjectType]] = []
    for group in groups:
        merged = list(group)
        apart = []
        for other in found:
            if any(type_ in other for type_ in merged):
                merged += [type_ for type_ in other if type_ not in merged]
            else:
                apart.append(other)
        found = [*apart, merged]
    return found


def _rewritten(part: Any, unions: Mapping[ObjectType, ObjectType]) -> Any:
    match part:
        case ObjectType() if part in unions:
            return unions[part]
        case Const():
            return part if part.value else Const(_rewritten(part.type, unions), part.value)
        case msgspec.Struct():
            names = part.__struct_fields__
            return type(part)(**{name: _rewritten(getattr(part, name), unions) for name in names})
        case tuple():
            return tuple(_rewritten(each, unions) for each in part)
        case _:
            return part
