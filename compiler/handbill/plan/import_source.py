"""What DuckDB says about a source column, and the SQL that makes a value of the language of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from handbill.plan.types import INT64_MAX, INT64_MIN

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


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column's DuckDB type and, where DuckDB knows them, bounds of what it holds (inclusive)."""

    type: str
    low: int | Decimal | datetime.date | None = None
    high: int | Decimal | datetime.date | None = None


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
