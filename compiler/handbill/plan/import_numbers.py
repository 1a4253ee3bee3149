"""Source columns that become whole numbers or decimals (scaled integers)."""

from __future__ import annotations

import re
from decimal import Decimal

from handbill.plan.import_source import INTEGERS, Normalisation, SourceColumn
from handbill.plan.sql_text import column_type
from handbill.plan.types import INT64_MAX, INT64_MIN, DecimalType, IntType

_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_INT_TEXT = "'[+-]?[0-9]{1,18}'"
_DECIMAL_TEXT = r"'[+-]?[0-9]{1,18}(\.[0-9]{1,30})?'"


def _reach(column: SourceColumn) -> tuple[int, int]:
    """The interval that an integer column cannot leave."""
    low, high = INTEGERS[column.type]
    if isinstance(column.low, int) and isinstance(column.high, int):
        return max(low, column.low), min(high, column.high)
    return low, high


def int_import(x: str, column: SourceColumn, type: IntType) -> Normalisation | None:
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


def decimal_import(x: str, column: SourceColumn, type: DecimalType) -> Normalisation | None:
    source, scale = column.type, type.scale
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
        rounded = own > scale
        if rounded:
            # Decimal to decimal rounds half away from zero.
            width = min(38, width - own + scale + 1)
            x = f"CAST({x} AS DECIMAL({width},{scale}))"
        if width + scale + 1 <= 38:
            factor = f"CAST({unit} AS DECIMAL({scale + 1},0))"
            value = f"TRY_CAST({x} * {factor} AS BIGINT)"
            return _bounded(value, type) if rounded else _exact(x, value, column, type)
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


def _exact(x: str, value: str, column: SourceColumn, type: DecimalType) -> Normalisation:
    """A decimal that is not rounded is within bounds as it stands, and DuckDB may know that all are."""
    low, high = (Decimal(end) / 10**type.scale for end in (type.minimum, type.maximum))
    least, most = column.low, column.high
    if isinstance(least, Decimal) and isinstance(most, Decimal) and low <= least and most <= high:
        return Normalisation(value)
    return Normalisation(value, f"({x} BETWEEN {low:f} AND {high:f})")


_EXACT = 10**11
"""A scaled double up to here is exact to a thousandth."""


def _from_double(x: str, text: str, type: DecimalType) -> Normalisation:
    """Half away from zero on the decimal text, as _scaled_text does it, but faster.

    Where the scaled double is far from a tie, and small enough, rounding it gives the same. What lies
    within the bounds as a double does so as a decimal. NaN is asked about by `isfinite`: DuckDB
    answers comparisons, and even `isnan`, from a Parquet file's statistics, which leave NaN out.
    """
    unit = 10**type.scale
    low, high = max(type.minimum, -_EXACT), min(type.maximum, _EXACT)
    inside = f"isfinite({x}) AND {x} BETWEEN {_double(low, unit)} AND {_double(high, unit)}"
    scaled = f"({x} * {unit})"
    near = f"abs({scaled} - round({scaled})) < 0.499"
    if (low, high) != (type.minimum, type.maximum):
        near = f"{inside} AND {near}"
    # The branch that is not taken may be computed too, of infinities and of NaN.
    rounded = f"TRY_CAST(round({scaled}) AS BIGINT)"
    slow = _bounded(text, type)
    return Normalisation(
        f"CASE WHEN {near} THEN {rounded} ELSE {slow.value} END",
        f"(({inside}) OR {slow.valid})",
        f"CASE WHEN {inside} AND {near} THEN {rounded} WHEN {slow.valid} THEN {slow.value} END",
    )


def _double(scaled: int, unit: int) -> str:
    """The double nearest to a scaled integer, as a literal."""
    return f"CAST({Decimal(scaled) / unit} AS DOUBLE)"


def _scaled_text(text: str, scale: int) -> str:
    """Decimal text → scaled BIGINT, half away from zero; NULL where it is none (NaN, inf)."""
    number = f"TRY_CAST({text} AS DECIMAL({24 + scale},{scale}))"
    return f"TRY_CAST({number} * CAST({10**scale} AS DECIMAL({scale + 1},0)) AS BIGINT)"


def _bounded(value: str, type: DecimalType) -> Normalisation:
    check = f"coalesce({value} BETWEEN {type.minimum} AND {type.maximum}, FALSE)"
    return Normalisation(value, check)
