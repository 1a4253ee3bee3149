"""Statements: constants are folded, facts flow into branches, what is set is seen where it should be."""

from __future__ import annotations

import pytest
from template_world import compiled, message, mistakes, ops_of, render

from handbill.plan.ir import If, Put, Set, Text


def test_branches() -> None:
    html = "{% if customer.gold %}gold{% elif customer.orders > 3 %}many{% else %}few{% endif %}"
    assert render(html) == "gold"
    assert render(html, gold=False) == "many"
    assert render(html, gold=False, orders=1) == "few"


def test_facts_hold_in_branches() -> None:
    html = (
        "{% if customer.first_name is defined %}{{ customer.first_name }}{% else %}you{% endif %}"
    )
    assert render(html) == "Ann"
    assert render(html, first_name=None) == "you"
    negative = (
        "{% if customer.first_name is not defined %}you"
        "{% elif customer.gold %}{{ customer.first_name }}!"
        "{% else %}{{ customer.first_name }}{% endif %}"
    )
    assert render(negative) == "Ann!"
    both = (
        "{% if customer.gold and customer.store is defined %}{{ customer.store.name }}{% endif %}"
    )
    assert render(both) == "Main Street"


def test_facts_end_with_their_branch() -> None:
    html = "{% if customer.first_name is defined %}x{% endif %}{{ customer.first_name }}"
    assert mistakes(html) == [("HB501", "customer.first_name")]


def test_a_missing_value_shows_a_customer_of_that_branch() -> None:
    html = "{% if customer.orders > 500 %}{{ customer.first_name }}{% endif %}"
    (found,) = compiled(html).diagnostics
    assert found.code == "HB501"
    assert found.witness is not None
    orders = found.witness["orders"]
    assert isinstance(orders, int) and orders > 500
    assert "first_name" not in found.witness


def test_constant_conditions_keep_one_branch() -> None:
    assert ops_of("{% if params.loud %}a{% else %}{{ customer.name }}{% endif %}") == (Text("a"),)
    mixed = ops_of("{% if params.none is defined %}a{% elif customer.gold %}b{% endif %}")
    assert len(mixed) == 1 and isinstance(mixed[0], If) and len(mixed[0].branches) == 1
    sure = ops_of(
        "{% if customer.gold %}a{% elif params.loud %}b{% elif customer.gold %}c{% endif %}"
    )
    assert isinstance(sure[0], If)
    assert (len(sure[0].branches), sure[0].otherwise) == (1, (Text("b"),))


def test_a_branch_that_is_dropped_is_not_checked() -> None:
    html = "{% if params.none is defined %}{{ params.none.name | nothing }}{% endif %}ok"
    assert ops_of(html) == (Text("ok"),)


# ── set ──────────────────────────────────────────────────────────────────────────────────────────


def test_set_binds_a_value() -> None:
    ops = ops_of("{% set who = customer.first_name | default('you') %}{{ who }}, {{ who }}")
    assert [type(op) for op in ops] == [Set, Put, Text, Put]
    assert render("{% set who = customer.name %}{{ who }}") == "Ann"


def test_a_constant_is_set_without_an_operation() -> None:
    assert ops_of("{% set n = 2 * 21 %}{% if n > 40 %}{{ n }}{% endif %}") == (Text("42"),)


def test_set_leaks_from_if() -> None:
    html = "{% set n = 'a' %}{% if customer.gold %}{% set n = 'b' %}{% endif %}{{ n }}"
    assert render(html) == "b"
    assert render(html, gold=False) == "a"
    every = (
        "{% if customer.gold %}{% set n = customer.name %}{% elif customer.orders > 3 %}"
        "{% set n = 'many' %}{% else %}{% set n = customer.tier %}{% endif %}{{ n }}"
    )
    assert render(every) == "Ann"
    assert render(every, gold=False) == "many"
    assert render(every, gold=False, orders=0, tier="basic") == "basic"


def test_set_in_nested_branches() -> None:
    html = (
        "{% set n = 1 %}{% if customer.gold %}{% if customer.orders > 3 %}{% set n = 2.5 %}"
        "{% endif %}{% set m = n + 1 %}{% else %}{% set m = 0 %}{% endif %}{{ n }} {{ m }}"
    )
    assert render(html) == "2.5 3.5"
    assert render(html, orders=0) == "1.0 2.0"
    assert render(html, gold=False) == "1.0 0.0"


def test_branches_that_set_the_same_need_no_operation() -> None:
    html = "{% if customer.gold %}{% set n = 1 %}{% else %}{% set n = 1 %}{% endif %}{{ n }}"
    assert ops_of(html) == (Text("1"),)


def test_set_in_some_branches_only() -> None:
    html = "{% if customer.gold %}{% set n = 1 %}{% endif %}{{ n + 1 }}"
    assert mistakes(html) == [("HB556", "n")]
    assert message(html) == (
        "`n` is set by some branches only, so it may have no value here",
        "{% set n = … %} before the `if`, or in every branch of it",
    )
    later = "{% if customer.gold %}{% set n = 1 %}{% endif %}{% set n = 2 %}{{ n }}"
    assert render(later) == "2"


