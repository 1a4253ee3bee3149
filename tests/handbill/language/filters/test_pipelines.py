"""Filters from a list to a list: `selectattr`, `rejectattr`, `map`, `sort`, `unique`."""

from __future__ import annotations

import pytest
from expression_world import Value, Words
from shopping_world import ROWS, line


@pytest.mark.parametrize(
    ("pipeline", "ids"),
    [
        ("selectattr('total', '>', 50)", "3"),
        ("selectattr('total', '>=', 50)", "23"),
        ("selectattr('total', '==', 5)", "1"),
        ("selectattr('total', '!=', 5)", "23"),
        ("rejectattr('total', '<', 50)", "23"),
        ("selectattr('total', '<=', customer.spend)", "12"),
        ("selectattr('online')", "2"),
        ("rejectattr('online')", "13"),
        ("selectattr('coupon', 'defined')", "13"),
        ("selectattr('coupon', 'undefined')", "2"),
        ("rejectattr('coupon', 'defined')", "2"),
        ("selectattr('quantity', 'even')", "23"),
        ("selectattr('quantity', 'odd')", "1"),
        ("selectattr('quantity', 'divisibleby', 4)", "3"),
        ("selectattr('department', 'in', ['bakery', 'produce'])", "2"),
        ("rejectattr('department', 'in', ['bakery'])", "13"),
        ("selectattr('coupon', 'defined') | selectattr('coupon', '==', 'y')", "3"),
        ("selectattr('product', 'defined') | selectattr('product.name', '==', 'Milk')", "1"),
        ("selectattr('bought_at', '<', '2026-10-01T00:00Z')", "3"),
        ("sort(attribute='total', reverse=true)", "321"),
        ("sort(attribute='department')", "213"),
        ("sort(attribute='coupon')", "132"),
        ("sort(attribute='coupon', reverse=true)", "312"),
        ("sort(attribute='bought_at')", "312"),
        ("unique(attribute='department')", "12"),
        ("unique(attribute='quantity')", "123"),
    ],
)
def test_rows(pipeline: str, ids: str, value: Value) -> None:
    text = f"customer.purchases | {pipeline} | map(attribute='id') | count"
    assert value(text, purchases=ROWS, spend=5000) == len(ids)
    for place, wanted in enumerate(ids):
        at = f"(customer.purchases | {pipeline} | map(attribute='id'))[{place}] | default('')"
        assert value(at, purchases=ROWS, spend=5000) == wanted


def test_scalars_and_objects(value: Value) -> None:
    assert value("customer.favorites | sort | first | default('')", favorites=("b", "a")) == "a"
    assert value("customer.lucky | unique | count", lucky=(3, 1, 3)) == 2
    cart = (line("b", 200, "n"), line("a", 100))
    assert (
        value("customer.cart | map(attribute='note', default='-') | last | default('')", cart=cart)
        == "-"
    )
    assert (
        value(
            "customer.cart | sort(attribute='price') | map(attribute='name') | first | default('')",
            cart=cart,
        )
        == "a"
    )


def test_nothing(value: Value) -> None:
    for step in ("selectattr('a')", "rejectattr('a', '>', 3)", "map(attribute='a')", "sort(attribute='a')",
                 "unique(attribute='a')"):  # fmt: skip
        assert value(f"params.nothing | {step} | count") == 0
    assert value("params.nothing | sum(attribute='a')") == 0


@pytest.mark.parametrize(
    ("text", "said_"),
    [
        ("customer.purchases | selectattr('total') | count > 1", "HB527 at 33-40: a name alone selects by yes or no, and `total` is a number → ('total', '>', 0)"),
        ("customer.purchases | selectattr('department') | count > 1", "→ ('department', '==', '…')"),
        ("customer.purchases | selectattr('bought_at') | count > 1", "→ ('bought_at', 'defined')"),
        ("customer.purchases | selectattr('total', 'gt', 5) | count > 1", "HB527 at 42-46: there is no test `gt` → did you mean '>'?"),
        ("customer.purchases | selectattr('total', 'qqqqqq') | count > 1", "tests: ==, !=, <"),
        ("customer.purchases | selectattr('total', '>') | count > 1", "HB508 at 42-45: `>` needs a value → selectattr('total', '>', …)"),
        ("customer.purchases | selectattr('total', 'defined', 5) | count > 1", "HB508 at 53-54: `defined` takes no value"),
        ("customer.purchases | selectattr('quantity', 'divisibleby') | count > 1", "→ selectattr('quantity', 'divisibleby', 10)"),
        ("customer.purchases | selectattr('totl', '>', 5) | count > 1", "HB505 at 33-39: the items have no member `totl` → did you mean `total`?"),
        ("customer.purchases | selectattr('product.nme', '>', 5) | count > 1", "HB505 at 33-46: `product` has no field `nme` → did you mean `product.name`?"),
        ("customer.purchases | selectattr('a b', '>', 5) | count > 1", "HB508 at 33-38: `a b` names no member → 'product.name'"),
        ("customer.purchases | selectattr(customer.zip, '>', 5) | count > 1", "HB508 at 33-45: the name of a member is a text, written out in quotes"),
        ("customer.purchases | selectattr('total', customer.zip, 5) | count > 1", "HB508 at 42-54: the test is a text"),
        ("customer.purchases | selectattr('total', '>', 'x') | count > 1", "HB507 at 1-51: `total` is a number, `'x'` is a text: they cannot be compared"),
        ("customer.purchases | selectattr('total', '>', customer.credit) | count > 1", "HB501 at 47-62: `customer.credit` may be missing"),
        ("customer.purchases | selectattr('coupon', '==', 'x') | count > 1", "HB501 at 33-41: `coupon` may be missing → selectattr('coupon', 'defined') before it"),
        ("customer.orders | selectattr('total') | count > 1", "HB507 at 1-16: `selectattr` needs a list of objects, and `customer.orders` is a whole number"),
        ("customer.favorites | selectattr('total') | count > 1", "HB505 at 33-40: `each item` is a text: it has no fields of its own"),
        ("customer.purchases | map('total') | count > 1", "HB508 at 1-34: `map` is told which member → map(attribute='total')"),
        ("customer.purchases | map | count > 1", "→ map(attribute='…')"),
        ("customer.cart | map(attribute='tags', default=['a']) | count > 1", "HB527 at 1-53: `tags` is a list itself, and there are no lists of lists"),
        ("customer.purchases | map(attribute='coupon', default=3) | count > 1", "HB507 at 54-55: the default is a whole number, the value a text → default('')"),
        ("customer.purchases | map(attribut='total') | count > 1", "HB508 at 35-42: `map` has no argument `attribut` → map(name, attribute=…, default=…)"),
        ("customer.purchases | map(attribute='id', attribute='id') | count > 1", "HB508 at 52-56: `attribute` is given twice"),
        ("customer.purchases | sort | count > 1", "which has no order → sort(attribute='bought_at')"),
        ("customer.purchases | sort(attribute='online') | count > 1", "HB527 at 37-45: `online` is yes or no, which has no order"),
        ("customer.purchases | sort(attribute='total', reverse=1) | count > 1", "HB508 at 54-55: `reverse` is true or false, written out"),
        ("customer.purchases | unique | count > 1", "which is compared by one of its members → unique(attribute='bought_at')"),
        ("customer.purchases | unique(attribute='coupon') | count > 1", "HB501 at 39-47: `coupon` may be missing"),
        ("customer.orders is even(3)", "HB508"),
    ],
)  # fmt: skip
def test_refusals(text: str, said_: str, said: Words) -> None:
    assert said_ in said(text)
