"""Relations in rules: one grouped aggregate for each relation, joined to the customers.

Every rule of a query shares it, and equal aggregates are computed once. A filter that depends on the
customer joins what it needs of the customers into the grouped query; nothing is correlated. Whoever
has no rows is not in it, so each value says what it is then.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from handbill.plan.errors import PlanCodeError
from handbill.plan.sql_text import identifier
from handbill.plan.types import ListType, ObjectType

ROWS = "_rows"
CUSTOMER = "_customer"
_COLUMN = rf'({ROWS}\."[^"]+")'
_PRESENT = re.compile(rf"\({_COLUMN} IS NOT NULL\)")
_COMPARED = re.compile(rf"\({_COLUMN} (?:=|<|<=|>|>=) '[^']*'\)")
"""Of a text with a constant: never true where the text is missing."""
_BEFORE = re.compile(rf"\({ROWS}\.\"([^\"]+)\" < (TIMESTAMP|DATE) '([^']+)'\)")
NO_MEMBERS = "_: TRUE"
"""DuckDB has no empty STRUCT."""


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column with (a part of) the customer's key. `text`: it holds integers that stand for their
    text, so that grouping by it is fast."""

    name: str
    text: bool = False

    def spelled(self, sql: str) -> str:
        """The customer's key, of the column's value."""
        return f"CAST({sql} AS VARCHAR)" if self.text else sql


@dataclass(frozen=True, slots=True)
class RelationSource:
    """A relation's rows as a query finds them."""

    relation: str
    """What may stand after FROM."""
    key: tuple[KeyColumn, ...]
    order: tuple[str, ...]
    """Columns that give the canonical order: the time, if there is one, and the dataset's key."""
    type: ListType
    """Its items have the members for which there is a column, named by path."""
    last: datetime.date | None = None
    """No row is later, where somebody knows: a date, or a datetime."""


class GroupedRows:
    """What one relation is asked for: aggregates over its rows, for each customer."""

    def __init__(self, place: int, source: RelationSource, key: Sequence[str]) -> None:
        self._alias = f"_relation{place}"
        self._source = source
        self._key = key
        self._aggregates: dict[tuple[str, tuple[str, ...]], str] = {}
        self._carried: dict[str, str] = {}

    def add(self, aggregate: str, conditions: Sequence[str] = ()) -> str:
        """A column of the joined query: `aggregate` over the rows for which the conditions hold."""
        wanted = (aggregate, tuple(sorted(self._needed(set(conditions)))))
        name = self._aggregates.setdefault(wanted, f"_aggregate{len(self._aggregates)}")
        return f"{self._alias}.{name}"

    def _needed(self, conditions: Collection[str]) -> Iterator[str]:
        """Those that leave out a row which the others do not: each is asked of every row."""
        compared = {found[1] for one in conditions if (found := _COMPARED.fullmatch(one))}
        for one in conditions:
            present = _PRESENT.fullmatch(one)
            if not (present and present[1] in compared) and not self._is_after_all(one):
                yield one

    def _is_after_all(self, condition: str) -> bool:
        """Whether it asks for rows before a time that is later than every row's."""
        found, last = _BEFORE.fullmatch(condition), self._source.last
        if found is None or last is None or found[1] != self._source.order[0]:
            return False
        if (found[2] == "TIMESTAMP") != isinstance(last, datetime.datetime):
            return False
        return last < type(last).fromisoformat(found[3])

    def carry(self, sql: str) -> str:
        """A value of the customer's, for use over the rows."""
        return f"{CUSTOMER}.{self._carried.setdefault(sql, f'_value{len(self._carried)}')}"

    def join(self, customers: str) -> str:
        """LEFT JOIN of the grouped query; `customers` stands after FROM for what is carried.

        Empty where nothing was asked for.
        """
        if not self._aggregates:
            return ""
        keys = [f"{ROWS}.{identifier(key.name)}" for key in self._source.key]
        common = self._common()
        columns = [
            f"{key.spelled(sql)} AS _key{place}"
            for place, (key, sql) in enumerate(zip(self._source.key, keys, strict=True))
        ]
        columns += [
            f"{aggregate}{_filter([one for one in conditions if one not in common])} AS {name}"
            for (aggregate, conditions), name in self._aggregates.items()
        ]
        where = f" WHERE {' AND '.join(sorted(common))}" if common else ""
        joined = f" {self._customers(customers, keys)}" if self._carried else ""
        on = " AND ".join(
            f"{self._alias}._key{place} = {sql}" for place, sql in enumerate(self._key)
        )
        return (
            f"LEFT JOIN (SELECT {', '.join(columns)} FROM {self._source.relation} AS {ROWS}"
            f"{joined}{where} GROUP BY {', '.join(keys)}) AS {self._alias} ON {on}"
        )

    def _common(self) -> Collection[str]:
        """Conditions of every aggregate: they are the query's own, and reach the file."""
        first, *others = (set(conditions) for _, conditions in self._aggregates)
        return first.intersection(*others)

    def _customers(self, customers: str, keys: Sequence[str]) -> str:
        columns = [f"{sql} AS {name}" for sql, name in self._carried.items()]
        return _join_customers(self._source.key, self._key, columns, customers)


