"""No customer gets more or less than the bound, in any count; and it is as tight as it can be."""

from __future__ import annotations

import json
import random

import pytest
from bounds_world import Drawing, Written, customer, given_that, ops_of
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.language.bounds.measure import Extent, Measure, measure
from handbill.language.bounds.rendering import (
    Rendering,
    at_most,
    extent_of,
    may_be_blank,
    world_of,
)
from handbill.language.bounds.sms import segments_of
from handbill.language.bounds.spelling import Spelling
from handbill.language.template import TemplateKind
from handbill.plan.ir import (
    Branch,
    Call,
    Const,
    Escape,
    Expression,
    Field,
    For,
    If,
    Local,
    Operation,
    Put,
    Set,
    Text,
)  # fmt: skip
from handbill.plan.segments import sms_size
from handbill.plan.types import BoolType, IntType, ListType, StringType

KINDS = [TemplateKind.TEXT, TemplateKind.HEADER, TemplateKind.HTML]
LOCALES = ["en-US", "fr-CA", "de-DE"]
PER_TEMPLATE = 12


def within(extent: Extent, counts: Measure) -> bool:
    return all(
        low <= is_ <= high for low, is_, high in zip(extent.low, counts, extent.high, strict=True)
    )


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_no_customer_is_out_of_bounds(seed: int) -> None:
    draw = random.Random(seed)
    kind = draw.choice(KINDS)
    text = Drawing(draw).template()
    if kind is TemplateKind.HTML:
        text = f'<p title="{{{{ customer.name }}}}">{text}</p>'
    if kind is TemplateKind.HEADER:
        text = text.replace("\n", " ")
    ops = ops_of(text, kind, draw.choice(LOCALES))
    rule, holds = Drawing(draw).condition(1), draw.random() < 0.7
    told = given_that(rule, holds) if draw.random() < 0.5 else ()
    write = Written(ops, *(each.condition for each in told))
    extent, as_json = extent_of(ops, told), extent_of(ops, told, ("json",))
    loose = at_most(ops)
    assert loose.most(extent.high) == loose, (text, rule, holds)
    segments = segments_of(extent)
    for _ in range(PER_TEMPLATE):
        one = customer(draw)
        if told and write.meets(one) is not holds:
            continue
        shown = write(one)
        assert within(extent, measure(shown)), (text, rule, holds, one)
        assert within(as_json, measure(json.dumps(shown, ensure_ascii=False)[1:-1])), text
        assert segments.fewest <= sms_size(shown).segments <= segments.most, (text, one)


