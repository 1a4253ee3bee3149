"""The types of expressions and columns: closed, and without a binary float.

A decimal's value is a scaled integer everywhere (12.50 with scale 2 is 1250), so both back ends
compute with integers. Bounds are inclusive and, for a decimal, scaled as its values are.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
INT_DEFAULT_MIN, INT_DEFAULT_MAX = -(2**53 - 1), 2**53 - 1
DECIMAL_MAX_SCALE = 6


class TypeStruct(msgspec.Struct, frozen=True, tag_field="type", omit_defaults=True):
    pass


class BoolType(TypeStruct, frozen=True, tag="bool"):
    pass


class IntType(TypeStruct, frozen=True, omit_defaults=False, tag="int"):
    """Its bounds are always written: msgspec omits a default by identity, and an equal big integer
    may be another object, so omission would make the digest depend on how the value was made."""

    minimum: int = INT_DEFAULT_MIN
    maximum: int = INT_DEFAULT_MAX


class DecimalType(TypeStruct, frozen=True, tag="decimal"):
    scale: int
    minimum: int
    maximum: int


class StringType(TypeStruct, frozen=True, tag="string"):
    """`maximum` counts code points after NFC."""

    maximum: int


class EnumType(TypeStruct, frozen=True, tag="enum"):
    values: tuple[str, ...]


class DateType(TypeStruct, frozen=True, tag="date"):
    """1900-01-01 … 2199-12-31; a `datetime.date`."""


class DatetimeType(TypeStruct, frozen=True, tag="datetime"):
    """A UTC instant; a naive `datetime.datetime` in UTC, microseconds."""


class ListType(TypeStruct, frozen=True, tag="list"):
    """Items are never missing; a `tuple` of the item's values."""

    item: ScalarType
    maximum: int


ScalarType: TypeAlias = (
    BoolType | IntType | DecimalType | StringType | EnumType | DateType | DatetimeType
)
Type: TypeAlias = ScalarType | ListType
