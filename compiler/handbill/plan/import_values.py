"""How one source column becomes a value of the language: the SQL of a check and of a value.

`valid` is about a source value that is present; `value` is right where `valid` holds. They are kept
apart so that a column which already is what the plan wants costs nothing and filters on it still
reach the Parquet file. Types in which no value can be right have no normalisation at all.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from handbill.plan.sql_text import column_type, quoted
from handbill.plan.types import (
    INT64_MAX,
    INT64_MIN,
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
    Type,
)
from handbill.plan.values import (
    DATE_MAXIMUM,
    DATE_MINIMUM,
    DATETIME_MAXIMUM,
    DATETIME_MINIMUM,
)

INTEGERS = {
    "TINYINT": (-(2**7), 2**7 - 1),
    "SMALLINT": (-(2**15), 2**15 - 1),
    "INTEGER": (-(2**31), 2**31 - 1),
    "BIGINT": (INT64_MIN, INT64_MAX),
    "HUGEINT": (-(2**127), 2**127 - 1),
    "UTINYINT": (0, 2**8 - 1),
    "USMALLINT": (0, 2**16 - 1),
    "UINTEGER": (0, 2**32 - 1),
    "UBIGINT": (0, 2**64 - 1),
}
TIMESTAMPS = frozenset({"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"})
ZONED = "TIMESTAMP WITH TIME ZONE"
LIST_SEPARATOR = "|"
"""Between the items of a list in a text column (CSV, git tables)."""

_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_NONCHARACTERS = "".join(
    [r"\x{FDD0}-\x{FDEF}", *(rf"\x{{{plane:X}FFFE}}\x{{{plane:X}FFFF}}" for plane in range(17))]
)
_REFUSED = rf"'[\x00{_NONCHARACTERS}]'"
MEMBERS_IN_LIST = 30

_INT_TEXT = "'[+-]?[0-9]{1,18}'"
_DECIMAL_TEXT = r"'[+-]?[0-9]{1,18}(\.[0-9]{1,30})?'"
_DATE_TEXT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME_TEXT = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_OFFSET_TEXT = r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)"


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column's DuckDB type and, where DuckDB knows them, bounds of what it holds (inclusive)."""

    type: str
    low: int | datetime.date | None = None
    high: int | datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Normalisation:
    """SQL over one source column. `valid` None: every present value is valid."""

    value: str
    valid: str | None = None
    combined: str | None = None
    """`value` where valid, else NULL, where that can be said shorter."""
    as_is: str | None = None
    """A quick condition under which the source value is the value already."""

    def optional(self) -> str:
        if self.combined is not None:
            return self.combined
        return self.value if self.valid is None else f"CASE WHEN {self.valid} THEN {self.value} END"


def normalise(x: str, column: SourceColumn, type: Type) -> Normalisation | None:
    """How the source column `x` becomes a value of `type`; None when its type cannot hold any."""
    source = column.type
    match type:
        case BoolType():
            return _bool(x, source)
        case IntType():
            return _int(x, column, type)
        case DecimalType():
            return _decimal(x, source, type)
        case StringType() | EnumType():
            return _text(x, source, type)
        case DateType():
            return _date(x, column)
        case DatetimeType():
            return _datetime(x, column)
        case ListType():
            return _list(x, source, type)


def _bool(x: str, source: str) -> Normalisation | None:
    if source == "BOOLEAN":
        return Normalisation(x)
    if source in INTEGERS:
        return Normalisation(f"({x} = 1)", f"({x} IN (0, 1))")
    if source == "VARCHAR":
        return Normalisation(
            f"(lower({x}) IN ('true', '1'))", f"(lower({x}) IN ('true', 'false', '1', '0'))"
        )
    return None


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _reach(column: SourceColumn) -> tuple[int, int]:
    """The interval that an integer column cannot leave."""
    low, high = INTEGERS[column.type]
    if isinstance(column.low, int) and isinstance(column.high, int):
        return max(low, column.low), min(high, column.high)
    return low, high


