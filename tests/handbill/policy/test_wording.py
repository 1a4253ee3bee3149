from __future__ import annotations

import pytest

from handbill.plan.types import BoolType, DateType, DecimalType, IntType, ListType, StringType, Type
from handbill.plan.values import Value
from handbill.policy.wording import listed, one_of, shown, shown_values


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, DateType(), "not set"),
        (True, BoolType(), "true"),
        (12_345, IntType(), "12,345"),
        (1_250, DecimalType(2, 0, 10_000), "12.5"),
        (100_000, DecimalType(2, 0, 10**6), "1,000"),
        ((), ListType(StringType(9), 3), "empty"),
        (("a", "b"), ListType(StringType(9), 3), "a, b"),
        ("sms", StringType(9), "sms"),
    ],
)
def test_values_in_words(value: Value, kind: Type, text: str) -> None:
    assert shown(value, kind) == text


def test_many_are_cut() -> None:
    assert listed("abcdef") == "a, b, c, d, e, f"
    assert listed("abcdefg") == "a, b, c, d, e and 2 more"
    assert (one_of(["@a"]), one_of(["@a", "@b"])) == ("@a", "one of @a, @b")


def test_an_object_is_not_shown_as_one() -> None:
    reads = [("change", "audience"), ("change", "audience", "growth"), ("plan", "priority")]
    values: dict[tuple[str, ...], Value] = {reads[0]: (), reads[1]: 500}
    assert shown_values(reads, values) == ("change.audience.growth is 5",)