def ends(text: str, count: str = "characters", kind: TemplateKind = TemplateKind.TEXT,
         spelling: Spelling = ()) -> tuple[int, int]:  # fmt: skip
    extent = extent_of(ops_of(text, kind), (), spelling)
    return getattr(extent.low, count), getattr(extent.high, count)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("Hi", 2, 2),
        ("{{ customer.name }}!", 1, 13),
        ("{{ customer.first_name | default('neighbor') }}", 0, 8),
        ("{{ customer.tier }}", 2, 11),
        ("{{ customer.orders }}", 1, 4),
        ("{{ customer.debt }}", 1, 3),
        ("{{ customer.points }}", 4, 10),
        ("{{ customer.points | money }}", 5, 13),
        ("{{ customer.joined | date('long') }}", 11, 18),
        ("{% if customer.gold %}four{% else %}sixsix{% endif %}!", 5, 7),
        ("{% if customer.gold %}four{% endif %}", 0, 4),
        ("{% if customer.orders < 10 %}{{ customer.orders }}{% endif %}", 0, 1),
        ("{% if customer.orders >= 100 %}{{ customer.orders }}{% else %}more{% endif %}", 3, 4),
        ("{% if customer.tier == 'basic' %}{{ customer.tier }}{% else %}{{ customer.tier }}{% endif %}", 2, 11),
        ("{% if customer.tier in ['basic', 'ça'] %}{{ customer.tier }}{% else %}xxx{% endif %}", 2, 5),
        ("{% if customer.name | length <= 3 %}{{ customer.name }}{% else %}long{% endif %}", 0, 4),
        ("{{ customer.name | truncate(5) }}", 0, 5),
        ("{{ customer.name | truncate(50) }}", 0, 12),
        ("{{ customer.name | trim | upper }}", 0, 12),
        ("{{ customer.name | replace('a', 'xyz') }}", 0, 36),
        ("{{ customer.name | replace('ab', 'xyz') }}", 0, 18),
        ("{{ customer.name | replace('ab', '') }}", 0, 12),
        ("{{ customer.likes | join(', ') }}", 0, 26),
        ("{% for x in customer.likes %}ab{% else %}none{% endfor %}", 2, 8),
        ("{% for x in customer.likes[:2] %}{{ x }}{% endfor %}", 0, 10),
        ("{% for x in customer.likes %}ab{% if not loop.last %}, {% endif %}{% endfor %}", 0, 14),
        ("{% for x in customer.likes %}{% if loop.first %}first{% else %}x{% endif %}{% endfor %}", 0, 8),
        ("{% for x in customer.likes %}{{ loop.index }}/{{ loop.length }} {% endfor %}", 0, 16),
        ("{% set who = customer.first_name | default('x') %}{{ who }}{{ who }}", 0, 14),
        ("{% if customer.gold %}{% set a = 'one' %}{% else %}{% set a = 'three' %}{% endif %}{{ a }}", 3, 5),
        ("{{ 'yes' if customer.gold else 'no' }}", 2, 3),
        ("{{ customer.store.name if customer.store is defined else 'no shop' }}", 0, 10),
        ("{{ customer.name | length }}", 1, 2),
        ("{{ customer.likes | count }}", 1, 1),
    ],
)  # fmt: skip
def test_tight(text: str, least: int, most: int) -> None:
    assert ends(text) == (least, most)


def test_what_a_surrounding_makes_of_it() -> None:
    attribute = '<p title="{{ customer.name }}"></p>'
    fixed = len('<p title=""></p>')
    assert ends(attribute, "bytes", TemplateKind.HTML) == (fixed, fixed + 12 * 6)  # &quot;
    assert ends("{{ customer.name }}", "bytes", TemplateKind.HTML) == (0, 12 * 5)  # &amp;
    assert ends("{{ customer.name }}", "bytes") == (0, 12 * 4)
    assert ends("{{ customer.nick }}", "bytes") == (0, 9 * 3)  # €
    put = (Put(Field(("customer", "name"), StringType(2)), Escape.NONE),)
    assert extent_of(put, (), ("json",)).high.bytes == 12
    url = (Put(Field(("customer", "name"), StringType(2)), Escape.URL),)
    assert extent_of(url).high.bytes == 2 * 12
    segment = (Put(Field(("customer", "name"), StringType(0)), Escape.URL_SEGMENT),)
    assert extent_of(segment).high.bytes == 1


def test_the_sms_alphabet() -> None:
    assert ends("{{ customer.nick }}", "foreign") == (0, 0)
    assert ends("{{ customer.nick }}", "septets") == (0, 18)
    assert ends("{{ customer.nick | upper }}", "foreign") == (0, 9)
    assert ends("{{ customer.nick | truncate(4) }}", "foreign") == (0, 1)
    assert ends("{{ customer.nick | truncate(4) | replace('…', '.') }}", "foreign") == (0, 0)
    assert ends("ça", "foreign") == (1, 1)
    assert ends("{{ customer.nicks | default([]) | join('|') }}", "foreign") == (0, 0)
    assert ends("{{ customer.nicks | default([]) | first | default('x') }}", "foreign") == (0, 0)
    assert ends("{% for n in customer.nicks | default([]) %}{{ n }}{% endfor %}", "foreign") == (
        0,
        0,
    )


