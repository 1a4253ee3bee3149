import datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.plan.ir import Operation as O
from handbill.plan.operations import BODIES, apply, day_start, local_date, round_div

DAY = D = datetime.date
T = datetime.datetime


def test_every_operation_has_a_body():
    assert set(BODIES) == set(O)


@pytest.mark.parametrize(
    ("operation", "arguments", "result"),
    [
        (O.AND, (True, True, False), False),
        (O.OR, (False, True), True),
        (O.NOT, (False,), True),
        (O.IF, (True, 1, 2), 1),
        (O.IF, (False, 1, 2), 2),
        (O.IS_DEFINED, ("",), True),
        (O.IS_DEFINED, (None,), False),
        (O.DEFAULT, (None, 3), 3),
        (O.DEFAULT, (0, 3), 0),
        (O.DEFAULT, ("", "x"), ""),
        (O.EQ, ("a", "a"), True),
        (O.LT, ("Z", "a"), True),
        (O.LT, ("\uffee", "\U0001f600"), True),
        (O.GE, (DAY(2026, 1, 1), DAY(2026, 1, 2)), False),
        (O.IN, (3, 1, 2, 3), True),
        (O.LIST_CONTAINS, (("a", "b"), "c"), False),
        (O.ADD, (2**63, 1), 2**63 + 1),
        (O.FLOOR_DIV, (-7, 2), -4),
        (O.MOD, (-7, 2), 1),
        (O.MOD, (7, -2), -1),
        (O.ROUND_DIV, (5, 2), 3),
        (O.ROUND_DIV, (-5, 2), -3),
        (O.ROUND_DIV, (5, -2), -3),
        (O.ROUND_DIV, (-4, 3), -1),
        (O.ROUND_DIV, (0, -3), 0),
        (O.CONCAT, ("a", "", "b"), "ab"),
        (O.INT_TEXT, (-5,), "-5"),
        (O.DECIMAL_TEXT, (-5, 2), "-0.05"),
        (O.DECIMAL_TEXT, (123456, 2), "1234.56"),
        (O.DECIMAL_TEXT, (7, 0), "7"),
        (O.GROUPED_TEXT, (123456789, 2, ".", ","), "1,234,567.89"),
        (O.GROUPED_TEXT, (-5, 2, ",", "\u202f"), "-0,05"),
        (O.GROUPED_TEXT, (1234, 0, ".", "'"), "1'234"),
        (O.GROUPED_TEXT, (-123456789, 2, ".", ",", 2), "-12,34,567.89"),
        (O.GROUPED_TEXT, (100000, 0, ".", ",", 2), "1,00,000"),
        (O.GROUPED_TEXT, (999, 0, ".", ",", 2), "999"),
        (O.GROUPED_TEXT, (1000, 0, ".", " ", 2), "1 000"),
        (O.LENGTH, ("👨‍👩‍👧é",), 6),
        (O.TRUNCATE, ("hello", 5), "hello"),
        (O.TRUNCATE, ("hello!", 5), "hell…"),
        (O.TRUNCATE, ("ab", 1), "…"),
        (O.CONTAINS, ("abc", "bc"), True),
        (O.STARTS_WITH, ("abc", "bc"), False),
        (O.ENDS_WITH, ("abc", ""), True),
        (O.TRIM, (" \t\n\v\f\rx\u00a0 ",), "x\u00a0"),
        (O.LOWER, ("İΣΑΣ",), "iσασ"),
        (O.UPPER, ("ßŉǆ",), "ẞŉǄ"),
        (O.TITLE, ("o'NEIL-smith (jr) élan",), "O'neil-Smith (Jr) Élan"),
        (O.REPLACE, ("aaa", "a", "aa"), "aaaaaa"),
        (O.PLUS_DAYS, (DAY(2024, 2, 28), 1), DAY(2024, 2, 29)),
        (O.PLUS_DAYS, (DAY(2199, 12, 31), 1), DAY(2199, 12, 31)),
        (O.PLUS_DAYS, (DAY(1900, 1, 1), -(10**18)), DAY(1900, 1, 1)),
        (O.DAYS_BETWEEN, (DAY(2026, 1, 1), DAY(2026, 1, 31)), 30),
        (O.DATE_PART, (DAY(2026, 11, 29), "weekday"), 7),
        (O.DATE_PART, (DAY(2026, 11, 29), "year"), 2026),
        (O.DATE_PART, (DAY(2026, 11, 29), "month"), 11),
        (O.DATE_PART, (DAY(2026, 11, 29), "day"), 29),
        (O.CHOOSE, (2, "Mon", "Tue"), "Tue"),
        (O.COUNT, ((1, 2),), 2),
        (O.FIRST, ((),), None),
        (O.FIRST, (("x", "y"),), "x"),
        (O.SLICE, ((1, 2, 3), 2), (1, 2)),
        (O.JOIN, (("a", "", "b"), ", "), "a, , b"),
    ],
)  # fmt: skip
def test_meaning(operation, arguments, result):
    assert apply(operation, arguments) == result


