"""A relation's rows: the import view of its dataset, and the queries over it.

Only the members that plans need are read, references among them joined. A row without a valid key,
time or required member is quarantined like any other row: whichever of the plans asks, all of them
decide which rows are good. Nothing here looks at customers.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import msgspec

from handbill.plan.errors import PlanCodeError
from handbill.plan.import_source import INTEGERS
from handbill.plan.import_view import ImportView, SourceTable, import_view
from handbill.plan.model import Column, Dataset, FieldNeed, RelationTo
from handbill.plan.sql_relations import KeyColumn, RelationSource, row_list, wanted_rows
from handbill.plan.sql_text import identifier
from handbill.plan.types import (
    INT64_MAX,
    INT64_MIN,
    DatetimeType,
    DateType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
)


@dataclass(frozen=True, slots=True)
class RelationView:
    """`select` gives the rows; the other queries are over a table or view made of it."""

    view: ImportView
    """With all members that decide which rows are good."""
    columns: tuple[str, ...]
    """Those of the view that are read."""
    key: tuple[KeyColumn, ...]
    order: tuple[str, ...]
    unique: tuple[str, ...]
    """The dataset's key: no two rows should share it."""
    type: ListType
    last: datetime.date | None
    """The latest time of any row, where the file says it."""

    @property
    def select(self) -> str:
        """The good rows, with what is read of them."""
        return f"SELECT {', '.join(map(identifier, self.columns))} FROM ({self.view.select})"

    def source(self, name: str) -> RelationSource:
        """The rows for rules to read; `name` is what stands after FROM for them."""
        return RelationSource(name, self.key, self.order, self.type, self.last)

    def excess(self, name: str) -> str:
        """`key0`, … and `rows` of each customer with more rows than the relation may hold."""
        keys = [identifier(key.name) for key in self.key]
        columns = [
            f"{key.spelled(sql)} AS key{place}"
            for place, (key, sql) in enumerate(zip(self.key, keys, strict=True))
        ]
        return (
            f"SELECT {', '.join(columns)}, count(*) AS rows FROM {name} "
            f"GROUP BY {', '.join(keys)} HAVING count(*) > {self.type.maximum}"
        )

    def ambiguous(self, name: str) -> str:
        """One row: how many `rows` share their key with another, so that their order is unknown."""
        keys = ", ".join(map(identifier, self.unique))
        return (
            "SELECT CAST(coalesce(sum(copies), 0) AS BIGINT) AS rows FROM (SELECT count(*) AS copies "
            f"FROM {name} GROUP BY {keys} HAVING count(*) > 1)"
        )

    def unambiguous(self, name: str) -> str:
        """The rows without those that share a key: nobody can say which of them is the right one."""
        keys = ", ".join(map(identifier, self.unique))
        return f"SELECT * FROM {name} QUALIFY count(*) OVER (PARTITION BY {keys}) = 1"

    def rows(self, name: str, type: ListType, wanted: str) -> str:
        """`key0`, … and `rows`, a list of STRUCTs in canonical order, of customers with any rows.

        `type` is one plan's need; `wanted` may stand after FROM and has the keys as `key0`, ….
        """
        return wanted_rows(self.source(name), row_list(self.source(name), type), wanted)


