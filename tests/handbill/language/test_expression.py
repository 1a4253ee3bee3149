"""The entrances: what is expected, what is refused at the end."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from expression_world import Rule, Text
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.language.expression import (
    check_condition,
    check_expression,
    compile_expression,
)
from handbill.language.scope import ConstantRoot, NamedAudience, RecordRoot, Scope
from handbill.language.syntax.parse import parse_expression
from handbill.language.vocabulary.records import Member, Record, Relation, object_type
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    ObjectType,
    StringType,
)
from handbill.source.text import SourceText

ANY_NUMBER = DecimalType(2, 0, 0)


@pytest.mark.parametrize(
    ("text", "expected", "said_"),
    [
        ("customer.is_employee", BoolType(), None),
        (
            "customer.orders",
            BoolType(),
            ("HB524", "this needs a condition, and it is a whole number", "customer.orders > 0"),
        ),
        ("customer.email", BoolType(), ("HB524", "this needs a condition, and it is a text", None)),
        ("customer.orders", IntType(), None),
        (
            "customer.spend",
            IntType(),
            ("HB524", "this needs a whole number, and it is a number", "(customer.spend) | round"),
        ),
        ("customer.orders", ANY_NUMBER, None),
        ("customer.spend", ANY_NUMBER, None),
        (
            "customer.state",
            ANY_NUMBER,
            ("HB524", "this needs a number, and it is one of VT, ME, NY, MA", None),
        ),
        ("customer.state", StringType(1), None),
        ("customer.last_order", DateType(), None),
        (
            "customer.subscribed",
            BoolType(),
            (
                "HB501",
                "`customer.subscribed` may be missing",
                "customer.subscribed | default(false)",
            ),
        ),
    ],
)
def test_expectations(
    text: str, expected: object, said_: tuple[object, ...] | None, rule: Rule
) -> None:
    compiled = rule(text, expected)
    found = [(each.code, each.message, each.hint) for each in compiled.diagnostics]
    assert found == ([said_] if said_ else [])
    assert (compiled.expression is None) == bool(said_)


def test_a_value_may_be_allowed_to_miss(rule: Rule) -> None:
    compiled = rule("customer.points", IntType(), may_be_missing=True)
    assert compiled.optional and compiled.expression is not None
    assert rule("customer.points", IntType()).expression is None
    assert rule("params.perk", may_be_missing=True).expression is None


def test_findings_come_in_the_order_of_the_text(rule: Rule) -> None:
    found = rule("customer.zz == 1 and customer.points > 1 and customer.yy == 2").diagnostics
    assert [each.range.column for each in found if each.range] == [10, 22, 55]


def test_what_grows_by_audiences_is_bounded(scope: Scope) -> None:
    audiences = {"a0": "customer.orders > 1"}
    for n in range(1, 60):
        audiences[f"a{n}"] = (
            f"(audiences.a{n - 1} and customer.orders != {n}) or (not audiences.a{n - 1})"
        )
    sources = {
        name: NamedAudience(SourceText.of_file(f"{name}.yaml", text))
        for name, text in audiences.items()
    }
    here = Scope(scope.roots, audiences=sources)

    def codes(text: str) -> list[str]:
        return [
            each.code
            for each in compile_expression(SourceText.of_file("f", text), here, None).diagnostics
        ]

    assert codes("audiences.a5") == []
    assert codes("audiences.a59") == ["HB502"]


def test_depth_is_bounded(rule: Rule) -> None:
    deep = "customer.orders" + " + 1" * 60 + " > 2"
    (found,) = rule(deep).diagnostics
    assert found.code == "HB502"


def test_for_templates(scope: Scope, hole: Text) -> None:
    def parsed(text: str) -> tuple[Any, SourceText]:
        source = SourceText.of_file("f", text)
        node, found = parse_expression(source)
        assert node is not None, found
        return node, source

    node, source = parsed("customer.points")
    checked = check_expression(node, source, scope)
    assert checked.optional and checked.diagnostics == ()
    assert check_condition(node, source, scope).diagnostics[0].code == "HB501"
    node, source = parsed("params.perk")
    assert check_expression(node, source, scope).missing
    node, source = parsed("customer.qq")
    assert check_expression(node, source, scope).failed
    assert hole("customer.orders ~ 'x'").type == StringType(5)
    assert hole("customer.spend").type == StringType(10)
    assert hole("customer.last_order").diagnostics[0].hint == "customer.last_order | date"


# ── nothing crashes ──────────────────────────────────────────────────────────────────────────────

LEAVES = ["customer.orders", "customer.points", "customer.spend", "customer.state", "customer.email", "customer.tier",
          "customer.favorites", "customer.last_order", "customer.birthday", "customer.is_employee", "customer.store",
          "customer.store.name", "customer.seen", "customer.big", "params.perk", "params.rate", "params.states", "tenant",
          "tenant.name", "run.date", "1", "0", "1.5", "'VT'", "''", "true", "none", "[1, 2]", "[]", "audiences.lapsed",
          "'2026-12-24'", "offer.reward", "nope", "customer.nope", "{}", "(1, 2)", "f(1)",
          "customer.purchases", "customer.purchases | within('9 days')", "customer.cart", "customer.address",
          "customer.address.city", "params.products", "params.nothing", "customer.rich", "'total'", "customer.purchases[0].product.name",
          "customer.purchases | first", "customer.visits"]  # fmt: skip
FORMS = ["({0} and {1})", "({0} or {1})", "(not {0})", "({0} == {1})", "({0} < {1})", "({0} in {1})", "({0} in [{1}, {2}])",
         "({0} + {1})", "({0} * {1})", "({0} / {1})", "({0} // {1})", "({0} % {1})", "({0} ~ {1})", "({0} if {1} else {2})",
         "({0} | default({1}))", "({0} | round(1))", "({0} | abs)", "({0} | length)", "({0} | truncate(3))", "({0} | lower)",
         "({0} | plus_days({1}))", "({0} | days_between({1}))", "({0} | month)", "({0} | first)", "({0} | join('/'))", "({0}[:2])",
         "({0} is defined)", "({0} is even)", "(-{0})", "({0} | contains({1}))", "({0} | replace('a', 'bc'))", "({0} | date)",
         "({0} | money)", "({0} | number)", "({0} | title)", "({0}.x)", "({0} | selectattr('total', '>', {1}))",
         "({0} | selectattr('online'))", "({0} | rejectattr('coupon', 'in', {1}))", "({0} | map(attribute='total'))",
         "({0} | map(attribute='coupon', default={1}))", "({0} | sort(attribute='total', reverse=true))", "({0} | unique)",
         "({0} | sum(attribute='total'))", "({0} | sum)", "({0} | avg)", "({0} | max)", "({0} | min(attribute='coupon'))",
         "({0} | last)", "({0}[1])", "({0} | sort)", "({0} | within('7 days'))", "({0} | selectattr('product.name', 'defined'))",
         "({0} | local_date)", "({0} | count > 0 and {1})", "({0} is defined and {0} == {1})", "({0} | selectattr({1}))",
         "({0} | selectattr('price', '<', {1}))", "({0} | map(attribute={1}))", "({0}.total)", "({0} | join(', ', attribute='coupon'))"]  # fmt: skip
programs = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.builds(
        lambda form, a, b, c: form.replace("{0}", a).replace("{1}", b).replace("{2}", c),
        st.sampled_from(FORMS),
        inner,
        inner,
        inner,
    ),
    max_leaves=6,
)
KINDS = (
    BoolType,
    IntType,
    DecimalType,
    StringType,
    EnumType,
    DateType,
    DatetimeType,
    ListType,
    ObjectType,
)


@settings(max_examples=600)
@given(programs)
def test_no_expression_crashes(text: str) -> None:
    """Every program either compiles or is refused with a place, in rules and in messages."""
    source = SourceText.of_file("f", text)
    compiled = compile_expression(source, SMALL, None)
    assert (compiled.expression is None) == any(each.is_error for each in compiled.diagnostics)
    assert all(each.range is not None for each in compiled.diagnostics)
    if compiled.expression is not None:
        assert isinstance(compiled.type, KINDS)
    node, _ = parse_expression(source)
    if node is not None:
        check_expression(node, source, SMALL)


ADDRESS = Record({"city": Member(StringType(20), True), "floor": Member(IntType(0, 9))})
CART = Record({"total": Member(DecimalType(2, 0, 10**6), True), "coupon": Member(StringType(9))})
PURCHASE = Record(
    {
        "customer": Member(StringType(9), True),
        "at": Member(DatetimeType(), True),
        "total": Member(DecimalType(2, 0, 10**6), True),
        "online": Member(BoolType(), True),
        "coupon": Member(StringType(9)),
        "product": Member(StringType(9), references="products"),
    }
)
DATASETS = {
    "stores": Record({"name": Member(StringType(20), True)}),
    "products": Record({"name": Member(StringType(20), True), "price": Member(IntType(0, 99))}),
    "purchases": PURCHASE,
}
SMALL = Scope(
    {
        "customer": RecordRoot(
            Record(
                {
                    "orders": Member(IntType(0, 1000), True),
                    "points": Member(IntType(0, 1000)),
                    "spend": Member(DecimalType(2, 0, 10**8), True),
                    "state": Member(EnumType(("VT", "ME")), True),
                    "email": Member(StringType(50), True),
                    "tier": Member(EnumType(("gold", "silver"))),
                    "favorites": Member(ListType(StringType(10), 5), True),
                    "last_order": Member(DateType(), True),
                    "birthday": Member(DateType()),
                    "is_employee": Member(BoolType(), True),
                    "seen": Member(DatetimeType(), True),
                    "big": Member(IntType(), True),
                    "store": Member(StringType(10), references="stores"),
                    "address": Member(object_type(ADDRESS), inner=ADDRESS),
                    "cart": Member(ListType(object_type(CART), 4), True, inner=CART),
                    "visits": Member(ListType(DateType(), 9), True),
                    "purchases": Member(
                        ListType(object_type(PURCHASE, DATASETS), 100),
                        True,
                        inner=PURCHASE,
                        relation=Relation("purchases", "customer", "at"),
                    ),
                }
            ),
            DATASETS,
            {"rich": SourceText.of_file("fields.yaml", "customer.spend > 500")},
        ),
        "run": RecordRoot(Record({"date": Member(DateType(), True)})),
        "tenant": ConstantRoot({"name": "Fresh"}),
        "params": ConstantRoot(
            {
                "perk": None,
                "rate": 3,
                "states": ["VT"],
                "nothing": [],
                "products": [{"price": 3, "total": Decimal("1.5")}, {"price": 4, "coupon": "x"}],
            }
        ),
    },
    audiences={"lapsed": NamedAudience(SourceText.of_file("a", "customer.orders == 0"))},
)


def test_what_sql_cannot_compute_is_refused(rule: Rule) -> None:
    """Each part fits by the lengths of its texts; the SQL back end does not rely on those."""
    wide = "((customer.big / 1) * ((customer.email | length) * 1000 * 1000 * 100)) | round > 1"
    assert [each.code for each in rule(wide).diagnostics] == ["HB511"]