def _int(x: str, column: SourceColumn, type: IntType) -> Normalisation | None:
    low, high = type.minimum, type.maximum
    source, target = column.type, column_type(type)
    if source in INTEGERS:
        least, most = _reach(column)
        checks = [f"{x} >= {low}"] if least < low else []
        checks += [f"{x} <= {high}"] if most > high else []
        value = x if source == target else f"CAST({x} AS {target})"
        if least < INT64_MIN or most > INT64_MAX:
            # The check guards the branch that is taken; SQL may compute the other.
            value = f"TRY_CAST({x} AS {target})"
        return Normalisation(value, f"({' AND '.join(checks)})" if checks else None)
    if source in ("DOUBLE", "FLOAT") or _DECIMAL.fullmatch(source):
        whole = f"TRY_CAST({x} AS {target})"
        check = f"({x} = trunc({x}) AND {whole} >= {low} AND {whole} <= {high})"
        return Normalisation(whole, f"coalesce({check}, FALSE)")
    if source == "VARCHAR":
        number = f"TRY_CAST({x} AS BIGINT)"
        check = f"regexp_full_match({x}, {_INT_TEXT}) AND {number} >= {low} AND {number} <= {high}"
        return Normalisation(number, f"coalesce({check}, FALSE)")
    return None


def _decimal(x: str, source: str, type: DecimalType) -> Normalisation | None:
    scale = type.scale
    unit = 10**scale
    if source in INTEGERS:
        number = f"CAST({x} AS HUGEINT) * {unit}" if source == "HUGEINT" else f"{x} * {unit}"
        if source not in ("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER"):
            limit = INT64_MAX // unit
            number = (
                f"CASE WHEN {x} BETWEEN {-limit} AND {limit} THEN CAST({x} AS BIGINT) * {unit} END"
            )
        else:
            number = f"CAST({x} AS BIGINT) * {unit}"
        return _bounded(f"({number})", type)
    if found := _DECIMAL.fullmatch(source):
        width, own = int(found[1]), int(found[2])
        if own > scale:
            # Decimal to decimal rounds half away from zero.
            width = min(38, width - own + scale + 1)
            x = f"CAST({x} AS DECIMAL({width},{scale}))"
        if width + scale + 1 <= 38:
            factor = f"CAST({unit} AS DECIMAL({scale + 1},0))"
            return _bounded(f"TRY_CAST({x} * {factor} AS BIGINT)", type)
        return _bounded(_scaled_text(f"CAST({x} AS VARCHAR)", scale), type)
    text = _scaled_text(f"CAST({x} AS VARCHAR)", scale)
    if source == "FLOAT":
        return _bounded(text, type)
    if source == "DOUBLE":
        return _from_double(x, text, type)
    if source == "VARCHAR":
        matching = f"CASE WHEN regexp_full_match({x}, {_DECIMAL_TEXT}) THEN {x} END"
        return _bounded(_scaled_text(matching, scale), type)
    return None


def _from_double(x: str, text: str, type: DecimalType) -> Normalisation:
    """Half away from zero on the decimal text, as _scaled_text does it, but faster.

    Where the scaled double is far from a tie, and small enough to be exact to a thousandth, rounding
    it gives the same. NaN and infinities fail both comparisons.
    """
    scaled = f"({x} * {10**type.scale})"
    low, high = max(type.minimum, -(10**11)), min(type.maximum, 10**11)
    near = f"{scaled} BETWEEN {low} AND {high} AND abs({scaled} - round({scaled})) < 0.499"
    rounded = f"CAST(round({scaled}) AS BIGINT)"
    slow = _bounded(text, type)
    return Normalisation(
        f"CASE WHEN {near} THEN {rounded} ELSE {slow.value} END",
        f"(({near}) OR {slow.valid})",
        f"CASE WHEN {near} THEN {rounded} WHEN {slow.valid} THEN {slow.value} END",
    )


def _scaled_text(text: str, scale: int) -> str:
    """Decimal text → scaled BIGINT, half away from zero; NULL where it is none (NaN, inf)."""
    number = f"TRY_CAST({text} AS DECIMAL({24 + scale},{scale}))"
    return f"TRY_CAST({number} * CAST({10**scale} AS DECIMAL({scale + 1},0)) AS BIGINT)"


def _bounded(value: str, type: DecimalType) -> Normalisation:
    check = f"coalesce({value} BETWEEN {type.minimum} AND {type.maximum}, FALSE)"
    return Normalisation(value, check)


# ── text ─────────────────────────────────────────────────────────────────────────────────────────


def _text(x: str, source: str, type: StringType | EnumType) -> Normalisation | None:
    if source in INTEGERS or source == "UUID" or source.startswith("ENUM("):
        x = f"CAST({x} AS VARCHAR)"
    elif source != "VARCHAR":
        return None
    normal = f"nfc_normalize({x})"
    if isinstance(type, EnumType):
        # ASCII members are compared as they stand: then a filter still reaches the file.
        value = x if all(member.isascii() for member in type.values) else normal
        return Normalisation(value, _is_member(value, type))
    # As many bytes as code points: ASCII, which is its own NFC.
    short = f"strlen({x}) = length({x}) AND strlen({x}) <= {type.maximum}"
    fast = f"{short} AND NOT contains({x}, chr(0))"
    slow = f"length({normal}) <= {type.maximum} AND NOT regexp_matches({x}, {_REFUSED})"
    return Normalisation(
        normal,
        f"CASE WHEN {fast} THEN TRUE ELSE {slow} END",
        f"CASE WHEN {fast} THEN {x} WHEN {slow} THEN {normal} END",
        as_is=fast,
    )