def test_what_the_audience_establishes() -> None:
    def longest(text: str, *rules: str, holds: bool = True) -> int:
        told = tuple(each for rule in rules for each in given_that(rule, holds))
        return extent_of(ops_of(text), told).high.characters

    orders = "{{ customer.orders }}"
    assert longest(orders) == 4
    assert longest(orders, "customer.orders < 100") == 2
    assert longest(orders, "customer.orders < 100", "customer.orders < 10") == 1
    assert longest(orders, "customer.orders > 9", holds=False) == 1
    assert longest("{{ customer.tier }}", "customer.tier != 'silver & co'") == 5
    assert longest("{{ customer.name }}", "customer.name | length <= 4") == 4
    assert longest("{% if customer.orders > 50 %}much{% endif %}", "customer.orders <= 50") == 0
    given = "{{ customer.first_name | default('a long substitute') }}"
    assert longest(given) == 17
    assert longest(given, "customer.first_name is defined") == 7


def test_a_loose_bound_takes_every_branch_and_every_round() -> None:
    several = (
        "{% for like in customer.likes %}{{ like }}{% if not loop.last %}, {% endif %}{% endfor %}"
    )
    assert ends(several)[1] + 2 == at_most(ops_of(several)).characters
    never = "{% if customer.orders > 50 %}much{% elif customer.orders > 60 %}never{% endif %}"
    assert (ends(never)[1], at_most(ops_of(never)).characters) == (4, 5)


def test_a_text_that_stands_for_another_is_read_once_for_each_spelling() -> None:
    """Doubling a `set` again and again does not double the work."""
    doubled = "".join(f"{{% set s{n + 1} = s{n} ~ s{n} %}}" for n in range(12))
    text = f"{{% set s0 = customer.tier ~ '' %}}{doubled}{{{{ s12 }}}}"
    assert ends(text) == (2 * 4096, 11 * 4096)


def test_operations_that_no_template_of_today_writes() -> None:
    items = Field(("customer", "likes"), ListType(StringType(5), 1))
    loop = For("item", items, 9, (Put(Local("item", StringType(5)), Escape.NONE), Text("!")))
    assert extent_of((loop,)).high.characters == 6
    never = For("item", Const(ListType(StringType(5), 0), ()), 9, (Text("!"),), (Text("none"),))
    assert extent_of((never,)) == extent_of((Text("none"),))
    name = Local("name", StringType(9))
    twice = (Set("name", Const(StringType(1), "a")), Set("name", Const(StringType(2), "bb")))
    assert extent_of((*twice, Put(name, Escape.NONE))).high.characters == 2
    assert extent_of((Put(name, Escape.NONE),)).high.characters == 9
    upper = Call(Operation.UPPER, (name,), StringType(9))
    assert Rendering().shape(upper, world_of((), Rendering())).high == 9


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("{{ customer.name }}", False),
        ("{{ customer.name | trim | truncate(3) }}", False),
        ("  {% if customer.gold %}x{% endif %}", True),
        ("{{ customer.first_name | default('') }}", True),
        ("{{ customer.first_name | default(' ') }}", True),
        ("{{ customer.likes | join(', ') }}", True),
        ("{% for x in customer.likes %}{{ x }}{% else %}none{% endfor %}", False),
    ],
)
def test_what_may_be_blank_though_no_value_is_empty(text: str, blank: bool) -> None:
    assert may_be_blank(ops_of(text), ()) is blank


def test_deep_expressions_take_no_longer_than_their_size() -> None:
    """Each level asks about the next more than once; that must not multiply."""
    text: Expression = Field(("customer", "name"), StringType(90))
    for most in range(89, 29, -1):
        text = Call(Operation.TRUNCATE, (text, Const(IntType(most, most), most)), StringType(most))
        text = Call(Operation.TITLE, (text,), StringType(most))
    assert extent_of((Put(text, Escape.HTML_TEXT),)).high.characters == 30 * 5
    zero, one = Const(IntType(0, 0), 0), Const(IntType(1, 1), 1)
    number: Expression = Field(("customer", "debt"), IntType(-5, 5))
    for _ in range(60):
        above = Call(Operation.GT, (number, zero), BoolType())
        number = Call(Operation.IF, (above, one, zero), IntType(0, 1))
    condition = If((Branch(Call(Operation.EQ, (number, one), BoolType()), (Text("a"),)),))
    assert extent_of((condition,)).high.characters == 1
