"""Examples: tried by the Python back end, lawful, and readable."""

from __future__ import annotations

import datetime

import pytest
from asking import PURCHASE, question

from handbill.language.reasoning.example import (
    Trial,
    is_lawful,
    is_value_of,
    json_value,
    packed,
    shown,
    trial_of,
    unpacked,
)
from handbill.language.reasoning.question import KnownField, Question
from handbill.plan.ir import Local
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
    Type,
)
from handbill.plan.values import Value

DAY = datetime.date(2026, 1, 15)
NOON = datetime.datetime(2026, 1, 15, 12)


def test_a_trial_says_what_the_runtime_would() -> None:
    trial = Trial(question("customer.points | default(0) > 5 and customer.joined_on < run.date"))
    points, joined, run = ("customer", "points"), ("customer", "joined_on"), ("run", "date")
    later = DAY + datetime.timedelta(1)
    assert trial.holds({points: 6, joined: DAY, run: later})
    assert not trial.holds({points: 6, joined: later, run: DAY})
    assert not trial.holds({points: None, joined: DAY, run: later})
    assert not trial.holds({points: 10**7, joined: DAY, run: later}), "out of bounds"
    assert not trial.holds({points: 6, joined: DAY}), "a day is always there"


def test_what_reads_a_loop_cannot_be_tried() -> None:
    assert trial_of(Question(Local("item", BoolType()), ())) is None


VALUES: tuple[tuple[Value, Type, bool], ...] = (
    (True, BoolType(), True),
    (1, BoolType(), False),
    (True, IntType(), False),
    (5, IntType(0, 4), False),
    (5, DecimalType(2, 0, 5), True),
    ("ab", StringType(1), False),
    ("é", StringType(1), True),
    ("e\u0301", StringType(2), False),
    ("é", StringType(1, "gsm"), True),
    ("ł", StringType(1, "gsm"), False),
    ("a\0", StringType(2), False),
    ("\ud800", StringType(2), False),
    ("\ufdd0é", StringType(2), False),
    ("b", EnumType(("a", "b")), True),
    ("c", EnumType(("a", "b")), False),
    (DAY, DateType(), True),
    (NOON, DateType(), False),
    (NOON, DatetimeType(), True),
    (DAY, DatetimeType(), False),
    (datetime.date(1899, 12, 31), DateType(), False),
    ((1, 2), ListType(IntType(0, 2), 2), True),
    ((1, 3), ListType(IntType(0, 2), 2), False),
    ((1, 2, 1), ListType(IntType(0, 2), 2), False),
    ((DAY, 1, 500), PURCHASE, True),
    ((DAY, 1, None), PURCHASE, False),
    ((DAY, 1), PURCHASE, False),
)


@pytest.mark.parametrize(("value", "type_", "fits"), VALUES)
def test_values_of_a_type(value: Value, type_: Type, fits: bool) -> None:
    assert is_value_of(value, type_) is fits


def test_a_row_that_is_missing_has_no_fields() -> None:
    known = (
        KnownField(("customer", "store"), StringType(9), False),
        KnownField(("customer", "store", "city"), StringType(9), True),
    )
    store, city = (field.path for field in known)
    assert is_lawful({store: "1", city: "Troy"}, known)
    assert is_lawful({store: None, city: None}, known)
    assert not is_lawful({store: None, city: "Troy"}, known)
    assert not is_lawful({store: "1", city: None}, known)


def test_how_it_reads() -> None:
    types: dict[tuple[str, ...], Type] = {
        ("customer", "spend"): DecimalType(2, 0, 10**6),
        ("customer", "round"): DecimalType(2, 0, 10**6),
        ("customer", "seen"): DatetimeType(),
        ("customer", "tags"): ListType(StringType(5), 5),
        ("customer", "bought"): ListType(PURCHASE, 5),
        ("customer", "gone"): IntType(),
        ("run", "date"): DateType(),
    }
    example: dict[tuple[str, ...], Value] = {
        ("customer", "spend"): 1250,
        ("customer", "round"): 1200,
        ("customer", "seen"): NOON,
        ("customer", "tags"): ("a",),
        ("customer", "bought"): ((DAY, 7, 500),),
        ("customer", "gone"): None,
        ("run", "date"): DAY,
    }
    assert shown(example, types) == {
        "bought": [{"day": "2026-01-15", "id": 7, "total": 5}],
        "round": 12,
        "run.date": "2026-01-15",
        "seen": "2026-01-15T12:00:00Z",
        "spend": 12.5,
        "tags": ["a"],
    }
    assert json_value(None, IntType()) is None
    known = tuple(KnownField(path, type_, False) for path, type_ in types.items())
    assert unpacked(packed(example, known), known) == example
