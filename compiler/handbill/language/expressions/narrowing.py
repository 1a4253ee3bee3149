"""Objects cut down to the members that are used: what a plan carries of a relation's rows.

Every occurrence of an object's type, in fields, locals, steps and constants, is replaced by one with
the members that some Member node reads, so that all of them keep agreeing. One member always stays:
no database has an object of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import is_
from typing import Any, TypeVar

import msgspec

from handbill.plan.ir import Const, Member, Text
from handbill.plan.types import ListType, MemberType, ObjectType, Type, TypeStruct

Part = TypeVar("Part")
Used = Mapping[ObjectType, frozenset[str]]
_UNCHANGED = (str, int, Text, type(None))
_WITHOUT_MEMBERS = (str, TypeStruct, Text, Const)


def has_objects(type_: Type) -> bool:
    """Whether values of the type are objects, or lists of them."""
    return isinstance(type_, ObjectType) or (
        isinstance(type_, ListType) and isinstance(type_.item, ObjectType)
    )


def narrowed(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts (plan structs in any nesting) with every object cut down to what all of them use."""
    used: dict[ObjectType, set[str]] = {}
    for node in _members(parts):
        if isinstance(node.of.type, ObjectType):
            used.setdefault(node.of.type, set()).add(node.name)
    rewriting = _Rewriting({type_: frozenset(names) for type_, names in used.items()})
    return tuple(rewriting.part(part) for part in parts)


def _same(new: Iterable[object], old: Iterable[object]) -> bool:
    return all(map(is_, new, old))


def _members(parts: Sequence[object]) -> Iterator[Member]:
    waiting: list[object] = list(parts)
    seen: set[int] = set()  # what occurs often is often one object: fields, whole conditions
    while waiting:
        one = waiting.pop()
        if isinstance(one, _WITHOUT_MEMBERS) or id(one) in seen:
            continue
        if isinstance(one, Member):
            yield one
        if isinstance(one, msgspec.Struct):
            seen.add(id(one))
            waiting += [getattr(one, name) for name in one.__struct_fields__]
        elif isinstance(one, tuple):
            waiting += one
        elif isinstance(one, Mapping):
            waiting += one.values()


class _Rewriting:
    """`done` is by identity: what is rewritten here lives until all of it is."""

    def __init__(self, used: Used) -> None:
        self.used = used
        self.known: dict[ObjectType, ObjectType] = {}
        self.done: dict[int, Any] = {}

    def part(self, part: Any) -> Any:
        """The same value where nothing in it changes."""
        if isinstance(part, _UNCHANGED):
            return part
        if id(part) not in self.done:
            self.done[id(part)] = self._part(part)
        return self.done[id(part)]

    def _part(self, part: Any) -> Any:
        match part:
            case ObjectType():
                return self.object(part)
            case Const():
                if not has_objects(part.type):
                    return part
                return Const(self.part(part.type), self.value(part.value, part.type))
            case msgspec.Struct():
                fields = [getattr(part, name) for name in part.__struct_fields__]
                changed = [self.part(value) for value in fields]
                if _same(changed, fields):
                    return part
                return type(part)(**dict(zip(part.__struct_fields__, changed, strict=True)))
            case tuple():
                items = tuple([self.part(item) for item in part])
                return part if _same(items, part) else items
            case Mapping():
                values = {key: self.part(value) for key, value in part.items()}
                return part if _same(values.values(), part.values()) else values
            case _:
                return part

    def object(self, type_: ObjectType) -> ObjectType:
        if type_ not in self.known:
            self.known[type_] = ObjectType(
                tuple(
                    MemberType(member.name, self.part(member.type), member.required)
                    for member in self.kept(type_)
                )
            )
        return self.known[type_]

    def kept(self, type_: ObjectType) -> tuple[MemberType, ...]:
        names = self.used.get(type_)
        if names:
            return tuple(member for member in type_.members if member.name in names)
        first = [member for member in type_.members if member.required] or type_.members
        return tuple(first[:1])

    def value(self, value: Any, type_: Type) -> Any:
        """A constant's value without the members that go."""
        match type_:
            case _ if value is None:
                return None
            case ListType(item=item):
                return tuple(self.value(each, item) for each in value)
            case ObjectType(members=members):
                kept = self.kept(type_)
                pairs = zip(members, value, strict=True)
                return tuple(
                    self.value(each, member.type) for member, each in pairs if member in kept
                )
            case _:
                return value
