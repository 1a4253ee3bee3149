"""A customer for whom an expression would fail: concrete, and checked by evaluation.

Few values per field are tried (the constants of the conditions, their neighbours, the type's ends);
where none of them reaches the place, there is no witness rather than a wrong one.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from handbill.language.expressions.facts import Assumption, Path
from handbill.language.expressions.narrowing import has_objects, narrowed
from handbill.language.expressions.reads import constants_in, fields_in
from handbill.language.vocabulary.vocabulary import Record
from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Call, Const, Expression, Operation
from handbill.plan.model import FieldNeed
from handbill.plan.operations import decimal_text
from handbill.plan.row import compile_expression
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
from handbill.plan.values import Value, const_value

MAX_ROWS = 3_000
MAX_FIELDS = 6
MAX_OBJECTS = 400
MAX_LIST = 12
"""Objects tried for one member's sake, and items of a list of them."""
_BOOL = BoolType()


def failing_customer(
    customer: Record,
    missing: Path | None,
    assumptions: Sequence[Assumption],
    read: Iterable[Path],
) -> Mapping[str, object] | None:
    """A customer (without `missing`) who meets every assumption, as JSON values by dotted name.

    `read` are the customer fields that the whole expression reads: those of them that are required
    are shown too, so that the row looks like a customer.
    """
    conditions = narrowed([assumption.condition for assumption in assumptions])
    assumptions = [
        Assumption(condition, each.holds)
        for condition, each in zip(conditions, assumptions, strict=True)
    ]
    types = _types(customer, assumptions, read)
    hidden = {path for path in types if missing and path[: len(missing)] == missing}
    paths = [path for path in types if path not in hidden][:MAX_FIELDS]
    row = _search(paths, types, missing, assumptions, customer)
    if row is None:
        return None
    shown = {
        ".".join(path[1:]): _json(value, types[path])
        for path, value in row.items()
        if path[0] == "customer"
    }
    visible = {name: value for name, value in shown.items() if value is not None}
    return visible or _any_field(customer)


def _types(
    customer: Record, assumptions: Sequence[Assumption], read: Iterable[Path]
) -> dict[Path, Type]:
    types: dict[Path, Type] = {}
    for assumption in assumptions:
        types.update(fields_in(assumption.condition))
    for path in read:
        member = customer.fields.get(path[1]) if len(path) == 2 else None
        if member is not None and member.required:
            types[path] = member.type
    return types


def _search(
    paths: Sequence[Path],
    types: Mapping[Path, Type],
    missing: Path | None,
    assumptions: Sequence[Assumption],
    customer: Record,
) -> dict[Path, Value] | None:
    rest = [path for path in types if path not in paths]
    needs = [FieldNeed(path=path[1:], type=types.get(path, _BOOL)) for path in (*paths, *rest)]
    if missing and missing not in types:
        needs.append(FieldNeed(path=missing[1:], type=_BOOL))
    try:
        holds = compile_expression(_all_of(assumptions), needs)
    except PlanCodeError:
        return None
    constants = {value for each in assumptions for value in constants_in(each.condition)}
    options = [list(_values(types[path], constants, _may_miss(customer, path))) for path in paths]
    for values in itertools.islice(itertools.product(*options), MAX_ROWS):
        row = (*values, *([None] * (len(needs) - len(values))))
        try:
            if holds(row, dict(zip(paths, values, strict=True))):
                return dict(zip(paths, values, strict=True))
        except (TypeError, AttributeError, KeyError, IndexError, ZeroDivisionError):
            continue  # this row fails even before the place that we look for
    return None


def _all_of(assumptions: Sequence[Assumption]) -> Expression:
    parts: list[Expression] = [Const(_BOOL, True)]
    for each in assumptions:
        negated = Call(Operation.NOT, (each.condition,), _BOOL)
        parts.append(each.condition if each.holds else negated)
    return Call(Operation.AND, tuple(parts), _BOOL)


def _may_miss(customer: Record, path: Path) -> bool:
    member = customer.fields.get(path[1]) if len(path) > 1 else None
    return path[0] == "customer" and not (member is not None and member.required)


def _values(type: Type, constants: Iterable[Const], may_miss: bool) -> Iterator[Value]:
    """Values worth trying, the plainest first."""
    if has_objects(type):
        yield from _objects(type, constants)
        yield from [None] if may_miss else []
        return
    seen: set[Value] = set()
    plain = _plain(type)
    absent: Sequence[Value] = (None,) if may_miss else ()
    for value in (*plain[:1], *_near(type, constants), *plain[1:], *absent):
        if value not in seen and _fits(value, type):
            seen.add(value)
            yield value


