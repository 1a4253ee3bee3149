"""Texts as `handbill fmt` writes them."""

from __future__ import annotations

import pytest

from handbill.authoring.formatting.quotes import APOSTROPHES, plain_sms
from handbill.lower.part_limits import FORMATTED


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("It’s ‘here’", "It's 'here'"),
        ("It’s {{ 'a’b' }} here", "It's {{ 'a’b' }} here"),  # a hole is left alone
        ("It’s 5 ₽", "It’s 5 ₽"),  # it would not be plain SMS without it either
        ("plain", "plain"),
    ],
)
def test_apostrophes_become_plain_where_that_makes_plain_sms(written: str, plain: str) -> None:
    assert plain_sms(written) == plain


def test_what_a_finding_says_that_fmt_replaces_is_what_it_replaces() -> None:
    assert set(APOSTROPHES) == FORMATTED