def test_branches_that_set_different_kinds() -> None:
    html = "{% if customer.gold %}{% set n = 1 %}{% else %}{% set n = 'x' %}{% endif %}{{ n }}"
    assert mistakes(html)[0] == ("HB556", "{% if customer.gold %}")


def test_set_does_not_leak_from_for() -> None:
    html = "{% for f in customer.favorites %}{% set x = f %}{{ x }}{% endfor %}{{ x }}"
    assert mistakes(html)[0][1] == "x"
    outer = "{% set x = 'a' %}{% for f in customer.favorites %}{% set x = f %}{% endfor %}"
    assert mistakes(outer) == [("HB556", "x")]


@pytest.mark.parametrize(
    ("html", "under"),
    [
        ("{% set customer = 1 %}", "customer"),
        ("{% set loop = 1 %}", "loop"),
        ("{% set a, b = 1 %}", "a, b"),
        ("{% for f in customer.favorites %}{% set f = 1 %}{% endfor %}", "f"),
    ],
)
def test_names_that_cannot_be_set(html: str, under: str) -> None:
    assert ("HB556", under) in mistakes(html)


def test_after_a_wrong_set_its_name_is_silent() -> None:
    assert mistakes("{% set x = customer.nam %}{{ x }}{{ x + 1 }}") == [("HB505", "nam")]


def test_a_missing_value_cannot_be_set() -> None:
    assert mistakes("{% set x = customer.first_name %}{{ x }}") == [
        ("HB501", "customer.first_name")
    ]


# ── includes ─────────────────────────────────────────────────────────────────────────────────────


def test_an_include_sees_the_names_around_it() -> None:
    files = {
        "a.html": "{% set y = 'in' %}{{ x }} {{ y }}",
        "b.html": "<b>{% include 'a.html' %}</b>",
    }
    html = "{% set x = customer.name %}{% include 'b.html' %}"
    assert render(html, files=files) == "<b>Ann in</b>"
    assert mistakes(html + "{{ y }}", files=files)[0][1] == "y"


def test_an_include_that_is_missing() -> None:
    assert mistakes("{% include 'haed.html' %}", files={"header.html": ""}) == [
        ("HB550", "'haed.html'")
    ]
    (found,) = compiled("{% include 'heder.html' %}").diagnostics
    assert found.hint is None
    (found,) = compiled("{% include 'hea.html' %}", files={"header.html": ""}).diagnostics
    assert found.hint == '"header.html"'


def test_mistakes_are_shown_in_the_included_file() -> None:
    found = mistakes(
        "{% include 'a.html' %}{% include 'a.html' %}", files={"a.html": "{{ tenat }}"}
    )
    assert found == [("HB504", "tenat")]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("{% include customer.name %}", ("HB552", "customer.name")),
        ("{% include ['a.html', 'b.html'] %}", ("HB552", "['a.html', 'b.html']")),
        ("{% include 'a.html' ignore missing %}",
         ("HB551", "{% include 'a.html' ignore missing %}")),
        ("{% include 'a.html' without context %}",
         ("HB551", "{% include 'a.html' without context %}")),
    ],
)  # fmt: skip
def test_includes_are_static(html: str, found: tuple[str, str]) -> None:
    assert mistakes(html, files={"a.html": "x"}) == [found]


def test_an_include_that_never_ends() -> None:
    files = {"a.html": "{% include 'b.html' %}", "b.html": "{% include 'a.html' %}"}
    assert mistakes("{% include 'a.html' %}", files=files) == [("HB553", "{% include 'a.html' %}")]
    (found,) = compiled("{% include 'a.html' %}", files=files).diagnostics
    assert found.notes == ("t/main.html → t/a.html → t/b.html → t/a.html",)


def test_a_template_that_grows_too_large() -> None:
    files = {f"{n}.html": f"{{% include '{n + 1}.html' %}}" * 2 for n in range(40)}
    files["40.html"] = "x"
    (found,) = compiled("{% include '0.html' %}", files=files).diagnostics
    assert (found.code, found.range is not None) == ("HB557", True)
    text = {"a.html": "x" * 250_000}
    html = "{% include 'a.html' %}" * 10
    assert [code for code, _ in mistakes(html, files=text)] == ["HB557"]


def test_a_template_that_is_nested_too_deeply() -> None:
    files = {f"{n}.html": f"{{% include '{n + 1}.html' %}}" for n in range(80)}
    files["80.html"] = "x"
    (found,) = compiled("{% include '0.html' %}", files=files).diagnostics
    assert found.code == "HB557"
    assert "nested too deeply" in found.message


# ── the rest ─────────────────────────────────────────────────────────────────────────────────────


def test_print_is_refused() -> None:
    assert mistakes("{% print customer.name, 1 %}") == [("HB551", "{% print customer.name, 1 %}")]
    assert render("{% if params.loud %}{{ customer.name }}{% endif %}") == "Ann"


def test_raw_and_comments_and_white_space_control() -> None:
    html = "a {# not {{ this }} #}b {% raw %}{{ x }} {% if %}{% endraw %}\n  {%- if params.loud -%}\n c {% endif -%} \n d"
    assert render(html) == "a b {{ x }} {% if %}c d"
