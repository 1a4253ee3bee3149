"""One copy in memory of what many decoded plans say alike: types, names, and the words of layouts.

Plans are frozen, so nobody sees whose copy it is. The pool forgets everything now and then; what
is in use stays with those that use it.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from handbill.plan.model import Digest
from handbill.plan.outline import PlanOutline
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
)

_TYPES = frozenset(
    (
        BoolType, DatetimeType, DateType, DecimalType, EnumType, IntType, ListType, ObjectType,
        StringType,
    )
)  # fmt: skip
SHORTEST = 5
MOST_CHARACTERS = 16 * 1024 * 1024
_TYPE_CHARACTERS = 100
"""A type counts as so many."""

Struct = TypeVar("Struct", bound=msgspec.Struct)


class SharedValues:
    """Any thread may share; of two that do so at once one may keep a copy of its own."""

    def __init__(self, most_characters: int = MOST_CHARACTERS) -> None:
        self._most = most_characters
        self._pool: dict[object, object] = {}
        self._characters = 0

    def text(self, value: str) -> str:
        known = self._pool.get(value)
        if isinstance(known, str):
            return known
        self._add(value, len(value))
        return value

    def adopt(self, outline: PlanOutline, *, digest: Digest, tenant: str, campaign: str) -> None:
        """`outline`, made a moment ago, now holds these very strings, which are equal to its own."""
        set_member = msgspec.structs.force_setattr
        set_member(outline, "digest", digest)
        set_member(outline, "tenant", tenant)
        set_member(outline, "campaign", campaign)
        set_member(outline, "timezone", self.text(outline.timezone))
        if outline.identity == campaign:
            set_member(outline, "identity", campaign)

    def share(self, fresh: Struct) -> Struct:
        """`fresh` itself, decoded a moment ago and known to nobody else, now with shared members."""
        waiting: list[object] = [fresh]
        while waiting:
            one = waiting.pop()
            if isinstance(one, msgspec.Struct):
                self._share_members(one, waiting)
            elif isinstance(one, tuple):
                waiting.extend(one)
            elif isinstance(one, dict):
                waiting.extend(one.values())
        return fresh

    def _share_members(self, one: msgspec.Struct, waiting: list[object]) -> None:
        for name in one.__struct_fields__:
            value = getattr(one, name)
            kind = type(value)
            if kind is str:
                if len(value) >= SHORTEST:
                    self._replace(one, name, value, len(value))
            elif kind in _TYPES:
                if not self._replace(one, name, value, _TYPE_CHARACTERS):
                    waiting.append(value)
            elif kind is tuple or kind is dict or isinstance(value, msgspec.Struct):
                waiting.append(value)

    def _replace(self, one: msgspec.Struct, name: str, value: object, characters: int) -> bool:
        """Whether there was another like it already."""
        known = self._pool.get(value)
        if known is None:
            self._add(value, characters)
            return False
        if known is not value:
            msgspec.structs.force_setattr(one, name, known)
        return True

    def _add(self, value: object, characters: int) -> None:
        if self._characters > self._most:
            self._pool, self._characters = {}, 0
        self._pool[value] = value
        self._characters += characters
