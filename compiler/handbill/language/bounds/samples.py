"""Values worth trying for a field, the plainest first: its ends, and the constants it is compared with."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from handbill.plan.alphabets import ALPHABETS, is_within
from handbill.plan.ir import Const, Field
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
from handbill.plan.values import Scalar, Value, const_value

LETTERS = "M€😀&'\"^ç\x01"
"""One of each kind that some count or escape finds largest; the first is the plainest."""
LEAVING = "àΣ"
"""Letters of plain SMS whose capital, or small letter, is none: `À`, `σ`."""
MAX_VALUES = 120
MAX_ITEMS = 1_000
DATES = tuple(
    datetime.date(2026, month, day) for month in (9, 12, 2, *range(1, 13)) for day in (30, 28, 3)
    if not (month == 2 and day == 30)
)  # fmt: skip
WEEK = tuple(datetime.date(2026, 9, day) for day in range(20, 27))


def fields_of(*parts: object) -> Mapping[tuple[str, ...], Type]:
    """The fields in any nesting of operations, expressions and tuples, by path with their root."""
    return {struct.path: struct.type for struct in _structs(parts) if isinstance(struct, Field)}


def size_of(*parts: object) -> int:
    """How many operations and expressions there are in them."""
    return sum(1 for _ in _structs(parts))


def constants_of(*parts: object) -> tuple[Scalar, ...]:
    """Every constant in them, once."""
    found: dict[tuple[type, Scalar], Scalar] = {}
    for struct in _structs(parts):
        if isinstance(struct, Const):
            value = const_value(struct)
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, Scalar):
                    found[type(each), each] = each
    return tuple(found.values())


def _structs(parts: object) -> Iterator[msgspec.Struct]:
    waiting = [parts]
    while waiting:
        match waiting.pop():
            case msgspec.Struct() as struct:
                yield struct
                waiting += [getattr(struct, name) for name in struct.__struct_fields__]
            case tuple() | list() as items:
                waiting += items
            case _:
                pass


def values_of(type: Type, constants: Iterable[Scalar]) -> list[Value]:
    """At most MAX_VALUES of a type, none twice."""
    found: dict[tuple[object, ...], Value] = {}
    for value in _values(type, tuple(constants)):
        key = (value.__class__, value)
        if key not in found:
            found[key] = value
        if len(found) >= MAX_VALUES:
            break
    return list(found.values())


def _values(type: Type, constants: tuple[Scalar, ...]) -> Iterator[Value]:
    match type:
        case BoolType():
            yield from (False, True)
        case IntType(minimum=low, maximum=high) | DecimalType(minimum=low, maximum=high):
            numbers = [c for c in constants if isinstance(c, int) and not isinstance(c, bool)]
            near = [n + step for n in numbers for step in (0, 1, -1)]
            yield from (n for n in (high, low, 0, -1, *near) if low <= n <= high)
        case StringType():
            yield from _texts(type, constants)
        case EnumType(values=values):
            yield from values
        case DateType():
            yield from (*DATES, *WEEK, *(c for c in constants if _is_date(c)))
        case DatetimeType():
            yield datetime.datetime(2026, 12, 5, 10)
            yield from (c for c in constants if isinstance(c, datetime.datetime))
        case ListType(item=item, maximum=maximum):
            yield from _lists(item, min(maximum, MAX_ITEMS), constants)
        case ObjectType():
            yield from _objects(type, constants)


def _is_date(value: Scalar) -> bool:
    return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)


def _texts(type: StringType, constants: tuple[Scalar, ...]) -> Iterator[str]:
    letters = LETTERS
    if type.alphabet is not None:
        letters = "".join(c for c in LETTERS + LEAVING if c in ALPHABETS[type.alphabet])
    written = [c for c in constants if isinstance(c, str) and is_within(c, type.alphabet)]
    numbers = [c for c in constants if isinstance(c, int) and not isinstance(c, bool)]
    lengths = [n + step for n in numbers for step in (0, 1, -1)]
    yield from (letter * type.maximum for letter in letters)
    if type.alphabet is not None:  # what a replacement may make another letter of
        yield from (text * (type.maximum // len(text)) for text in written if text)
    for length in (n for n in lengths if 0 < n < type.maximum):
        yield from (letter * length for letter in letters)
    if type.alphabet != "link":
        yield from (text for text in written if len(text) <= type.maximum)
        yield ""


def _lists(item: Type, maximum: int, constants: tuple[Scalar, ...]) -> Iterator[Value]:
    items = values_of(item, constants)
    for count in dict.fromkeys((maximum, min(3, maximum), min(2, maximum), 1)):
        yield from ((each,) * count for each in items)
    yield ()


def _objects(type: ObjectType, constants: tuple[Scalar, ...]) -> Iterator[Value]:
    """Members vary together, and then one by one around the first."""
    columns = [values_of(member.type, constants) for member in type.members]
    most = max(map(len, columns), default=0)
    for place in range(most):
        yield tuple(column[place % len(column)] for column in columns)
    first = tuple(column[0] for column in columns)
    for at, column in enumerate(columns):
        yield from ((*first[:at], value, *first[at + 1 :]) for value in column)
