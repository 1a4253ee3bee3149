"""The keys of made-up rows: numbered where a test leaves them out, and refused where two are the same.

Rows that are typed one under another are different rows. In production two rows with one key are both
left out, since nobody can say which is right; a test that has such rows is mistaken.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from handbill.assertions.cells import Cell
from handbill.plan.model import Column, Dataset
from handbill.plan.types import IntType, StringType

DIGITS = 6
"""Numbers that are texts have leading zeros, so that their order is that of the rows."""


@dataclass(slots=True)
class KeyedRow:
    """A row under construction. `given` are the columns that its author, or its place, filled."""

    cells: dict[str, Cell]
    given: Collection[str]


def number_rows(dataset: Dataset, rows: Sequence[KeyedRow]) -> None:
    """Fills in the last column of the key that is left out and can hold a number, counted from 1 among
    the rows that are alike in the rest of the key. What is written keeps its place."""
    columns = {column.name: column for column in dataset.columns}
    waiting: list[tuple[KeyedRow, str]] = []
    taken: set[tuple[Cell, ...]] = set()
    for row in rows:
        name = _numbered(dataset.key, columns, row)
        if name is None:
            taken.add(key_of(dataset, row))
        else:
            waiting.append((row, name))
    last: dict[tuple[Cell, ...], int] = {}
    for row, name in waiting:
        rest = (name, *(row.cells.get(one) for one in dataset.key if one != name))
        for number in range(last.get(rest, 0) + 1, len(rows) + 2):
            row.cells[name] = _spelled(number, columns[name])
            last[rest] = number
            if key_of(dataset, row) not in taken:
                break
        taken.add(key_of(dataset, row))


def _numbered(key: Sequence[str], columns: Mapping[str, Column], row: KeyedRow) -> str | None:
    for name in reversed(key):
        column = columns.get(name)
        if column is None or name in row.given or column.references is not None:
            continue
        if isinstance(column.type, IntType | StringType):
            return name
    return None


def _spelled(number: int, column: Column) -> Cell:
    """As near to the number as the column can hold it; too many rows end with the same one."""
    if isinstance(column.type, IntType):
        return min(max(column.type.minimum - 1, 0) + number, column.type.maximum)
    assert isinstance(column.type, StringType)
    return f"{number:0{min(DIGITS, column.type.maximum)}}"[: column.type.maximum]


def key_of(dataset: Dataset, row: KeyedRow) -> tuple[Cell, ...]:
    """None in it: such a row is no row of production, and like no other."""
    return tuple(row.cells.get(name) for name in dataset.key)


def same_keys(dataset: Dataset, rows: Sequence[KeyedRow]) -> Sequence[int]:
    """The places of the rows whose key an earlier row has."""
    seen: set[tuple[Cell, ...]] = set()
    found: list[int] = []
    for place, row in enumerate(rows):
        key = key_of(dataset, row)
        if None not in key and key in seen:
            found.append(place)
        seen.add(key)
    return found
