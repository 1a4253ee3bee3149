"""The types of expressions and columns: closed, and without a binary float.

A decimal's value is a scaled integer everywhere (12.50 with scale 2 is 1250), so both back ends
compute with integers. Bounds are inclusive and, for a decimal, scaled as its values are.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
INT_DEFAULT_MIN, INT_DEFAULT_MAX = -(2**53 - 1), 2**53 - 1
DECIMAL_MAX_SCALE = 6


class TypeStruct(msgspec.Struct, frozen=True, tag_field="type", omit_defaults=True, gc=False):
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
    """`maximum` counts code points after NFC.

    `alphabet` names what its characters are taken from (`alphabets.ALPHABETS`); None is any.
    """

    maximum: int
    alphabet: Literal["gsm", "link"] | None = None


class EnumType(TypeStruct, frozen=True, tag="enum"):
    values: tuple[str, ...]


class DateType(TypeStruct, frozen=True, tag="date"):
    """1900-01-01 … 2199-12-31; a `datetime.date`."""


class DatetimeType(TypeStruct, frozen=True, tag="datetime"):
    """A UTC instant; a naive `datetime.datetime` in UTC, microseconds."""


class MemberType(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A member of an object. An object without a valid value for a required member is dropped.

    In a row of a relation, what a reference leads to is named by its path: `product.name`.
    """

    name: str
    type: Type
    required: bool = False


class ObjectType(TypeStruct, frozen=True, tag="object"):
    """A `tuple` of the members' values in this order, None where one is missing."""

    members: tuple[MemberType, ...]

    def place(self, name: str) -> int:
        """The place of a member, from 0; KeyError for a name that is none."""
        for place, member in enumerate(self.members):
            if member.name == name:
                return place
        raise KeyError(name)


class ListType(TypeStruct, frozen=True, tag="list"):
    """Items are never missing; a `tuple` of the item's values.

    The rows of a relation are such a list too, in canonical order: by time, then by the key of their
    dataset, ascending.
    """

    item: ScalarType | ObjectType
    maximum: int


ScalarType: TypeAlias = (
    BoolType | IntType | DecimalType | StringType | EnumType | DateType | DatetimeType
)
ItemType: TypeAlias = ScalarType | ObjectType
Type: TypeAlias = ScalarType | ObjectType | ListType
