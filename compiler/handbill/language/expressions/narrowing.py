"""Objects cut down to the members that are used: what a plan carries of a relation's rows.

Every occurrence of an object's type, in fields, locals, steps and constants, is replaced by one with
the members that some Member node reads, so that all of them keep agreeing. One member always stays:
no database has an object of nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from handbill.plan.ir import Const, Member
from handbill.plan.types import ListType, MemberType, ObjectType, Type

Part = TypeVar("Part")
Used = Mapping[ObjectType, frozenset[str]]


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


def _members(parts: Sequence[object]) -> Iterator[Member]:
    waiting: list[object] = list(parts)
    while waiting:
        one = waiting.pop()
        if isinstance(one, Member):
            yield one
        if isinstance(one, msgspec.Struct):
            waiting += [getattr(one, name) for name in one.__struct_fields__]
        elif isinstance(one, tuple):
            waiting += one
        elif isinstance(one, Mapping):
            waiting += one.values()


class _Rewriting:
    def __init__(self, used: Used) -> None:
        self.used = used
        self.known: dict[ObjectType, ObjectType] = {}

    def part(self, part: Any) -> Any:
        """The same value where nothing in it changes."""
        match part:
            case ObjectType():
                return self.object(part)
            case Const() if has_objects(part.type):
                return Const(self.part(part.type), self.value(part.value, part.type))
            case msgspec.Struct():
                fields = {name: getattr(part, name) for name in part.__struct_fields__}
                changed = {name: self.part(value) for name, value in fields.items()}
                same = all(changed[name] is value for name, value in fields.items())
                return part if same else type(part)(**changed)
            case tuple():
                items = tuple(self.part(item) for item in part)
                same = all(new is old for new, old in zip(items, part, strict=True))
                return part if same else items
            case Mapping():
                values = {key: self.part(value) for key, value in part.items()}
                return part if all(values[key] is part[key] for key in part) else values
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
