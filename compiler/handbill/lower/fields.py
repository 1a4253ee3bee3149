"""Which customer fields a plan reads: the row that the audience stage carries, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from handbill.language.expressions.narrowing import has_objects, narrowed
from handbill.plan.ir import Const, Field, Text
from handbill.plan.model import Audience, FieldNeed, Variant
from handbill.plan.types import TypeStruct


def carried(
    audience: Audience, variants: tuple[Variant, ...]
) -> tuple[Audience, tuple[Variant, ...], tuple[FieldNeed, ...]]:
    """The same, with objects and rows cut down to the members that are used, and their fields."""
    needs = fields_read(audience, *variants)
    if not any(has_objects(need.type) for need in needs):
        return audience, variants, needs
    cut: tuple[Audience | Variant, ...] = narrowed((audience, *variants))
    less, *others = cut
    assert isinstance(less, Audience)
    narrower = tuple(each for each in others if isinstance(each, Variant))
    return less, narrower, fields_read(less, *narrower)


def fields_read(*parts: object) -> tuple[FieldNeed, ...]:
    """The `customer` fields in any nesting of plan structs, tuples and mappings, sorted by path."""
    needs = {
        field.path: FieldNeed(path=field.path[1:], type=field.type)
        for part in parts
        for field in _fields(part)
        if field.path[0] == "customer"
    }
    return tuple(needs[path] for path in sorted(needs))


@lru_cache(maxsize=64)
def _members_of(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(name for name in kind.__struct_fields__ if name not in _PLAIN)


_PLAIN = frozenset({"type", "operation", "escape", "name", "wide", "limit"})
_WITHOUT_FIELDS = (str, Const, Text, TypeStruct)


def _fields(part: object) -> Iterator[Field]:
    waiting = [part]
    seen: set[int] = set()  # what occurs often is often one object: fields, whole conditions
    while waiting:
        one = waiting.pop()
        if isinstance(one, _WITHOUT_FIELDS) or id(one) in seen:
            continue
        if isinstance(one, Field):
            yield one
        elif isinstance(one, msgspec.Struct):
            seen.add(id(one))
            waiting += [getattr(one, name) for name in _members_of(type(one))]
        elif isinstance(one, tuple):
            waiting += one
        elif isinstance(one, Mapping):
            waiting += one.values()
