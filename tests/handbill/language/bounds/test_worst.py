"""The customer that is shown really gets what is said, and meets all that the audience asks."""

from __future__ import annotations

import datetime
import random

import pytest
from bounds_world import VOCABULARY, Drawing, given_that, ops_of
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.language.bounds.paths import heaviest_way
from handbill.language.bounds.rendering import extent_of
from handbill.language.bounds.worst import LEAST_TRIES, MAX_TRIES, Found, json_value, search
from handbill.language.expressions.facts import Assumption
from handbill.plan.ir import Call, Const, Field, Op, Operation
from handbill.plan.row import compile_expression, compile_template
from handbill.plan.types import (
    BoolType,
    DecimalType,
    IntType,
    ListType,
    MemberType,
    ObjectType,
    StringType,
)
from handbill.plan.values import Value

REQUIRED = frozenset(
    (name,) for name, member in VOCABULARY.customer.fields.items() if member.required
) | {("store", "name"), ("store", "id")}


def worst(
    ops: tuple[Op, ...], told: tuple[Assumption, ...] = (), what: str = "characters"
) -> tuple[Found | None, int]:
    looking = search((ops,), told, REQUIRED)
    assert looking is not None
    render = compile_template(ops, looking.needs)
    bound = getattr(extent_of(ops, told).high, what)
    count = len if what == "characters" else lambda text: len(text.encode())
    way = heaviest_way(ops, told, lambda extent: extent.high.bytes)
    found = looking.most(lambda row, context: count(render(row, context)), bound, way)
    if found is not None:
        shown = count(render(found.row, found.context))
        assert shown == found.size <= bound
        for each in told:
            holds = compile_expression(each.condition, looking.needs)
            assert holds(found.row, found.context) is each.holds
    return found, bound


@pytest.mark.parametrize("what", ["characters", "bytes"])
@pytest.mark.parametrize(
    "text",
    [
        "{{ customer.name }} and {{ customer.nick }}",
        "{{ customer.first_name | default('a much longer one') }}",
        "{{ customer.points | money }} {{ customer.debt }}",
        "{{ customer.joined | date('long') }}",
        "{% if customer.orders > 70 %}{{ customer.name }}{% else %}ok{% endif %}",
        "{% if customer.orders > 70 and customer.tier == 'ça' %}{{ customer.name }}{% endif %}",
        "{% if customer.orders == 71 and customer.debt == 3 and customer.gold %}much longer{% endif %}",
        "{% for x in customer.likes %}{{ x }}, {% else %}none{% endfor %}",
        "{% for x in customer.likes[:2] %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}",
        "{{ customer.store.name if customer.store is defined else 'no shop anywhere' }}",
        "{% if customer.store is defined %}{{ customer.store.name }} ({{ customer.store }}){% endif %}",
        "{{ customer.name | truncate(5) }}",
        "{{ run.date | date('full') }}",
    ],
)
def test_the_bound_is_reached(text: str, what: str) -> None:
    found, bound = worst(ops_of(text), (), what)
    assert found is not None and found.size == bound


def test_within_the_audience() -> None:
    told = given_that("customer.orders > 3 and customer.orders < 12 and customer.tier == 'basic'")
    ops = ops_of("{{ customer.orders }} {{ customer.tier }} {{ customer.name }}")
    found, bound = worst(ops, told)
    assert found is not None and found.size == bound == 2 + 1 + 5 + 1 + 12
    assert found.customer["tier"] == "basic" and found.customer["orders"] in (10, 11)


def test_where_values_depend_on_each_other_the_bound_is_not_reached() -> None:
    both = "{% if customer.gold %}aaaa{% endif %}{% if not customer.gold %}bbbb{% endif %}"
    found, bound = worst(ops_of(both))
    assert found is not None and (found.size, bound) == (4, 8)


def test_an_audience_of_nobody_has_no_customer() -> None:
    nobody = (*given_that("customer.orders > 70"), *given_that("customer.orders < 60"))
    found, _ = worst(ops_of("{{ customer.orders }}"), nobody)
    assert found is None


def test_the_search_ends() -> None:
    text = "".join(f"{{% if customer.orders == {n} %}}{'x' * n}{{% endif %}}" for n in range(60))
    ops = ops_of(text)
    looking = search((ops,), (), REQUIRED)
    assert looking is not None
    looking.most(lambda row, context: 0, 10**9)
    assert LEAST_TRIES <= looking.allowed <= MAX_TRIES
    assert looking.tries <= looking.allowed + 1


def test_what_cannot_be_compiled_is_not_searched() -> None:
    deep = Const(BoolType(), True)
    broken = Assumption(Field(("customer", "x", "y"), BoolType()), True)
    assert search((), (broken, Assumption(deep, True)), REQUIRED) is not None


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_of_any_template_what_is_shown_is_true(seed: int) -> None:
    draw = random.Random(seed)
    ops = ops_of(Drawing(draw).template(1))
    told = given_that(Drawing(draw).condition(1)) if draw.random() < 0.5 else ()
    worst(ops, told)


@pytest.mark.parametrize(
    ("value", "type_", "shown"),
    [
        (datetime.date(2026, 12, 5), IntType(), "2026-12-05"),
        (datetime.datetime(2026, 12, 5, 10), IntType(), "2026-12-05T10:00:00Z"),
        (1250, DecimalType(2, 0, 9999), 12.5),
        (-1200, DecimalType(2, -9999, 9999), -12),
        (7, IntType(), 7),
        (("a", "b"), ListType(StringType(1), 2), ["a", "b"]),
        (("x", None), ObjectType((MemberType("a", StringType(1)), MemberType("b", IntType()))), {"a": "x"}),
    ],
)  # fmt: skip
def test_as_json(value: Value, type_: IntType, shown: object) -> None:
    assert json_value(value, type_) == shown


def test_long_lists_leave_fewer_tries() -> None:
    """A try costs what its lists hold; the work, not the number of tries, has a limit."""

    def allowed(items: int) -> int:
        member = MemberType("total", IntType(0, 9), True)
        rows = Field(("customer", "rows"), ListType(ObjectType((member,)), items))
        count = Call(Operation.COUNT, (rows,), IntType(0, items))
        looking = search((count,), (), frozenset())
        assert looking is not None
        return looking.allowed

    assert allowed(2) == MAX_TRIES
    assert LEAST_TRIES <= allowed(1_000) <= allowed(300) <= allowed(2)
    assert allowed(1_000) < MAX_TRIES
