"""What is not part of the language, and slices."""

from __future__ import annotations

import pytest
from expression_world import Words


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        (
            "customer.orders ** 2",
            "HB503 at 1-21: there is no `**` → customer.orders * customer.orders",
        ),
        ("{'a': 1}", "HB503 at 1-9: there are no `{…: …}` values"),
        ("(1, 2)", "HB503"),
        ("none", "HB503 at 1-5: there is no `none` → use `is not defined` or `default(…)`"),
        (
            "customer.email.upper()",
            "HB503 at 1-23: nothing is called here: `customer.email.upper(…)` is not available → customer.email | upper",
        ),
        ("len(customer.email)", "→ customer.email | length"),
        ("now()", "→ run.date"),
        ("customer.frobnicate()", "HB503 at 1-22: nothing is called here"),
        ("customer['orders']", "HB503 at 1-19: fields are named after a dot → customer.orders"),
        ("customer['e-mail']", "HB503 at 1-19: fields are named after a dot → customer.e_mail"),
        ("customer.favorites[0] == 'a'", "HB501 at 1-22: `customer.favorites[0]` may be missing"),
        ("customer.favorites[-1] == 'a'", "→ customer.favorites | last"),
        ("customer.favorites[1000]", "HB508 at 20-24: items have numbers from 0 to 999"),
        ("customer.favorites[customer.orders]", "HB503 at 1-36: an item has a number, written out"),
        ("customer.orders[0] == 1", "HB507 at 1-19: only lists have items, and this is a whole"),
        (
            "customer.favorites[1:3]",
            "HB503 at 1-24: only the first few items can be taken → customer.favorites[:5]",
        ),
        ("customer.favorites[:customer.orders]", "HB503"),
        ("customer.favorites[:true]", "HB503"),
        ("customer.favorites[::2]", "HB503"),
        ("customer.favorites[:0]", "HB508 at 21-22: a slice takes 1 to 1000 items"),
        (
            "customer.email[:3]",
            "HB507 at 1-19: only lists have slices, and this is a text → customer.email | truncate(3)",
        ),
        ("customer.orders[:3]", "HB507"),
        ("customer.wishes[:3] | count", "HB501 at 1-16"),
        ("[customer.orders]", "HB507 at 1-18: a list holds constants of one kind"),
        ("[1, 'a']", "HB507"),
        ("[customer.points] | count", "HB501"),
    ],
)
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)


def test_lists_written_out(said: Words) -> None:
    assert said("['a', 'b'] | count == 2") == ""
