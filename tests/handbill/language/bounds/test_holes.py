"""Which holes make a text long, and a cut that is the mildest that fits."""

from __future__ import annotations

import pytest
from bounds_world import expression_of, ops_of

from handbill.language.bounds.holes import (
    LEAST,
    MAX_SIZE,
    before_first_hole,
    cut_to_fit,
    holes_of,
    link_to_shorten,
    written,
)
from handbill.language.bounds.rendering import extent_of
from handbill.language.bounds.sms import segments_of
from handbill.plan.ir import Const, Escape, Field, Put
from handbill.plan.types import ListType, StringType


def test_holes_are_named_as_they_are_written() -> None:
    text = (
        "{{ customer.nick }} {{ customer.first_name | default('neighbor') }} {{ customer.orders }}"
        "{{ customer.name }}{{ customer.name }}{% for x in customer.likes %}{{ x }}{% endfor %}"
        "{{ customer.store.name if customer.store is defined else 'no' }} {{ customer.tier }}"
    )
    assert [(hole.text, hole.extent.high.characters) for hole in holes_of(ops_of(text), ())] == [
        ("customer.name", 24),
        ("x", 20),
        ("customer.store.name", 10),
        ("customer.first_name | default('neighbor')", 8),
        ("customer.nick", 9),
    ]


def test_those_in_loops_count_all_their_rounds() -> None:
    text = "{% for x in customer.likes[:3] %}{{ customer.nick }}{% endfor %}{% set n = customer.name %}"
    counts = {hole.text: hole.extent.high.characters for hole in holes_of(ops_of(text), ())}
    assert counts == {"customer.nick": 27, "customer.name": 12}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("customer.name", "customer.name"),
        ("customer.first_name | default('it\\'s')", "customer.first_name | default('it\\'s')"),
        ("customer.name | truncate(5)", "customer.name | truncate(5)"),
        ("customer.name | upper", "customer.name | upper"),
        ("customer.likes | join(', ')", "customer.likes | join(', ')"),
        ("customer.likes | first | default('x')", "customer.likes | first | default('x')"),
        ("7", "7"),
    ],
)
def test_written(text: str, shown: str) -> None:
    expression = expression_of(text)
    assert written(expression) in (shown, f"'{shown}'")


def test_lists_are_written_as_lists() -> None:
    item = StringType(1)
    assert written(Const(ListType(item, 2), ("a", "b"))) == "['a', 'b']"


def cut(text: str, most: int) -> str | None:
    ops = ops_of(text)
    found = cut_to_fit(
        ops, holes_of(ops, ()), lambda shorter: extent_of(shorter).high.characters <= most
    )
    if not found:
        return None
    for each in found:
        text = text.replace("{{ " + each.hole.text + " }}", each.text)
    assert extent_of(ops_of(text)).high.characters <= most
    return " ".join(each.text for each in found)


def test_the_mildest_cut() -> None:
    assert cut("Hi {{ customer.name }}!", 10) == "{{ customer.name | truncate(6) }}"
    assert cut("{{ customer.name }} {{ customer.name }}", 20) == "{{ customer.name | truncate(9) }}"
    assert cut("{{ customer.name }} {{ customer.nick }}", 17) == "{{ customer.name | truncate(7) }}"
    assert cut("Hi {{ customer.name | truncate(9) }}!", 8) == "{{ customer.name | truncate(4) }}"
    given = "Dear {{ customer.first_name | default('neighbor') }}"
    assert cut(given, 10) == "{{ customer.first_name | default('neighbor') | truncate(5) }}"


def test_where_no_cut_of_one_hole_fits() -> None:
    assert cut("no holes, but long", 5) is None
    assert cut("{{ customer.name }}{{ customer.nick }}", 2 * LEAST - 2) is None


def test_several_are_cut_to_one_length() -> None:
    both = "{{ customer.name }} {{ customer.nick }}"
    assert cut(both, 11) == "{{ customer.name | truncate(5) }} {{ customer.nick | truncate(5) }}"
    assert cut(both + "xx", 2 * LEAST + 3) is not None
    assert cut(both + "xx", 2 * LEAST + 2) is None


def test_what_stands_in_a_link_is_not_cut() -> None:
    link = "https://shop.example/{{ customer.name }}"
    (hole,) = holes_of(ops_of(link), ())
    assert hole.in_link
    assert cut(link, 30) is None
    beside = link + " {{ customer.nick }}"
    longest = extent_of(ops_of(link)).high.characters
    assert cut(beside, longest + 6) == "{{ customer.nick | truncate(5) }}"


def test_the_value_that_makes_a_link_long() -> None:
    ops = ops_of("https://shop.example/{{ customer.name }} and {{ customer.nick }}")

    def found(most: int) -> str | None:
        hole = link_to_shorten(
            ops, holes_of(ops, ()), lambda cut: extent_of(cut).high.characters <= most
        )
        return hole.text if hole else None

    assert found(60) == "customer.name"
    assert found(20) is None
    generated = (Put(Field(("unsubscribe_url",), StringType(150)), Escape.URL),)
    assert link_to_shorten(generated, holes_of(generated, ()), lambda cut: True) is None


def test_an_sms_is_cut_without_dots_that_would_cost_more() -> None:
    ops = ops_of("{{ customer.nick }}" + "x" * 155)
    found = cut_to_fit(ops, holes_of(ops, ()), lambda cut: segments_of(extent_of(cut)).most == 1)
    assert found == ()  # two septets a character: 4 of them are 8
    ops = ops_of("{{ customer.nick }}" + "x" * 150)
    found = cut_to_fit(ops, holes_of(ops, ()), lambda cut: segments_of(extent_of(cut)).most == 1)
    assert [each.text for each in found] == [
        "{{ customer.nick | truncate(5) | replace('…', '.') }}"
    ]


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("no hole", None),
        ("{{ customer.name }}", 0),
        ("Hello {{ customer.name }}", 6),
        ("{{ 'Hello ' ~ customer.name }}", 6),
        ("{% if customer.gold %}Dear {% else %}Hi {% endif %}{{ customer.name }}", 5),
        ("{% if customer.gold %}Dear {{ customer.name }}{% endif %}!", 5),
        ("Since {% for x in customer.likes %}{{ x }}{% endfor %}", 6),
        ("{% set n = 'Hi ' %}{{ n }}{{ customer.orders }}", 3),
        ("{{ tenant.name }}: {{ customer.tier }}", 16),
    ],
)
def test_what_stands_before_the_first_hole(text: str, before: int | None) -> None:
    assert before_first_hole(ops_of(text), ()) == before


def test_of_a_very_long_text_no_cut_is_looked_for() -> None:
    ops = ops_of("{{ customer.name }}" * (MAX_SIZE // 2))
    assert cut_to_fit(ops, holes_of(ops, ()), lambda shorter: True) == ()
