"""Runs programs in both back ends over the nasty rows and reports the first differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import duckdb
from nasty_rows import FIELDS, rows

from handbill.plan.ir import Expression
from handbill.plan.row import compile_expression
from handbill.plan.sql import lower_expression
from handbill.plan.sql_text import identifier
from handbill.plan.values import Row, Value

BATCH = 16
"""Programs in one query."""


@dataclass(frozen=True)
class Difference:
    program: Expression
    row: Row | None
    python: object
    sql: object


def column(path: tuple[str, ...]) -> str:
    return identifier(".".join(path[1:]))


def differences(
    connection: duckdb.DuckDBPyConnection, programs: Iterable[Expression]
) -> Iterator[Difference]:
    """Every program whose value is not the same in a row, with the first such row."""
    table = list(rows())
    programs = iter(programs)
    while batch := list(islice(programs, BATCH)):
        for program, answers in zip(batch, _sql(connection, batch), strict=True):
            difference = _compare(program, table, answers)
            if difference is not None:
                yield difference


def _sql(
    connection: duckdb.DuckDBPyConnection, batch: list[Expression]
) -> list[list[Value] | Exception]:
    try:
        selected = ", ".join(lower_expression(program, column) for program in batch)
        found = connection.execute(
            f"SELECT {selected} FROM customers ORDER BY row_number"
        ).fetchall()
    except Exception as error:
        if len(batch) == 1:
            return [error]
        return [answers for program in batch for answers in _sql(connection, [program])]
    return [[_value(row[place]) for row in found] for place in range(len(batch))]


def _value(answer: object) -> Value:
    return tuple(answer) if isinstance(answer, list) else answer  # type: ignore[return-value]


def _compare(
    program: Expression, table: list[Row], answers: list[Value] | Exception
) -> Difference | None:
    if isinstance(answers, Exception):
        return Difference(program, None, None, answers)
    try:
        function = compile_expression(program, FIELDS)
    except Exception as error:
        return Difference(program, None, error, None)
    for row, answer in zip(table, answers, strict=True):
        try:
            value: object = function(row, {})
        except Exception as error:
            return Difference(program, row, error, answer)
        if value != answer or type(value) is not type(answer):
            return Difference(program, row, value, answer)
    return None
