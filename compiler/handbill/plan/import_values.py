"""How one source column becomes a value of the language: the SQL of a check and of a value.

`valid` is about a source value that is present; `value` is right where `valid` holds. They are kept
apart so that a column which already is what the plan wants costs nothing and filters on it still
reach the Parquet file. Types in which no value can be right have no normalisation at all.
"""

from __future__ import annotations

import datetime

from handbill.plan.alphabets import ALPHABETS
from handbill.plan.import_numbers import decimal_import, int_import
from handbill.plan.import_objects import JSON, json_items, object_import, scalar_of_json
from handbill.plan.import_source import INTEGERS, Normalisation, SourceColumn
from handbill.plan.sql_text import quoted
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
from handbill.plan.values import (
    DATE_MAXIMUM,
    DATE_MINIMUM,
    DATETIME_MAXIMUM,
    DATETIME_MINIMUM,
)

TIMESTAMPS = frozenset({"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"})
ZONED = "TIMESTAMP WITH TIME ZONE"
LIST_SEPARATOR = "|"
"""Between the items of a list in a text column (CSV, git tables)."""

_NONCHARACTERS = "".join(
    [r"\x{FDD0}-\x{FDEF}", *(rf"\x{{{plane:X}FFFE}}\x{{{plane:X}FFFF}}" for plane in range(17))]
)
_REFUSED = rf"'[\x00{_NONCHARACTERS}]'"
MEMBERS_IN_LIST = 30

_DATE_TEXT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME_TEXT = r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
_OFFSET_TEXT = r"(Z|[+-][0-9]{2}(:?[0-9]{2})?)"


def normalise(x: str, column: SourceColumn, type: Type) -> Normalisation | None:
    """How the source column `x` becomes a value of `type`; None when its type cannot hold any."""
    source = column.type
    if source == JSON and not isinstance(type, ListType | ObjectType):
        x, source = scalar_of_json(x), "VARCHAR"
        column = SourceColumn(source)
    match type:
        case BoolType():
            return _bool(x, source)
        case IntType():
            return int_import(x, column, type)
        case DecimalType():
            return decimal_import(x, column, type)
        case StringType() | EnumType():
            return _text(x, source, type)
        case DateType():
            return _date(x, column)
        case DatetimeType():
            return _datetime(x, column)
        case ListType():
            return _list(x, source, type)
        case ObjectType():
            return object_import(x, source, type, normalise)


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
        members = ", ".join(quoted(member) for member in type.values)
        # Through an enum a column whose texts are numbered in the file stays so, and is fast.
        known = f"CAST(TRY_CAST({value} AS ENUM({members})) AS VARCHAR)"
        return Normalisation(value, _is_member(value, type), known)
    # As many bytes as code points: ASCII, which is its own NFC.
    short = f"strlen({x}) = length({x}) AND strlen({x}) <= {type.maximum}"
    fast = f"{short} AND NOT contains({x}, chr(0)){_is_within(x, type)}"
    slow = (
        f"length({normal}) <= {type.maximum} AND regexp_extract({x}, {_REFUSED}) = ''"
        f"{_is_within(normal, type)}"
    )
    return Normalisation(
        normal,
        f"CASE WHEN {fast} THEN TRUE ELSE {slow} END",
        f"CASE WHEN {fast} THEN {x} WHEN {slow} THEN {normal} END",
        as_is=fast,
    )


def _is_within(x: str, type: StringType) -> str:
    """A further condition where the type has an alphabet: all of the text is in it."""
    if type.alphabet is None:
        return ""
    letters = "".join(rf"\x{{{ord(letter):X}}}" for letter in sorted(ALPHABETS[type.alphabet]))
    return f" AND regexp_full_match({x}, '[{letters}]*')"


def _is_member(x: str, type: EnumType) -> str:
    """A list for few members, DuckDB's own enum (which hashes) for many."""
    members = ", ".join(quoted(member) for member in type.values)
    if len(type.values) > MEMBERS_IN_LIST:
        return f"(TRY_CAST({x} AS ENUM({members})) IS NOT NULL)"
    return f"(list_position([{members}], {x}) IS NOT NULL)"


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
    if source == "TIMESTAMP" and _is_known(column):
        return Normalisation(x)
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


def _is_known(column: SourceColumn) -> bool:
    """Whether DuckDB knows that every instant of the column is one of the language."""
    low, high = column.low, column.high
    return (
        isinstance(low, datetime.datetime)
        and isinstance(high, datetime.datetime)
        and low >= DATETIME_MINIMUM
        and high <= DATETIME_MAXIMUM
    )


# ── lists ────────────────────────────────────────────────────────────────────────────────────────


def _list(x: str, source: str, type: ListType) -> Normalisation | None:
    """Items that are missing or not valid are dropped; more than the maximum is not valid."""
    if source == JSON or (source == "VARCHAR" and isinstance(type.item, ObjectType)):
        x, source = json_items(x), "JSON[]"
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
    if as_is is not None and source != "JSON[]":
        # Looking for an item that is not right as it stands costs half of making the list anew.
        wrong = f"list_transform({x}, lambda _item: coalesce({as_is}, FALSE))"
        kept = f"CASE WHEN list_position({wrong}, FALSE) IS NULL THEN {x} ELSE {kept} END"
    return Normalisation(kept, f"coalesce(len({x}) <= {type.maximum}, FALSE)")
