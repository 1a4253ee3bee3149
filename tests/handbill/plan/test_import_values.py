"""What each source type becomes, value by value."""

import datetime
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.plan.alphabets import GSM
from handbill.plan.import_source import SourceColumn
from handbill.plan.import_values import normalise
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
)

INT, MONEY, TEXT = IntType(), DecimalType(2, -(10**12), 10**12), StringType(8)
D, T = datetime.date, datetime.datetime


@pytest.mark.parametrize(
    ("type", "source", "values", "expected"),
    [
        (BoolType(), "BOOLEAN", [True, False, None], [True, False, None]),
        (BoolType(), "INTEGER", [1, 0, 2, None], [True, False, None, None]),
        (BoolType(), "VARCHAR", ["true", "FALSE", "1", "yes", ""], [True, False, True, None, None]),
        (TEXT, "VARCHAR", ["e\u0301", "", "12345678", "123456789", None], ["é", "", "12345678", None, None]),
        (TEXT, "VARCHAR", ["a\0", "\ufffe", "é\ufdd0", "é\0", "\U0001ffff", "😀"], [*[None] * 5, "😀"]),
        (TEXT, "VARCHAR", ["e\u0301" * 8, "é" * 9], ["é" * 8, None]),
        (TEXT, "BIGINT", [42, -1, 10**12], ["42", "-1", None]),
        (StringType(40), "UUID", ["6f9619ff-8b86-d011-b42d-00c04fc964ff"], ["6f9619ff-8b86-d011-b42d-00c04fc964ff"]),
        (EnumType(("CA", "NY")), "VARCHAR", ["CA", "ca", "", None], ["CA", None, None, None]),
        (EnumType(("É", "x")), "VARCHAR", ["E\u0301", "É", "x", "y"], ["É", "É", "x", None]),
        (EnumType(("CA", "NY")), "ENUM('CA', 'XX')", ["CA", "XX"], ["CA", None]),
        (EnumType(tuple(f"v{n}" for n in range(60))), "VARCHAR", ["v59", "v60", None], ["v59", None, None]),
        (DateType(), "DATE", [D(1900, 1, 1), D(1899, 12, 31), D(2200, 1, 1)], [D(1900, 1, 1), None, None]),
        (DateType(), "TIMESTAMP", [T(2026, 1, 1), T(2026, 1, 1, 5)], [D(2026, 1, 1), None]),
        (DateType(), "VARCHAR", ["2026-02-28", "2026-02-30", "2026-1-1", "epoch", ""], [D(2026, 2, 28), *[None] * 4]),
        (DatetimeType(), "TIMESTAMP", [T(2026, 1, 1, 5), T(1800, 1, 1)], [T(2026, 1, 1, 5), None]),
        (DatetimeType(), "TIMESTAMP_NS", [T(2026, 1, 1, 5)], [T(2026, 1, 1, 5)]),
        (DatetimeType(), "DATE", [D(2026, 1, 1), D(2500, 1, 1)], [T(2026, 1, 1), None]),
        (DatetimeType(), "TIMESTAMP WITH TIME ZONE", ["2026-01-01 05:00:00+02"], [T(2026, 1, 1, 3)]),
        (
            DatetimeType(), "VARCHAR",
            ["2026-01-01T05:00:00+02:00", "2026-01-01T05:00Z", "2026-01-01 05:00:00.5", "2026-01-01", "infinity", "5"],
            [T(2026, 1, 1, 3), T(2026, 1, 1, 5), T(2026, 1, 1, 5, 0, 0, 500000), T(2026, 1, 1), None, None],
        ),
        (ListType(TEXT, 3), "VARCHAR[]", [["a", None, "e\u0301"], [], None, ["a"] * 4], [["a", "é"], [], None, None]),
        (ListType(TEXT, 3), "VARCHAR[]", [["a", "x" * 9], ["a", "b"]], [["a"], ["a", "b"]]),
        (ListType(INT, 3), "INTEGER[]", [[1, None, 2]], [[1, 2]]),
        (ListType(EnumType(("a", "b")), 3), "VARCHAR[]", [["a", "z"], ["b", "a"]], [["a"], ["b", "a"]]),
        (ListType(BoolType(), 3), "BOOLEAN[]", [[True, None]], [[True]]),
        (ListType(TEXT, 3), "VARCHAR", ["a|b", "", "x", "a|b|c|d"], [["a", "b"], [], ["x"], None]),
    ],
)  # fmt: skip
def test_import(imported, type, source, values, expected):
    assert imported(values, source, type) == expected


@pytest.mark.parametrize(
    ("type", "source"),
    [
        (BoolType(), "DOUBLE"),
        (INT, "BOOLEAN"),
        (MONEY, "DATE"),
        (TEXT, "DOUBLE"),
        (TEXT, "BLOB"),
        (EnumType(("a",)), "STRUCT(a INTEGER)"),
        (DateType(), "INTEGER"),
        (DatetimeType(), "TIME"),
        (ListType(TEXT, 3), "INTEGER"),
        (ListType(TEXT, 3), "DOUBLE[]"),
    ],
)
def test_a_type_that_cannot_hold_a_value_has_no_import(type, source):
    assert normalise("x", SourceColumn(source), type) is None


@given(st.lists(st.text(max_size=12), max_size=20))
@settings(deadline=None)
def test_text_is_normal_and_bounded(imported, values):
    values = [value for value in values if value.isprintable()]
    normal = [unicodedata.normalize("NFC", value) for value in values]
    same = [value if len(value) <= 8 else None for value in normal]
    found = imported(values, "VARCHAR", TEXT)
    for mine, python in zip(found, same, strict=True):
        # The two may know different versions of Unicode: only what Python has assigned is compared.
        if python is None or not any(unicodedata.category(char) == "Cn" for char in python):
            assert mine == python


def test_an_alphabet_lets_in_its_characters_and_no_others(imported):
    held = StringType(8, "gsm")
    letters = sorted(GSM)
    assert imported(letters, "VARCHAR", held) == letters
    others = [chr(point) for point in (*range(1, 0x250), 0x2019, 0x1F600) if chr(point) not in GSM]
    assert imported(others, "VARCHAR", held) == [None] * len(others)
    names = ["José", "Zoë", "Ann`", "", "Ćirić", "A\u030asa", "123456789", None]
    assert imported(names, "VARCHAR", held) == ["José", None, None, "", None, "Åsa", None, None]
    listed = ListType(held, 3)
    assert imported([["Ann", "Zoë"]], "VARCHAR[]", listed) == [["Ann"]]


def test_columns_that_are_normal_already_cost_nothing():
    for type, column in (
        (BoolType(), SourceColumn("BOOLEAN")),
        (IntType(-(2**63), 2**63 - 1), SourceColumn("BIGINT")),
        (INT, SourceColumn("BIGINT", 0, 500)),
        (DateType(), SourceColumn("DATE", D(2020, 1, 1), D(2026, 1, 1))),
    ):
        normalisation = normalise("x", column, type)
        assert (normalisation.value, normalisation.valid) == ("x", None)
    assert normalise("x", SourceColumn("INTEGER"), INT).valid is None
    assert normalise("x", SourceColumn("VARCHAR"), EnumType(("a",))).value == "x"