@given(st.integers(-(10**20), 10**20), st.integers(-(10**9), 10**9).filter(bool))
def test_round_div_is_half_away_from_zero(dividend, divisor):
    exact = Decimal(dividend) / Decimal(divisor) if abs(dividend) < 10**17 else None
    if exact is not None:
        assert round_div(dividend, divisor) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert abs(2 * (dividend - round_div(dividend, divisor) * divisor)) <= abs(divisor)


def test_an_unknown_part_of_a_date_is_a_fault():
    with pytest.raises(ValueError, match="no such part"):
        apply(O.DATE_PART, (DAY(2026, 1, 1), "hour"))


@pytest.mark.parametrize(
    ("zone", "home", "expected"),
    [
        ("America/New_York", (), D(2026, 11, 23)),
        (None, ("America/New_York",), D(2026, 11, 23)),
        ("Nowhere/Land", ("America/New_York",), D(2026, 11, 23)),
        ("Asia/Kathmandu", ("America/New_York",), D(2026, 11, 24)),
        (None, (), D(2026, 11, 24)),
    ],
)
def test_the_date_somewhere(zone, home, expected):
    assert local_date(T(2026, 11, 24, 3), zone, *home) == expected


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        (D(2026, 11, 24), "America/New_York", T(2026, 11, 24, 5)),
        (D(2018, 11, 4), "America/Sao_Paulo", T(2018, 11, 4, 3)),  # midnight is skipped
        (D(2025, 11, 2), "America/Havana", T(2025, 11, 2, 4)),  # midnight comes twice
        (D(2011, 12, 30), "Pacific/Apia", T(2011, 12, 30, 10)),  # the day is skipped
    ],
)
def test_a_day_begins(day, zone, expected):
    assert day_start(day, zone) == expected


def test_dates_and_instants_stay_within_the_calendar():
    assert local_date(T(2199, 12, 31, 23), "Asia/Kathmandu") == D(2199, 12, 31)
    assert local_date(T(1900, 1, 1), "America/New_York") == D(1900, 1, 1)
    assert day_start(D(1900, 1, 1), "Asia/Kathmandu") == T(1900, 1, 1)


@pytest.mark.parametrize(
    ("operation", "arguments", "expected"),
    [
        (O.LAST, ((),), None),
        (O.ITEM, ((1, 2), 2), None),
        (O.ITEM, ((1, 2), 0), 1),
        (O.SUM, ((),), 0),
        (O.AVERAGE, ((), 100), None),
        (O.AVERAGE, ((1, 2), 1), 2),
        (O.AVERAGE, ((-1, -2), 1), -2),
        (O.MINIMUM, ((),), None),
        (O.MAXIMUM, (("a", "B"),), "a"),
    ],
)
def test_ends_of_lists(operation, arguments, expected):
    assert apply(operation, arguments) == expected
