"""Relations in rules: one grouped aggregate for each relation, joined to the customers.

Every rule of a query shares it, and equal aggregates are computed once. A filter that depends on the
customer joins what it needs of the customers into the grouped query; nothing is correlated. Whoever
has no rows is not in it, so each value says what it is then.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from handbill.plan.sql_text import identifier
from handbill.plan.types import ListType

ROWS = "_rows"
CUSTOMER = "_customer"


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column with (a part of) the customer's key. `text`: it holds integers that stand for their
    text, so that grouping by it is fast."""

    name: str
    text: bool = False


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
        wanted = (aggregate, tuple(sorted(set(conditions))))
        name = self._aggregates.setdefault(wanted, f"_aggregate{len(self._aggregates)}")
        return f"{self._alias}.{name}"

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
            f"{_as_key(key, sql)} AS _key{place}"
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
        columns, conditions = [], []
        for place, (key, own) in enumerate(zip(self._source.key, self._key, strict=True)):
            if key.text:
                whole = f"TRY_CAST({own} AS BIGINT)"
                conditions.append(f"CAST({whole} AS VARCHAR) = {own}")
                own = whole
            columns.append(f"{own} AS _key{place}")
        columns += [f"{sql} AS {name}" for sql, name in self._carried.items()]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        on = " AND ".join(f"{CUSTOMER}._key{place} = {sql}" for place, sql in enumerate(keys))
        return f"JOIN (SELECT {', '.join(columns)} FROM {customers}{where}) AS {CUSTOMER} ON {on}"


def _as_key(key: KeyColumn, sql: str) -> str:
    return f"CAST({sql} AS VARCHAR)" if key.text else sql


def _filter(conditions: Sequence[str]) -> str:
    return f" FILTER (WHERE {' AND '.join(conditions)})" if conditions else ""
