"""One cell of a git table: its text in the one canonical form, and its value.

The texts are forms that the import view reads back as the same value (`plan/import_values.py`).
"""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import assert_never

from handbill.language.scope import Constant
from handbill.plan.alphabets import is_within
from handbill.plan.import_values import LIST_SEPARATOR
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    ObjectType,
    ScalarType,
    StringType,
    Type,
)
from handbill.plan.values import DATE_MAXIMUM, DATE_MINIMUM, DATETIME_MAXIMUM, DATETIME_MINIMUM

Parsed = tuple[str, Constant]
_INTEGER = re.compile(r"-?[0-9]{1,19}\Z")
_DECIMAL = re.compile(r"-?[0-9]{1,19}(\.[0-9]+)?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})\Z"
)
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
"""Control characters but tab and line breaks, and noncharacters: no text of a customer has them."""


def parse_cell(cell: str, type_: Type) -> Parsed | None:
    """The canonical text and the value of a cell that is not blank; None when it is not of `type_`."""
    if isinstance(type_, ObjectType) or (
        isinstance(type_, ListType) and isinstance(type_.item, ObjectType)
    ):
        return None  # a cell holds no object: see expected_cell
    if not isinstance(type_, ListType):
        return _scalar(cell, type_)
    item_type = type_.item
    assert not isinstance(item_type, ObjectType)
    items = [_scalar(item.strip(), item_type) for item in cell.split(LIST_SEPARATOR)]
    if len(items) > type_.maximum or any(item is None or not item[0] for item in items):
        return None
    known = [item for item in items if item is not None]
    return LIST_SEPARATOR.join(text for text, _ in known), [value for _, value in known]


def _scalar(cell: str, type_: ScalarType) -> Parsed | None:
    match type_:
        case BoolType():
            return (cell, cell == "true") if cell in ("true", "false") else None
        case IntType(minimum=low, maximum=high):
            value = int(cell) if _INTEGER.match(cell) else None
            return None if value is None or not low <= value <= high else (str(value), value)
        case DecimalType():
            return _decimal(cell, type_)
        case StringType(maximum=maximum, alphabet=alphabet):
            fits = len(cell) <= maximum and is_within(cell, alphabet)
            return (cell, cell) if fits and not _REFUSED.search(cell) else None
        case EnumType(values=values):
            return (cell, cell) if cell in values else None
        case DateType():
            return _date(cell)
        case DatetimeType():
            return _datetime(cell)
    assert_never(type_)


def _decimal(cell: str, type_: DecimalType) -> Parsed | None:
    """More digits after the point than the type has are refused, unless they are zeros."""
    if not _DECIMAL.match(cell) or len(cell.partition(".")[2].rstrip("0")) > type_.scale:
        return None
    value = Decimal(cell).quantize(Decimal(1).scaleb(-type_.scale), ROUND_HALF_UP)
    scaled = int(value.scaleb(type_.scale))
    if not type_.minimum <= scaled <= type_.maximum:
        return None
    value = value if scaled else abs(value)  # there is no -0.00
    return f"{value:f}", value


def _date(cell: str) -> Parsed | None:
    try:
        value = datetime.date.fromisoformat(cell) if _DATE.match(cell) else None
    except ValueError:
        return None
    if value is None or not DATE_MINIMUM <= value <= DATE_MAXIMUM:
        return None
    return value.isoformat(), value


def _datetime(cell: str) -> Parsed | None:
    """An instant: without `Z` or an offset nobody knows which."""
    try:
        value = datetime.datetime.fromisoformat(cell) if _DATETIME.match(cell) else None
        instant = value and value.astimezone(datetime.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    if instant is None or not DATETIME_MINIMUM <= instant <= DATETIME_MAXIMUM:
        return None
    return f"{instant.isoformat()}Z", instant


def expected_cell(type_: Type) -> str:
    """What a cell of this type looks like, as in `write …`."""
    match type_:
        case BoolType():
            return "true or false"
        case IntType(minimum=low, maximum=high):
            return f"a whole number from {low} to {high}"
        case DecimalType(scale=scale, minimum=low, maximum=high):
            lowest, highest = (Decimal(bound).scaleb(-scale) for bound in (low, high))
            places = f"at most {scale} digits after the point"
            return f"a number from {lowest:f} to {highest:f}, with {places}"
        case StringType(maximum=maximum, alphabet=alphabet):
            held = "" if alphabet is None else ", all of them in the alphabet of plain SMS"
            return f"a text of at most {maximum} characters, without control characters{held}"
        case EnumType(values=values):
            return "one of " + ", ".join(values)
        case DateType():
            return "a date such as 2026-12-05"
        case DatetimeType():
            return "an instant such as 2026-12-05T10:00Z"
        case ObjectType() | ListType(item=ObjectType()):
            return "nothing: a table in git cannot hold objects"
        case ListType(item=item, maximum=maximum):
            return (
                f"at most {maximum} items with {LIST_SEPARATOR} between, each {expected_cell(item)}"
            )
    assert_never(type_)