def _objects(type: Type, constants: Iterable[Const]) -> Iterator[Value]:
    """Objects, or lists of one to a few alike, with every combination of members worth trying."""
    constants = tuple(constants)
    item = type.item if isinstance(type, ListType) else type
    assert isinstance(item, ObjectType)
    options = [
        list(_values(member.type, constants, not member.required)) for member in item.members
    ]
    rows = itertools.islice(itertools.product(*options), MAX_OBJECTS)
    if not isinstance(type, ListType):
        yield from rows
        return
    yield ()
    counts = sorted({1, *(count for const in constants for count in _counts(const))})
    for row in rows:
        yield from ((row,) * count for count in counts if count <= type.maximum)


def _counts(const: Const) -> Iterator[int]:
    """Lengths of lists next to a number that a condition names."""
    if isinstance(const.value, int) and not isinstance(const.value, bool):
        yield from (n for n in (const.value - 1, const.value, const.value + 1) if 1 < n <= MAX_LIST)


def _plain(type: Type) -> Sequence[Value]:
    match type:
        case ObjectType(members=members):
            return (tuple(_plain(member.type)[0] for member in members),)
        case BoolType():
            return (False, True)
        case IntType() | DecimalType():
            middle = min(max(0, type.minimum), type.maximum)
            return (middle, middle + 1, type.minimum, type.maximum)
        case StringType():
            return ("a", "")
        case EnumType(values=values):
            return values
        case DateType():
            return (datetime.date(2026, 1, 15),)
        case DatetimeType():
            return (datetime.datetime(2026, 1, 15),)
        case ListType():
            return ((), tuple(_plain(type.item)[:1]))


def _near(type: Type, constants: Iterable[Const]) -> Iterator[Value]:
    for const in sorted(constants, key=repr):
        value = const_value(const)
        if isinstance(type, ListType) and not isinstance(value, tuple):
            yield (value,)
            yield from (tuple(_plain(type.item)[:1]) * count for count in _counts(const))
        elif isinstance(value, int) and not isinstance(value, bool):
            yield from (value, value + 1, value - 1)
        elif isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            yield from (value, value + datetime.timedelta(1), value - datetime.timedelta(1))
        else:
            yield value


def _fits(value: Value, type: Type) -> bool:
    match type:
        case _ if value is None:
            return True
        case ObjectType():
            return isinstance(value, tuple)
        case BoolType():
            return isinstance(value, bool)
        case IntType() | DecimalType():
            is_int = isinstance(value, int) and not isinstance(value, bool)
            return is_int and type.minimum <= value <= type.maximum  # type: ignore[operator]
        case StringType():
            return isinstance(value, str) and len(value) <= type.maximum
        case EnumType(values=values):
            return value in values
        case DatetimeType():
            return isinstance(value, datetime.datetime)
        case DateType():
            return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
        case ListType(item=item):
            return isinstance(value, tuple) and all(_fits(each, item) for each in value)


def _any_field(customer: Record) -> Mapping[str, object]:
    """One required field to show, `id` where there is no other."""
    for kinds in ((IntType, DecimalType), (BoolType, EnumType), (StringType, DateType)):
        for name, member in customer.fields.items():
            if member.required and name != "id" and isinstance(member.type, kinds):
                return {name: _json(_plain(member.type)[0], member.type)}
    return {"id": "1"}


def _json(value: Value, type: Type) -> object:
    match value:
        case bool() | str() | None:
            return value
        case int() if isinstance(type, DecimalType):
            return (
                float(decimal_text(value, type.scale))
                if value % 10**type.scale
                else (value // 10**type.scale)
            )
        case datetime.datetime():
            return value.isoformat() + "Z"
        case datetime.date():
            return value.isoformat()
        case tuple() if isinstance(type, ObjectType):
            pairs = zip(type.members, value, strict=True)
            return nested(
                {name.name: _json(each, name.type) for name, each in pairs if each is not None}
            )
        case tuple():
            item = type.item if isinstance(type, ListType) else type
            return [_json(each, item) for each in value]
        case _:
            return value


def nested(members: Mapping[str, object]) -> dict[str, object]:
    """Members named by their path (`product.name`) below the key that leads to them.

    A key that leads somewhere stands for its row: `{"product": {"name": "Milk"}}`.
    """
    found: dict[str, object] = {}
    for name, value in members.items():
        first, dot, rest = name.partition(".")
        if not dot:
            found.setdefault(first, value)
            continue
        row = found.get(first)
        row = row if isinstance(row, dict) else {}
        found[first] = {**row, **nested({rest: value})}
    return found
