"""Signatures: usage, and arguments that decide a type."""

from __future__ import annotations

import pytest
from expression_world import Words

from handbill.language.filters.signature import Signature
from handbill.plan.ir import Operation


def test_usage() -> None:
    entry = Signature(
        "cut",
        "filter",
        "text",
        "text",
        "cuts",
        "x | cut(1)",
        (Operation.TRUNCATE,),
        None,
        ("n", "mark?"),
    )
    assert entry.usage == "cut(n, mark)"
    assert entry.fewest == 1


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        (
            "customer.email | truncate(customer.orders)",
            "HB508 at 27-42: the length is a whole number, written out",
        ),
        ("customer.email | truncate(0)", "HB508 at 27-28: the length is from 1 to 10000"),
        ("customer.email | truncate(true)", "HB508 at 27-31"),
        ("customer.email | truncate(1.5)", "HB508 at 27-30"),
        ("customer.email | truncate(customer.points)", "HB501 at 27-42"),
        (
            "customer.email | replace(customer.zip, 'a')",
            "HB508 at 26-38: what is replaced is a text, written out in quotes",
        ),
        ("customer.email | replace('a', 3)", "HB508 at 31-32"),
        ("customer.email | replace(customer.phone, 'a')", "HB501"),
    ],
)
def test_arguments(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)
