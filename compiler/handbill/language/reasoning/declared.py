"""The fields that a question may assume: which are surely there, and within which bounds.

They come from the vocabulary while compiling, or from a published tenant's datasets when two releases
are compared: the same words either way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from handbill.language.expressions.facts import Path
from handbill.language.reasoning.question import MILLISECONDS, KnownField, Question
from handbill.language.vocabulary.records import Record, Vocabulary
from handbill.plan.ir import Call, Each, Expression, Field, Member
from handbill.plan.model import Dataset
from handbill.plan.types import (
    DecimalType,
    EnumType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
    Type,
)

CUSTOMER = "customer"
CUSTOMERS = "customers"
ALWAYS_THERE = frozenset([("run", "date"), ("offer", "index")])
"""Context fields that every evaluation has."""


@dataclass(frozen=True, slots=True)
class Declared:
    """`references` names the dataset whose row the field's value is the key of."""

    type: Type
    required: bool
    references: str | None = None


Declarations: TypeAlias = Mapping[str, Mapping[str, Declared]]
"""`customer` and each dataset → field → what is declared of it."""


def declared_by(vocabulary: Vocabulary) -> Declarations:
    """The declarations of a vocabulary."""
    records = {CUSTOMER: vocabulary.customer, **vocabulary.datasets}
    return {name: _of_record(record) for name, record in records.items()}


def declared_in(datasets: Mapping[str, Dataset]) -> Declarations:
    """The declarations of a published tenant (`Tenant.datasets`)."""
    found: dict[str, Mapping[str, Declared]] = {}
    for name, dataset in datasets.items():
        columns = {
            column.name: Declared(column.type, column.required, column.references)
            for column in dataset.columns
        }
        found[CUSTOMER if name == CUSTOMERS else name] = columns
    return found


def declared_in_both(one: Declarations, other: Declarations) -> Declarations:
    """What two revisions have in common: required where both say so, types that hold both's values."""
    return {
        name: _fields_of_both(one.get(name, {}), other.get(name, {}))
        for name in sorted({*one, *other})
    }


def _fields_of_both(
    one: Mapping[str, Declared], other: Mapping[str, Declared]
) -> Mapping[str, Declared]:
    both: dict[str, Declared] = {}
    for name in sorted({*one, *other}):
        first, second = one.get(name), other.get(name)
        if first is None or second is None:
            known = first or second
            assert known is not None
            both[name] = replace(known, required=False)
        else:
            type_ = hull(first.type, second.type)
            both[name] = Declared(type_, first.required and second.required, second.references)
    return both


def _of_record(record: Record) -> Mapping[str, Declared]:
    return {
        name: Declared(member.type, member.required, member.references)
        for name, member in record.fields.items()
    }


def question_about(
    condition: Expression, declarations: Declarations, milliseconds: int = MILLISECONDS
) -> Question:
    """The question whether `condition` can hold, with what is declared of the fields that it reads."""
    return Question(condition, known_fields(condition, declarations), milliseconds)


def known_fields(condition: Expression, declarations: Declarations) -> tuple[KnownField, ...]:
    """Every field that `condition` reads and the fields that hold their rows, by path."""
    known: dict[Path, KnownField] = {}
    for field in fields_of(condition):
        for end in range(2, len(field.path)):
            path = field.path[:end]
            declared = _lookup(path, declarations)
            if declared is not None:
                known[path] = KnownField(path, declared.type, declared.required)
        declared = _lookup(field.path, declarations)
        required = _always_there(field.path) or (declared is not None and declared.required)
        earlier = known.get(field.path)
        type_ = field.type if earlier is None else hull(earlier.type, field.type)
        known[field.path] = KnownField(field.path, type_, required)
    return tuple(known[path] for path in sorted(known))


def _always_there(path: Path) -> bool:
    return path in ALWAYS_THERE or path[0] == "item"


def hull(one: Type, other: Type) -> Type:
    """A type that holds the values of both, of the kind of the first.

    Two releases may declare a field with other bounds; `formulas` refuses one of another kind.
    """
    match one, other:
        case _ if one == other:
            return one
        case IntType(), IntType():
            return IntType(min(one.minimum, other.minimum), max(one.maximum, other.maximum))
        case DecimalType(scale=scale), DecimalType():
            low, high = min(one.minimum, other.minimum), max(one.maximum, other.maximum)
            return DecimalType(scale, low, high)
        case StringType(), StringType():
            return StringType(max(one.maximum, other.maximum))
        case EnumType(), EnumType():
            return EnumType(tuple(dict.fromkeys((*one.values, *other.values))))
        case (EnumType() as enum, StringType() as text) | (
            StringType() as text,
            EnumType() as enum,
        ):
            return StringType(max(text.maximum, *(len(value) for value in enum.values)))
        case ObjectType(), ObjectType():
            return united(one, other)
        case ListType(), ListType():
            item = hull(one.item, other.item)
            assert not isinstance(item, ListType)
            return ListType(item, max(one.maximum, other.maximum))
        case _:
            return one


def united(one: ObjectType, other: ObjectType) -> ObjectType:
    """An object with the members of both, by name. What only one of them has is as it says: plans
    carry the members that they read, and one that reads fewer says nothing of the others."""
    members = {member.name: member for member in one.members}
    for member in other.members:
        known = members.get(member.name, member)
        required = known.required and member.required
        type_ = hull(known.type, member.type)
        members[member.name] = MemberType(member.name, type_, required)
    return ObjectType(tuple(members[name] for name in sorted(members)))


def _lookup(path: Path, declarations: Declarations) -> Declared | None:
    if path[0] != CUSTOMER:
        return None
    record, found = declarations.get(CUSTOMER, {}), None
    for name in path[1:]:
        found = record.get(name)
        if found is None:
            return None
        record = declarations.get(found.references, {}) if found.references else {}
    return found


def fields_of(expression: Expression) -> Iterator[Field]:
    """Every field in an expression, in the bodies of list steps too."""
    pending = [expression]
    while pending:
        match pending.pop():
            case Field() as field:
                yield field
            case Call(arguments=arguments):
                pending.extend(arguments)
            case Member(of=of):
                pending.append(of)
            case Each(items=items, body=body):
                pending.extend((items, body))
