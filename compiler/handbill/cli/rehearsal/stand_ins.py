"""What personas leave open, filled in: rows that they refer to, and copies of them in a store.

A persona fits every retailer, so it names no store; many an audience asks for one. A stand-in is a
persona in one of the retailer's own stores, so that an example of an audience is somebody real-looking
before it is anybody whom a solver makes up.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handbill.assertions.cells import Row, neutral_cell
from handbill.assertions.fixtures import CUSTOMERS, Fixtures
from handbill.plan.model import Column, Dataset, Digest, Table
from handbill.plan.types import StringType

TRIED = 4
"""Rows of a table that are tried for a reference that a persona lacks."""


@dataclass(frozen=True, slots=True)
class Filled:
    """`stand_ins` is name of a customer → the persona and what was filled in: `Rosa`'s in `ff-troy-12`."""

    fixtures: Fixtures
    stand_ins: Mapping[str, tuple[str, str]]


def fill_in(
    fixtures: Fixtures,
    datasets: Mapping[str, Dataset],
    tables: Mapping[Digest, Table],
    today: datetime.date,
) -> Filled:
    """The fixtures with a row for every key that they name and no table has, and with stand-ins."""
    rows = {name: list(each) for name, each in fixtures.rows.items()}
    _make_up_what_is_named(rows, datasets, today)
    stand_ins = _stand_ins(rows, datasets, tables)
    return Filled(Fixtures(rows), stand_ins)


def _make_up_what_is_named(
    rows: dict[str, list[Row]], datasets: Mapping[str, Dataset], today: datetime.date
) -> None:
    for name in list(rows):
        for column in _references(datasets[name]):
            target = datasets.get(str(column.references))
            if target is None or target.table is not None or len(target.key) != 1:
                continue
            known = {row.get(target.key[0]) for row in rows.get(target.name, ())}
            named = dict.fromkeys(row.get(column.name) for row in rows[name])
            missing = [key for key in named if key is not None and key not in known]
            made_up = [_made_up(target, key, today) for key in missing]
            if made_up:
                rows.setdefault(target.name, []).extend(made_up)


def _made_up(dataset: Dataset, key: object, today: datetime.date) -> Row:
    """Called as its key is."""
    row: dict[str, object] = {}
    for column in dataset.columns:
        if column.relation is None:
            row[column.name] = _cell(column, str(key), today)
    return {**row, dataset.key[0]: key}


def _cell(column: Column, key: str, today: datetime.date) -> object:
    if not column.required:
        return None
    if isinstance(column.type, StringType):
        return key.replace("-", " ").capitalize()[: column.type.maximum]
    return neutral_cell(column.type, today)


def _stand_ins(
    rows: dict[str, list[Row]], datasets: Mapping[str, Dataset], tables: Mapping[Digest, Table]
) -> dict[str, tuple[str, str]]:
    customers = datasets[CUSTOMERS]
    key = customers.key[0]
    found: dict[str, tuple[str, str]] = {}
    for row in tuple(rows.get(CUSTOMERS, ())):
        for column in _references(customers):
            if row.get(column.name) is not None:
                continue
            for place, value in enumerate(_keys(column, datasets, tables, rows)):
                name = f"{row[key]}~{column.name}~{place}"
                rows[CUSTOMERS].append({**row, key: name, column.name: value})
                _copy_related(rows, customers, str(row[key]), name)
                found[name] = (str(row[key]), f"{column.name} {value}")
    return found


def _keys(
    column: Column,
    datasets: Mapping[str, Dataset],
    tables: Mapping[Digest, Table],
    rows: Mapping[str, Sequence[Row]],
) -> list[object]:
    """Of the first rows of the table that the column refers to."""
    target = datasets.get(str(column.references))
    if target is None or len(target.key) != 1:
        return []
    if target.table is None:
        return [row.get(target.key[0]) for row in rows.get(target.name, ())][:TRIED]
    table = tables[target.table]
    place = table.columns.index(target.key[0])
    return [row[place] for row in table.rows[:TRIED]]


def _copy_related(
    rows: dict[str, list[Row]], customers: Dataset, persona: str, stand_in: str
) -> None:
    for column in customers.columns:
        if column.relation is None or column.relation.dataset not in rows:
            continue
        (*_, owner) = column.relation.key
        of_dataset = rows[column.relation.dataset]
        mine = [row for row in of_dataset if row.get(owner) == persona]
        of_dataset.extend({**row, owner: stand_in} for row in mine)


def _references(dataset: Dataset) -> list[Column]:
    return [column for column in dataset.columns if column.references is not None]