def _join_customers(
    key: Sequence[KeyColumn], own: Sequence[str], columns: Sequence[str], customers: str
) -> str:
    """JOIN of columns of customers whose key is `own` to the rows; a number is compared as one."""
    selected, conditions, on = [], [], []
    for place, (column, sql) in enumerate(zip(key, own, strict=True)):
        if column.text:
            number = f"TRY_CAST({sql} AS BIGINT)"
            # 007 is another customer than 7.
            conditions.append(f"CAST({number} AS VARCHAR) = {sql}")
            sql = number
        selected.append(f"{sql} AS _key{place}")
        on.append(f"{CUSTOMER}._key{place} = {ROWS}.{identifier(column.name)}")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return (
        f"JOIN (SELECT {', '.join([*selected, *columns])} FROM {customers}{where}) AS {CUSTOMER} "
        f"ON {' AND '.join(on)}"
    )


def ordering(source: RelationSource, before: Sequence[tuple[str, bool]] = ()) -> str:
    """A value for each row that grows in the order of the rows, never NULL: by `before` (SQL, and
    whether descending; NULL last), then canonical."""
    keys = [*before, *((f"{ROWS}.{identifier(name)}", False) for name in source.order)]
    if len(keys) == 1 and not before:
        return keys[0][0]
    parts = [f"{sql}, '{'DESC' if descending else 'ASC'} NULLS LAST'" for sql, descending in keys]
    return f"create_sort_key({', '.join(parts)})"


def row_list(source: RelationSource, type: ListType) -> str:
    """The rows with the members of `type`, in canonical order, as an aggregate."""
    if not isinstance(type.item, ObjectType):
        raise PlanCodeError("a relation is a list of objects")
    packed = ", ".join(
        f"{identifier(member.name)}: {ROWS}.{identifier(member.name)}"
        for member in type.item.members
    )
    return f"list({{{packed or NO_MEMBERS}}} ORDER BY {ordering(source)})"


def wanted_rows(source: RelationSource, aggregate: str, wanted: str) -> str:
    """`key0`, … and `rows`: an aggregate over the rows of the customers in `wanted`."""
    keys = [f"{ROWS}.{identifier(key.name)}" for key in source.key]
    own = [f"key{place}" for place in range(len(keys))]
    columns = [
        f"{key.spelled(sql)} AS {name}"
        for key, sql, name in zip(source.key, keys, own, strict=True)
    ]
    return (
        f"SELECT {', '.join(columns)}, {aggregate} AS rows FROM {source.relation} AS {ROWS} "
        f"{_join_customers(source.key, own, (), wanted)} GROUP BY {', '.join(keys)}"
    )


def _filter(conditions: Sequence[str]) -> str:
    return f" FILTER (WHERE {' AND '.join(conditions)})" if conditions else ""
