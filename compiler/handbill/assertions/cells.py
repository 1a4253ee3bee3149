"""Values of a fixture: from what YAML says to what a column of that type holds, or why it cannot.

The values are those that DuckDB takes for a column of `source_type`: Decimal, date, datetime, list and
dict among them. Stricter than the data of production, where a wrong value only quarantines its row: a
fixture is written by hand, so what is wrong in it is a mistake.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import assert_never

from handbill.diagnostics.suggest import closest
from handbill.plan.sql_text import identifier
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
from handbill.plan.values import DATE_MAXIMUM, DATE_MINIMUM
from handbill.source.located import Value

Cell = object
"""What DuckDB takes as a parameter; None where nothing is."""


class WrongCell(ValueError):
    """`path` leads from the cell to what is wrong inside it."""

    def __init__(self, message: str, hint: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(message)
        self.hint = hint
        self.path = path

    def inside(self, step: str | int) -> WrongCell:
        return WrongCell(str(self), self.hint, (step, *self.path))


def cell_of(value: Value, type: Type) -> Cell:
    """The cell that `value` means; WrongCell for one that no column of `type` holds."""
    match type:
        case BoolType():
            return _bool(value)
        case IntType():
            return _int(value, type)
        case DecimalType():
            return _decimal(value, type)
        case StringType(maximum=maximum):
            return _text(value, maximum)
        case EnumType(values=values):
            return _member(value, values)
        case DateType():
            return _date(value)
        case DatetimeType():
            return _datetime(value)
        case ListType():
            return _list(value, type)
        case ObjectType():
            return _object(value, type)
        case _:
            assert_never(type)


def neutral_cell(type: Type, today: datetime.date) -> Cell:
    """What a customer has where a fixture says nothing: no, 0, no text, the first of a list of words,
    today, nothing."""
    match type:
        case BoolType():
            return False
        case IntType(minimum=low, maximum=high):
            return min(max(0, low), high)
        case DecimalType(minimum=low, maximum=high, scale=scale):
            return Decimal(min(max(0, low), high)).scaleb(-scale)
        case StringType():
            return ""
        case EnumType(values=values):
            return values[0]
        case DateType():
            return today
        case DatetimeType():
            return datetime.datetime.combine(today, datetime.time())
        case ListType():
            return []
        case ObjectType(members=members):
            return {
                each.name: neutral_cell(each.type, today) if each.required else None
                for each in members
            }
        case _:
            assert_never(type)


def source_type(type: Type) -> str:
    """The DuckDB type of a fixture's column."""
    match type:
        case BoolType():
            return "BOOLEAN"
        case IntType():
            return "BIGINT"
        case DecimalType(scale=scale):
            return f"DECIMAL(38, {scale})"
        case StringType() | EnumType():
            return "VARCHAR"
        case DateType():
            return "DATE"
        case DatetimeType():
            return "TIMESTAMP"
        case ListType(item=item):
            return f"{source_type(item)}[]"
        case ObjectType(members=members):
            inside = ", ".join(f"{identifier(m.name)} {source_type(m.type)}" for m in members)
            return f"STRUCT({inside})"
        case _:
            assert_never(type)


def _shown(value: Value) -> str:
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case list():
            return "a list"
        case dict():
            return "a block of fields"
        case None:
            return "null"
        case _:
            text = str(value)
            return f"`{text[:40]}{'…' if len(text) > 40 else ''}`"


def _bool(value: Value) -> Cell:
    if not isinstance(value, bool):
        raise WrongCell(f"{_shown(value)} is neither true nor false", "true, or false")
    return value


def _int(value: Value, type: IntType) -> Cell:
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongCell(f"{_shown(value)} is not a whole number", "a number without quotes: 3")
    _check_bounds(value, type.minimum, type.maximum, 0)
    return value


def _decimal(value: Value, type: DecimalType) -> Cell:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise WrongCell(f"{_shown(value)} is not a number", "a number without quotes: 12.50")
    scaled = Decimal(value).scaleb(type.scale)
    if scaled != scaled.to_integral_value():
        raise WrongCell(
            f"{_shown(value)} has more than {type.scale} decimals", f"at most {type.scale} decimals"
        )
    _check_bounds(int(scaled), type.minimum, type.maximum, type.scale)
    return Decimal(value)


def _check_bounds(value: int, low: int, high: int, scale: int) -> None:
    if not low <= value <= high:
        least, most = (Decimal(each).scaleb(-scale) for each in (low, high))
        shown = Decimal(value).scaleb(-scale)
        raise WrongCell(f"`{shown}` is out of bounds", f"from {least:f} to {most:f}")


def _text(value: Value, maximum: int) -> Cell:
    if not isinstance(value, str):
        quoted = f'"{value}"' if isinstance(value, int | Decimal) else '"…"'
        raise WrongCell(f"{_shown(value)} is not a text", f"in quotes: {quoted}")
    length = len(unicodedata.normalize("NFC", value))
    if length > maximum:
        raise WrongCell(f"this text has {length} characters", f"at most {maximum} characters")
    return value


def _member(value: Value, values: tuple[str, ...]) -> Cell:
    if isinstance(value, str) and value in values:
        return value
    near = closest(value, values) if isinstance(value, str) else None
    shown = ", ".join(values[:12]) + (", …" if len(values) > 12 else "")
    raise WrongCell(
        f"{_shown(value)} is not one of its values", f"did you mean `{near}`?" if near else shown
    )


def _date(value: Value) -> Cell:
    try:
        day = datetime.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or not DATE_MINIMUM <= day <= DATE_MAXIMUM:
        raise WrongCell(f"{_shown(value)} is not a date from 1900 to 2199", "2026-12-05")
    return day


def _datetime(value: Value) -> Cell:
    try:
        instant = datetime.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        hint = '"2026-12-05T10:00Z", or with an offset: "2026-12-05T10:00-05:00"'
        raise WrongCell(f"{_shown(value)} is not an instant", hint)
    at = instant.astimezone(datetime.UTC).replace(tzinfo=None)
    if not DATE_MINIMUM <= at.date() <= DATE_MAXIMUM:
        raise WrongCell(f"{_shown(value)} is not in the years 1900 to 2199", "2026-12-05T10:00Z")
    return at


def _list(value: Value, type: ListType) -> Cell:
    if not isinstance(value, list):
        raise WrongCell(f"{_shown(value)} is not a list", f"[{value}]" if value else "[]")
    if len(value) > type.maximum:
        raise WrongCell(f"this list has {len(value)} entries", f"at most {type.maximum}")
    return [_inside(index, item, type.item) for index, item in enumerate(value)]


def _object(value: Value, type: ObjectType) -> Cell:
    if not isinstance(value, dict):
        raise WrongCell(f"{_shown(value)} is not a block of fields", "{…}")
    members = {member.name: member for member in type.members}
    for name in value:
        if name not in members:
            near = closest(name, members)
            hint = f"did you mean `{near}`?" if near else f"fields: {', '.join(members)}"
            raise WrongCell(f"it has no field `{name}`", hint, (name,))
    cells: dict[str, Cell] = {}
    for name, member in members.items():
        given = value.get(name)
        if given is None and member.required:
            raise WrongCell(f"`{name}` is missing", f"{name}: …")
        cells[name] = None if given is None else _inside(name, given, member.type)
    return cells


def _inside(step: str | int, value: Value, type: Type) -> Cell:
    try:
        return cell_of(value, type)
    except WrongCell as wrong:
        raise wrong.inside(step) from None


Row = Mapping[str, Cell]
