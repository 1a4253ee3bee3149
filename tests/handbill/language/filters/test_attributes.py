"""The table of tests on a member is the language's own."""

from __future__ import annotations

import pytest
from expression_world import Rule

from handbill.language.filters.attributes import COMPARISONS, FOREIGN, OTHER_TESTS
from handbill.language.filters.table import TESTS

ARGUMENT = {"in": ", [1, 2]", "divisibleby": ", 3"}


@pytest.mark.parametrize("test", [*COMPARISONS, *OTHER_TESTS])
def test_each_is_known(test: str, rule: Rule) -> None:
    argument = ARGUMENT.get(test, ", 3" if test in COMPARISONS else "")
    text = f"customer.purchases | selectattr('quantity', '{test}'{argument}) | count > 1"
    assert rule(text).diagnostics == ()


def test_the_tests_of_numbers_are_among_them() -> None:
    assert set(TESTS) - {"defined"} <= set(OTHER_TESTS)


def test_foreign_names_lead_to_known_ones() -> None:
    assert set(FOREIGN.values()) <= {*COMPARISONS, *OTHER_TESTS}
    assert not set(FOREIGN) & {*COMPARISONS, *OTHER_TESTS}
