"""Which customer fields a plan reads: the row that the audience stage carries, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from handbill.plan.ir import Field
from handbill.plan.model import FieldNeed


def fields_read(*parts: object) -> tuple[FieldNeed, ...]:
    """The `customer` fields in any nesting of plan structs, tuples and mappings, sorted by path."""
    needs = {
        field.path[1:]: FieldNeed(path=field.path[1:], type=field.type)
        for part in parts
        for field in _fields(part)
        if field.path[0] == "customer"
    }
    return tuple(needs[path] for path in sorted(needs))


def _fields(part: object) -> Iterator[Field]:
    if isinstance(part, Field):
        yield part
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from _fields(getattr(part, name))
    elif isinstance(part, Mapping):
        for value in part.values():
            yield from _fields(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from _fields(value)