def relation_view(
    column: Column,
    needs: Collection[FieldNeed],
    dataset: Dataset,
    source: SourceTable,
    related: Mapping[str, tuple[Dataset, SourceTable]],
    deciding: Collection[FieldNeed] = (),
) -> RelationView:
    """The view of the rows of `column`'s relation, with the members that any of `needs` has.

    A row is good when it is for `deciding` as well: so it does not matter who else is asking now.
    `dataset` is the relation's, `source` its table, `related` what its references lead to. Raises
    PlanCodeError for a column that is no relation and for members that the datasets do not declare.
    """
    if column.relation is None:
        raise PlanCodeError(f"{column.name} is no relation")
    type = _type(column, needs)
    read = [member.name for member in _object(type).members]
    every = _object(_type(column, [*needs, *deciding]))
    names = [member.name for member in every.members]
    order = _order(column.relation, dataset)
    declared = _declared(column.relation, dataset, source, {*names, *order})
    placing = (*column.relation.key, *order)
    view = import_view(
        declared,
        [
            FieldNeed(path=tuple(name.split(".")), type=type)
            for name in dict.fromkeys((*placing, *names))
        ],
        source,
        related,
        unchecked=_only_compared(column.relation, declared, {*names, *order}),
    )
    columns = {one.name: one for one in declared.columns}
    originals = {one.name: one for one in dataset.columns}
    key = tuple(
        KeyColumn(name, text=columns[name].type != originals[name].type)
        for name in column.relation.key
    )
    kept = tuple(dict.fromkeys((*dataset.key, *placing, *read)))
    last = _last(column.relation, columns, source)
    return RelationView(view, kept, key, order, dataset.key, type, last)


def _last(
    relation: RelationTo, columns: Mapping[str, Column], source: SourceTable
) -> datetime.date | None:
    """As the file's statistics have it, where its times are taken as they stand."""
    if relation.time is None or relation.time not in source.columns:
        return None
    found, declared = source.columns[relation.time], columns[relation.time].type
    high = found.high
    match declared:
        case DatetimeType() if found.type == "TIMESTAMP" and isinstance(high, datetime.datetime):
            return high
        case DateType() if found.type == "DATE" and type(high) is datetime.date:
            return high
        case _:
            return None


def _type(column: Column, needs: Collection[FieldNeed]) -> ListType:
    """The relation's list with every member that is needed, by name."""
    members: dict[str, MemberType] = {}
    for need in needs:
        for member in _object(need.type).members:
            members[member.name] = member
    if not isinstance(column.type, ListType):
        raise PlanCodeError(f"{column.name} is a relation, but no list")
    item = ObjectType(tuple(members[name] for name in sorted(members)))
    return ListType(item, column.type.maximum)


def _object(type: object) -> ObjectType:
    if not isinstance(type, ListType) or not isinstance(type.item, ObjectType):
        raise PlanCodeError("a relation is a list of objects")
    return type.item


def _order(relation: RelationTo, dataset: Dataset) -> tuple[str, ...]:
    """The key's columns that name the customer are the same in all of their rows."""
    first = () if relation.time is None else (relation.time,)
    rest = tuple(name for name in dataset.key if name not in relation.key)
    return tuple(dict.fromkeys((*first, *rest))) or dataset.key[:1]


def _only_compared(
    relation: RelationTo, dataset: Dataset, values: Collection[str]
) -> frozenset[str]:
    """Texts that are nothing but the customer's key: a text that no customer can have as a key is
    that of no customer, and looking at each of millions of them would find nothing else."""
    return frozenset(
        one.name
        for one in dataset.columns
        if one.name in relation.key
        and one.name not in values
        and isinstance(one.type, StringType)
        and one.references is None
    )


def _declared(
    relation: RelationTo, dataset: Dataset, source: SourceTable, values: Collection[str]
) -> Dataset:
    """The dataset as the relation needs it: what places a row is required, a key may be a number."""
    placing = {*relation.key, *_order(relation, dataset)}
    columns = []
    for one in dataset.columns:
        if one.name in placing:
            found = source.columns.get(one.name)
            as_number = (
                one.name in relation.key
                and one.name not in values
                and isinstance(one.type, StringType)
                and one.references is None
                and found is not None
                and found.type in INTEGERS
                and _fits(found.type)
            )
            type = IntType(INT64_MIN, INT64_MAX) if as_number else one.type
            one = msgspec.structs.replace(one, required=True, type=type)
        columns.append(one)
    return msgspec.structs.replace(dataset, columns=tuple(columns))


def _fits(source_type: str) -> bool:
    low, high = INTEGERS[source_type]
    return low >= INT64_MIN and high <= INT64_MAX