def _is_member(x: str, type: EnumType) -> str:
    """A list for few members, DuckDB's own enum (which hashes) for many."""
    members = ", ".join(quoted(member) for member in type.values)
    if len(type.values) > MEMBERS_IN_LIST:
        return f"(TRY_CAST({x} AS ENUM({members})) IS NOT NULL)"
    return f"list_contains([{members}], {x})"


# ── time ─────────────────────────────────────────────────────────────────────────────────────────

_DATES = f"BETWEEN DATE '{DATE_MINIMUM}' AND DATE '{DATE_MAXIMUM}'"
_DATETIMES = f"BETWEEN TIMESTAMP '{DATETIME_MINIMUM}' AND TIMESTAMP '{DATETIME_MAXIMUM}'"


def _date(x: str, column: SourceColumn) -> Normalisation | None:
    source = column.type
    if source == "DATE":
        low, high = column.low, column.high
        if not isinstance(low, datetime.date) or not isinstance(high, datetime.date):
            low, high = datetime.date.min, datetime.date.max
        if low >= DATE_MINIMUM and high <= DATE_MAXIMUM:
            return Normalisation(x)
        return Normalisation(x, f"({x} {_DATES})")
    if source in TIMESTAMPS:
        day = f"CAST({x} AS DATE)"
        return Normalisation(day, f"({x} {_DATETIMES} AND CAST({x} AS TIMESTAMP) = {day})")
    if source == "VARCHAR":
        day = f"TRY_CAST({x} AS DATE)"
        check = f"regexp_full_match({x}, '{_DATE_TEXT}') AND {day} {_DATES}"
        return Normalisation(day, f"coalesce({check}, FALSE)")
    return None


def _datetime(x: str, column: SourceColumn) -> Normalisation | None:
    source = column.type
    if source in TIMESTAMPS:
        value = x if source == "TIMESTAMP" else f"CAST({x} AS TIMESTAMP)"
    elif source == ZONED:
        value = f"make_timestamp(epoch_us({x}))"
    elif source == "DATE":
        check = f"({x} {_DATES})"
        return Normalisation(f"CAST({x} AS TIMESTAMP)", check)
    elif source == "VARCHAR":
        # DuckDB's cast to TIMESTAMP drops an offset without a word, so it sees none.
        zoned = f"make_timestamp(epoch_us(TRY_CAST({x} AS TIMESTAMPTZ)))"
        value = (
            f"CASE WHEN regexp_full_match({x}, '{_DATE_TEXT}([T ]{_TIME_TEXT})?') "
            f"THEN TRY_CAST({x} AS TIMESTAMP) "
            f"WHEN regexp_full_match({x}, '{_DATE_TEXT}[T ]{_TIME_TEXT}{_OFFSET_TEXT}') "
            f"THEN {zoned} END"
        )
        return Normalisation(value, f"coalesce({value} {_DATETIMES}, FALSE)")
    else:
        return None
    return Normalisation(value, f"({value} {_DATETIMES})")


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def _list(x: str, source: str, type: ListType) -> Normalisation | None:
    """Items that are missing or not valid are dropped; more than the maximum is not valid."""
    if source == "VARCHAR":
        x, source = (
            f"CASE {x} WHEN '' THEN [] ELSE string_split({x}, '{LIST_SEPARATOR}') END",
            "VARCHAR[]",
        )
    if not source.endswith("[]"):
        return None
    item = normalise("_item", SourceColumn(source[:-2]), type.item)
    if item is None:
        return None
    kept = f"list_transform({x}, lambda _item: {item.optional()})"
    kept = f"list_filter({kept}, lambda _item: _item IS NOT NULL)"
    as_is = item.as_is or ((item.valid or "_item IS NOT NULL") if item.value == "_item" else None)
    if as_is is not None:
        # Looking for an item that is not right as it stands costs half of making the list anew.
        wrong = f"list_transform({x}, lambda _item: coalesce({as_is}, FALSE))"
        kept = f"CASE WHEN list_position({wrong}, FALSE) IS NULL THEN {x} ELSE {kept} END"
    return Normalisation(kept, f"(len({x}) <= {type.maximum})")
