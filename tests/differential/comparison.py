"""Runs programs in both back ends over the nasty rows and reports the first differences."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import duckdb
from nasty_relations import ALL_FIELDS, KEY, RELATIONS, all_rows
from nasty_rows import COLUMNS

from handbill.plan.fetched import fetched_value
from handbill.plan.ir import Expression
from handbill.plan.row import compile_expression
from handbill.plan.sql_rules import RuleWorld, lower_rules
from handbill.plan.sql_text import identifier
from handbill.plan.values import Context, Row, Value

BATCH = 16
"""Programs in one query: they share each relation's aggregates."""
CONTEXT: Context = {("run", "date"): datetime.date(2026, 11, 24)}


@dataclass(frozen=True)
class Difference:
    program: Expression
    row: Row | None
    python: object
    sql: object


def column(path: tuple[str, ...]) -> str:
    return identifier(".".join(path[1:]))


ROWS_OF_ALL = all_rows()
WORLD = RuleWorld(
    columns=column,
    customers="customers",
    key=KEY,
    relations=RELATIONS,
    context=CONTEXT,
    zones=[str(zone) for zone in COLUMNS["maybe_zone"][1]],
)


class Known(dict[str, list[tuple[Any, ...]]]):
    """What queries gave, by their text: of a mutant's, only those that it changes are run again."""


def differences(
    connection: duckdb.DuckDBPyConnection,
    programs: Iterable[Expression],
    known: Known | None = None,
) -> Iterator[Difference]:
    """Every program whose value is not the same in a row, with the first such row."""
    table = ROWS_OF_ALL
    programs = iter(programs)
    while batch := list(islice(programs, BATCH)):
        for program, answers in zip(batch, _sql(connection, batch, known), strict=True):
            difference = _compare(program, table, answers)
            if difference is not None:
                yield difference


def _sql(
    connection: duckdb.DuckDBPyConnection, batch: list[Expression], known: Known | None
) -> list[list[Value] | Exception]:
    try:
        lowered = lower_rules(batch, WORLD)
        columns = ", ".join(lowered.sql)
        query = f"SELECT {columns} FROM customers {lowered.joins} ORDER BY row_number"
        found = None if known is None else known.get(query)
        if found is None:
            found = connection.execute(query).fetchall()
        if known is not None:
            known[query] = found
    except Exception as error:
        if len(batch) == 1:
            return [error]
        return [answers for program in batch for answers in _sql(connection, [program], known)]
    return [
        [fetched_value(row[place], program.type) for row in found]
        for place, program in enumerate(batch)
    ]


def _compare(
    program: Expression, table: list[Row], answers: list[Value] | Exception
) -> Difference | None:
    if isinstance(answers, Exception):
        return Difference(program, None, None, answers)
    try:
        function = compile_expression(program, ALL_FIELDS)
    except Exception as error:
        return Difference(program, None, error, None)
    for row, answer in zip(table, answers, strict=True):
        try:
            value: object = function(row, CONTEXT)
        except Exception as error:
            return Difference(program, row, error, answer)
        if value != answer or type(value) is not type(answer):
            return Difference(program, row, value, answer)
    return None
