"""Pipelines over what customers bought are printed as they were written, and compile to the same."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from diff_world import CAMPAIGN, HELLO, TENANT_FILE, side

from handbill.diff.expression_text import expression_text
from handbill.language.expression import compile_expression
from handbill.language.scope import Scope
from handbill.lower.names import campaign_scope
from handbill.plan.ir import Expression
from handbill.source.text import SourceText

BOUGHT = Path(__file__).parents[2] / "golden/language/loop-over-a-relation-without-a-limit/input"
SHARED = (
    "schemas/customer.schema.json",
    "schemas/data/products.schema.json",
    "schemas/data/purchases.schema.json",
)


@cache
def scope() -> Scope:
    """Names of a campaign whose customers have purchases, and those products."""
    edits = {path: (BOUGHT / path).read_text("utf-8") for path in (*SHARED, TENANT_FILE)}
    compiled = side({**edits, HELLO: CAMPAIGN}).compiled
    assert compiled is not None and compiled.repository is not None and compiled.release is not None
    (claims,) = compiled.release.claims
    tenant = compiled.repository.tenants["fresh-fields"]
    return campaign_scope(tenant.campaigns["hello"], tenant, claims.vocabulary)


def compiled_from(text: str) -> Expression:
    result = compile_expression(SourceText.of_file("RULE", text), scope(), None)
    assert result.expression is not None, (text, [each.message for each in result.diagnostics])
    return result.expression


AS_WRITTEN = [
    "customer.purchases | selectattr('online') | count > 2",
    "customer.purchases | rejectattr('online') | count > 2",
    "customer.purchases | selectattr('coupon', 'defined') | count > 0",
    "customer.purchases | rejectattr('coupon', 'defined') | count > 0",
    "customer.purchases | selectattr('total', '>=', 9.50) | count > 0",
    "customer.purchases | selectattr('total', '<', 3.00) | selectattr('online') | count > 0",
    "customer.purchases | selectattr('product.department', 'defined') | count > 0",
    "customer.purchases | within('60 days', attribute='bought_at') | count >= 2",
    "customer.purchases | within('1 day', attribute='bought_at') | count >= 2",
    "customer.purchases | map(attribute='total') | sum > 100.00",
    "customer.purchases | unique(attribute='id') | count > 1",
]


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_a_pipeline_is_printed_as_it_was_written(text: str) -> None:
    expression = compiled_from(text)
    assert expression_text(expression) == text


OTHERWISE = [
    "customer.purchases | within('60 days') | sum(attribute='total') > 100.00",
    "customer.purchases | selectattr('product', 'defined')"
    " | selectattr('product.department', 'in', ['dairy', 'bakery']) | count > 0",
    "customer.purchases | map(attribute='coupon', default='none') | unique | count > 1",
    "customer.purchases | sort(attribute='total', reverse=true) | map(attribute='id') | count > 1",
    "customer.departments is defined and customer.departments | sort | unique | count > 1",
    "customer.departments is defined and customer.departments | sort(reverse=true) | count > 1",
]


@pytest.mark.parametrize("text", OTHERWISE)
def test_what_is_printed_compiles_to_the_same(text: str) -> None:
    expression = compiled_from(text)
    assert compiled_from(expression_text(expression)) == expression
