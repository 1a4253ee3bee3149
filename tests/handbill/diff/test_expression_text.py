"""What is printed compiles to the expression that it was printed from."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from diff_world import BASE
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.diff.expression_text import expression_text
from handbill.language.expression import compile_expression
from handbill.language.reasoning.relation import is_in
from handbill.language.scope import Scope
from handbill.lower.names import campaign_scope
from handbill.pipeline import Compiled, compile_tree
from handbill.plan.canonical import decode_object
from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Member, Operation
from handbill.plan.model import Plan, Tenant
from handbill.source.text import SourceText
from handbill.source.working_tree import open_working_tree

SAMPLES = Path(__file__).parents[3]


def opened(folder: Path) -> Compiled:
    tree, found = open_working_tree(folder)
    assert tree is not None
    return compile_tree(tree, found)


def scopes(compiled: Compiled) -> dict[tuple[str, str], Scope]:
    assert compiled.release is not None and compiled.repository is not None
    known = {claims.tenant: claims.vocabulary for claims in compiled.release.claims}
    return {
        (tenant.name, name): campaign_scope(campaign, tenant, known[tenant.name])
        for tenant in compiled.repository.tenants.values()
        for name, campaign in tenant.campaigns.items()
        if tenant.name in known
    }


@cache
def base_scope() -> Scope:
    return scopes(opened(BASE))["fresh-fields", "hello"]


def compiled_from(text: str, scope: Scope) -> Expression:
    result = compile_expression(SourceText.of_file("RULE", text), scope, None)
    assert result.expression is not None, (text, [each.message for each in result.diagnostics])
    return result.expression


ROUND_TRIPS = [
    "customer.lifetime_orders >= 3 and customer.state is defined",
    "customer.state | default('') in ['VT', 'ME'] or customer.tier | default('basic') == 'gold'",
    "customer.state is defined and customer.state not in ['it\\'s', 'a\\\\b']",
    "not (customer.lifetime_orders > 3 or customer.is_employee | default(true))",
    "customer.last_order_on is defined and customer.last_order_on < '2026-11-01'",
    "customer.last_order_on | default('2026-01-01') | days_between(run.date) > 90",
    "customer.last_order_on is defined and customer.last_order_on | plus_days(-30) <= run.date",
    "customer.spend_90d | default(0) / 3 > 1.5",
    "(customer.spend_90d | default(0.00)) * 2 + customer.lifetime_orders >= 12.50",
    "customer.spend_90d | default(0) | round(1) == 2.5",
    "(customer.lifetime_orders + 1) * 2 - customer.lifetime_orders // 3 % 2 > -5",
    "customer.lifetime_orders - (3 - customer.lifetime_orders) > 1",
    "-customer.lifetime_orders < -2",
    "(customer.lifetime_orders - 9) | abs > 2",
    "(1 if customer.lifetime_orders > 2 else 2) == 1",
    "customer.first_name | default('x') | trim | lower | length > 2",
    "customer.first_name | default('x') | replace('a', 'b') | startswith('c')",
    "customer.first_name | default('x') | truncate(5) ~ '-' ~ customer.lifetime_orders == 'a-3'",
    "customer.email is defined and customer.email | contains('@shop.example')",
    "customer.departments is defined and 'dairy' in customer.departments",
    "customer.departments is defined and 'dairy' not in customer.departments",
    "customer.departments | default([]) | count >= 2",
    "customer.departments is defined and customer.departments | unique | sort | count > 1",
    "customer.store is defined and customer.store.city | default('') == 'Troy'",
    "customer.last_order_on is defined and customer.last_order_on | month == 12",
    "customer.departments is defined and (customer.departments | default(['a', 'b']))[:2] | count > 1",
    "customer.first_name | default('it\\n\\'s') == 'a\\tb'",
]


@pytest.mark.parametrize("text", ROUND_TRIPS)
def test_what_is_printed_compiles_to_the_same(text: str) -> None:
    expression = compiled_from(text, base_scope())
    assert compiled_from(expression_text(expression), base_scope()) == expression


NUMBERS = st.recursive(
    st.sampled_from(
        ["customer.lifetime_orders", "customer.spend_90d | default(1.50)", "7", "2.25", "-3"]
    ),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("(-{})".format, inner),
        st.builds("(({}) | abs)".format, inner),
    ),
    max_leaves=4,
)
TEXTS = st.one_of(
    st.sampled_from(
        ["customer.state | default('NY')", "customer.first_name | default('') | lower"]
    ),
    st.builds("({} ~ {})".format, st.just("customer.locale | default('en')"), NUMBERS),
)
CONDITIONS = st.recursive(
    st.one_of(
        st.builds(
            "({} {} {})".format, NUMBERS, st.sampled_from(["<", "<=", "==", "!=", ">"]), NUMBERS
        ),
        st.builds("({} {} ['VT', 'ME'])".format, TEXTS, st.sampled_from(["in", "not in"])),
        st.sampled_from(["customer.tier is defined", "customer.store is not defined"]),
    ),
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("(not {})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
    ),
    max_leaves=6,
)


@given(CONDITIONS)
@settings(max_examples=150)
def test_any_rule_is_printed_so_that_it_compiles_to_the_same(text: str) -> None:
    result = compile_expression(SourceText.of_file("RULE", text), base_scope(), None)
    if result.expression is None:
        return  # a number that may become too large
    assert compiled_from(expression_text(result.expression), base_scope()) == result.expression


def test_every_audience_of_the_samples_is_printed_in_its_own_words() -> None:
    compiled = opened(SAMPLES)
    known, count = scopes(compiled), 0
    assert compiled.release is not None
    for root in compiled.release.release.tenants.values():
        pack = compiled.release.packs[root]
        tenant = decode_object(pack[root])
        assert isinstance(tenant, Tenant)
        for name, digest in tenant.plans.items():
            plan = decode_object(pack[digest])
            assert isinstance(plan, Plan)
            inside = is_in(plan.audience)
            again = compiled_from(expression_text(inside), known[tenant.name, name])
            assert meaning(again) == meaning(inside)
            count += 1
    assert count > 30


def meaning(expression: Expression) -> tuple[object, ...]:
    """The expression without the members of objects that a plan leaves out of its types."""
    match expression:
        case Const(type=type_, value=value):
            return ("const", getattr(type_, "scale", None), value)
        case Field(path=path):
            return ("field", *path)
        case Local(name=name):
            return ("local", name)
        case Member(of=of, name=name):
            return ("member", meaning(of), name)
        case Each(step=step, items=items, name=name, body=body, descending=descending):
            return (step, meaning(items), name, meaning(body), descending)
        case Call(operation=operation, arguments=arguments):
            found: list[object] = []
            for each in arguments:
                nested = isinstance(each, Call) and each.operation is operation
                both = operation in (Operation.AND, Operation.OR)
                found += meaning(each)[1:] if nested and both else [meaning(each)]
            return (operation, *found)


def test_what_has_no_words_of_its_own_is_printed_all_the_same() -> None:
    from handbill.plan.types import DatetimeType, DateType, StringType

    run, zone = Field(("run", "date"), DateType()), Const(StringType(3), "UTC")
    start = Call(Operation.DAY_START, (run, zone), DatetimeType())
    assert expression_text(start) == "run.date | day_start('UTC')"
