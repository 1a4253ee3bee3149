"""Tables in git: every kind of bad CSV is said at its line, and order and spelling change nothing."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.vocabulary.vocabulary import Member, Record
from handbill.lower.tables import MAX_ROWS, ReadTable, read_table
from handbill.plan.types import DecimalType, IntType, StringType

RECORD = Record(
    {
        "id": Member(StringType(10), required=True),
        "name": Member(StringType(20), required=True),
        "fee": Member(DecimalType(2, 0, 100_00)),
        "floor": Member(IntType(0, 9)),
    }
)
FILE = "tenants/green/data/stores.csv"
GOOD = "id,name,fee\nb,Beta,1.5\na,Alpha,\n"


def read(text: str | bytes, key: tuple[str, ...] = ("id",)) -> ReadTable:
    data = text.encode() if isinstance(text, str) else text
    table, found = read_table(FILE, data, key, RECORD)
    assert table is not None, found
    return table


def refused(text: str | bytes, key: tuple[str, ...] = ("id",)) -> list[tuple[str, int, str]]:
    data = text.encode("utf-8") if isinstance(text, str) else text
    table, found = read_table(FILE, data, key, RECORD)
    assert table is None
    return [shown(each) for each in found]


def shown(finding: Diagnostic) -> tuple[str, int, str]:
    assert finding.range is not None
    assert finding.range.file == FILE
    assert finding.hint
    return finding.code, finding.range.line, finding.message


def test_rows_are_sorted_by_key_and_cells_canonical() -> None:
    found = read(GOOD)
    assert found.table.columns == ("id", "name", "fee")
    assert found.table.rows == (("a", "Alpha", None), ("b", "Beta", "1.50"))
    assert found.rows == {
        "a": {"id": "a", "name": "Alpha", "fee": None},
        "b": {"id": "b", "name": "Beta", "fee": Decimal("1.50")},
    }


@pytest.mark.parametrize(
    "text",
    [
        "id,name,fee\na,Alpha,\nb,Beta,01.5\n",
        "id,name,fee\r\nb,Beta,1.50\r\na,Alpha,\r\n",
        "\ufeffid , name,fee\n\nb,Beta,1.5\n\na,Alpha, \n",
        'id,name,fee\nb,"Beta","1.5"\na,"Alpha",""',
    ],
)
def test_the_same_table_however_it_is_typed(text: str) -> None:
    assert read(text).table == read(GOOD).table


def test_accents_are_composed() -> None:
    assert read("id,name\na,Cafe\u0301\n").rows["a"]["name"] == "Caf\u00e9"


def test_a_quoted_cell_may_hold_commas_quotes_and_lines() -> None:
    found = read('id,name\na,"A, ""B""\nC"\nb,Beta\n')
    assert found.rows["a"]["name"] == 'A, "B"\nC'
    assert list(found.rows) == ["a", "b"]


def test_several_key_columns() -> None:
    found = read("id,name,floor\na,X,2\na,X,1\n", ("id", "floor"))
    assert list(found.rows) == ["a/1", "a/2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"id,name\na,caf\xe9\n", ("HB420", 2, "this file is not UTF-8")),
        ("id,name\n".encode("utf-16"), ("HB420", 1, "this file is not UTF-8")),
        ('id,name\na,"Alpha\n', ("HB421", 2, "this line is not CSV: unexpected end of data")),
        ('id,name\na,"A"b\n', ("HB421", 2, "this line is not CSV: ',' expected after '\"'")),
        ("id,name,feee\n", ("HB422", 1, "the vocabulary does not declare the column `feee`")),
        ("id,name,id\n", ("HB422", 1, "the column `id` stands twice")),
        ("id,fee\n", ("HB422", 1, "the column `name` is missing")),
        ("id,name\na\n", ("HB423", 2, "this row has 1 cells, the header 2")),
        ("id,name\na,b,c\n", ("HB423", 2, "this row has 3 cells, the header 2")),
        ("id,name\na,A\na,B\n", ("HB423", 3, "the key a stands twice: in line 2 already")),
        ("id,name\n,A\n", ("HB423", 2, "`id` is required, and empty in this row")),
        ("id,name\na,\n", ("HB423", 2, "`name` is required, and empty in this row")),
        ("id,name,fee\na,A,free\n", ("HB423", 2, "`free` cannot be the value of `fee`")),
        ("id,name,fee\na,A,1.005\n", ("HB423", 2, "`1.005` cannot be the value of `fee`")),
        ("id,name,floor\na,A,10\n", ("HB423", 2, "`10` cannot be the value of `floor`")),
        ("id,name\na,A\x00\n", ("HB423", 2, "`A\x00` cannot be the value of `name`")),
    ],
)
def test_each_mistake_at_its_line(text: str | bytes, expected: tuple[str, int, str]) -> None:
    assert refused(text) == [expected]


def test_an_empty_file_lacks_its_columns() -> None:
    assert [line for _, line, _ in refused("")] == [1, 1]


def test_every_row_is_looked_at_and_long_cells_are_cut() -> None:
    long = "x" * 100
    found = refused(f"id,name,fee\na,A,x\nb,{long},2\n,C,\n,D,\n")
    assert [(code, line) for code, line, _ in found] == [("HB423", each) for each in (2, 3, 4, 5)]
    assert found[1][2] == f"`{'x' * 40}…` cannot be the value of `name`"


def test_a_key_that_is_no_column_is_missing() -> None:
    assert refused(GOOD, ("number",)) == [("HB422", 1, "the column `number` is missing")]


def test_a_table_in_git_is_small() -> None:
    lines = [f"{number},N\n" for number in range(MAX_ROWS + 5)]
    assert refused("id,name\n" + "".join(lines)) == [
        ("HB423", MAX_ROWS + 2, "a table in git holds at most 10000 rows")
    ]
    assert len(read("id,name\n" + "".join(lines[:MAX_ROWS])).rows) == MAX_ROWS


@given(st.lists(st.integers(0, 999), unique=True, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(keys: list[int], order: random.Random) -> None:
    lines = [f"k{key},N{key},{key % 90}.5\n" for key in keys]
    shuffled = list(lines)
    order.shuffle(shuffled)
    header = "id,name,fee\n"
    assert read(header + "".join(lines)) == read(header + "".join(shuffled))


@given(st.binary(max_size=80) | st.text(max_size=80).map(lambda text: f"id,name\n{text}".encode()))
def test_no_bytes_raise(data: bytes) -> None:
    table, found = read_table(FILE, data, ("id",), RECORD)
    assert (table is None) == bool(found)
