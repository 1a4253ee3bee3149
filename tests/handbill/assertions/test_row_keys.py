"""Keys of made-up rows: counted where they are left out, and never given twice."""

from __future__ import annotations

import pytest

from handbill.assertions.cells import Cell
from handbill.assertions.row_keys import KeyedRow, key_of, number_rows, same_keys
from handbill.plan.model import Column, Dataset
from handbill.plan.types import DateType, IntType, StringType, Type

LINE = IntType(1, 1000)


def dataset(key: tuple[str, ...], **types: Type) -> Dataset:
    columns = tuple(
        Column(name=name, type=type, references="products" if name == "product" else None)
        for name, type in types.items()
    )
    return Dataset(name="bought", key=key, columns=columns)


def rows(*written: dict[str, Cell]) -> list[KeyedRow]:
    return [KeyedRow(dict(each), set(each)) for each in written]


def keys(of: Dataset, *written: dict[str, Cell]) -> list[tuple[Cell, ...]]:
    found = rows(*written)
    number_rows(of, found)
    return [key_of(of, row) for row in found]


BY_LINE = dataset(("customer", "line"), customer=StringType(9), line=LINE, total=LINE)


def test_rows_are_counted_for_each_customer() -> None:
    ann, bob = {"customer": "ann"}, {"customer": "bob"}
    assert keys(BY_LINE, ann, bob, ann) == [("ann", 1), ("bob", 1), ("ann", 2)]


def test_what_is_written_stays_and_is_counted_around() -> None:
    ann: dict[str, Cell] = {"customer": "ann"}
    assert keys(BY_LINE, ann, {**ann, "line": 1}, ann) == [("ann", 2), ("ann", 1), ("ann", 3)]
    assert keys(BY_LINE, {**ann, "line": None}) == [("ann", None)]


@pytest.mark.parametrize(
    ("type", "first", "tenth"),
    [
        (IntType(0, 99), 1, 10),
        (IntType(7, 99), 7, 16),
        (StringType(40), "000001", "000010"),
        (StringType(2), "01", "10"),
    ],
)
def test_numbers_have_the_type_of_the_column(type: Type, first: Cell, tenth: Cell) -> None:
    found = keys(dataset(("id",), id=type), *({} for _ in range(10)))
    assert (found[0], found[9]) == ((first,), (tenth,))
    assert found == sorted(found) and len(set(found)) == 10


def test_only_what_can_be_a_number_is_counted() -> None:
    of = dataset(("line", "product", "day"), line=LINE, product=StringType(9), day=DateType())
    assert keys(of, {}, {}) == [(1, None, None), (2, None, None)]
    only = dataset(("day",), day=DateType())
    assert keys(only, {}) == [(None,)]


def test_rows_that_are_alike_are_told_of() -> None:
    found = rows({"customer": "ann", "line": 1}, {"customer": "ann", "line": 1})
    assert same_keys(BY_LINE, found) == [1]
    assert same_keys(BY_LINE, rows({"customer": "ann", "line": None}) * 2) == []
    few = dataset(("id",), id=IntType(1, 2))
    too_many = rows({}, {}, {})
    number_rows(few, too_many)
    assert same_keys(few, too_many) == [2]
