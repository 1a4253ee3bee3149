"""What a vocabulary consists of: records of typed members, some of which lead to further records.

A member leads on in three ways: its value is the key of a dataset's row (`references`), it is an
object or a list of objects (`inner`), or it is the rows of a dataset that belong to the customer
(`relation`, and `inner` is that dataset's record).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import SourceRange
from handbill.plan.import_view import MAX_REFERENCES
from handbill.plan.types import ListType, MemberType, ObjectType, Type


@dataclass(frozen=True, slots=True)
class Relation:
    """The rows of `dataset` whose column `key` holds the customer's id.

    `time` names the column, a date or an instant, by which they are ordered and dated.
    """

    dataset: str
    key: str
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One declared field. `references` names the dataset whose row its value is the key of.

    `range` is where it is declared, None for what Handbill itself provides (`run.date`).
    """

    type: Type
    required: bool = False
    references: str | None = None
    range: SourceRange | None = None
    inner: Record | None = None
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Fields by name, in the order of their declaration.

    `complete` is False where some could not be read: then an unknown name is not reported again.
    """

    fields: Mapping[str, Member]
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`customer` and, by name, every dataset (`stores`) and every event (`order.placed`)."""

    customer: Record
    datasets: Mapping[str, Record] = field(default_factory=dict)
    events: Mapping[str, Record] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """What the dots after a value lead to: the members of an object, of a list's items, or of the
    row that a key refers to. `relation` is kept while a list is the rows of one."""

    record: Record
    datasets: Mapping[str, Record] = field(default_factory=dict)
    relation: Relation | None = None


REFERENCES_BETWEEN = MAX_REFERENCES - 1
"""On the way from a row of a relation to a column, which may be a further reference itself."""


def object_type(record: Record, datasets: Mapping[str, Record] | None = None) -> ObjectType:
    """The record's members, sorted by name, so that the order of a schema leaves no trace.

    With `datasets` also what its references lead to, named by path (`product.name`): a row that is
    not found has none of it.
    """
    members = _members(record, datasets or {}, "", True, ())
    return ObjectType(tuple(sorted(members, key=lambda member: member.name)))


def _members(
    record: Record, datasets: Mapping[str, Record], prefix: str, there: bool, way: tuple[str, ...]
) -> Iterator[MemberType]:
    """`there`: whether the record itself is surely there; `way`: the datasets on the way to it."""
    for name, member in record.fields.items():
        if member.relation is not None:
            continue
        required = there and member.required
        yield MemberType(prefix + name, member.type, required)
        target = member.references
        if target in datasets and target not in way and len(way) < REFERENCES_BETWEEN:
            further = (*way, str(target))
            yield from _members(
                datasets[str(target)], datasets, f"{prefix}{name}.", required, further
            )


def shape_of(member: Member, datasets: Mapping[str, Record]) -> Shape | None:
    """What follows the member's dot, or None where nothing does."""
    if member.inner is not None:
        return Shape(member.inner, datasets, member.relation)
    if member.references is not None:
        return Shape(datasets.get(member.references, Record({}, complete=False)), datasets)
    return None


def linked(record: Record, datasets: Mapping[str, Record]) -> Record:
    """The record with every relation typed by the rows of its dataset, as it now stands."""
    if not any(member.relation for member in record.fields.values()):
        return record
    fields = {name: _linked(member, datasets) for name, member in record.fields.items()}
    return Record(fields, record.complete)


def _linked(member: Member, datasets: Mapping[str, Record]) -> Member:
    if member.relation is None or not isinstance(member.type, ListType):
        return member
    rows = datasets.get(member.relation.dataset)
    if rows is None:
        rows = Record({}, complete=False)
    type_ = ListType(object_type(rows, datasets), member.type.maximum)
    return Member(type_, True, None, member.range, rows, member.relation)
