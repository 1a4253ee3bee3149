"""Layouts and blocks: the innermost wins, and what nobody would see is refused."""

from __future__ import annotations

import pytest
from template_world import compiled, mistakes, render

BASE = "<h1>{% block title %}Hello{% endblock %}</h1>{% block body %}{% endblock %}<p>bye</p>"
FILES = {
    "base.html": BASE,
    "middle.html": "{% extends 'base.html' %}{% block body %}<b>{% block inner %}?{% endblock %}</b>{% endblock %}",
}


def test_blocks_are_filled() -> None:
    html = "{% extends 'base.html' %}\n{% block body %}{{ customer.name }}{% endblock %}"
    assert render(html, files=FILES) == "<h1>Hello</h1>Ann<p>bye</p>"


def test_layouts_of_layouts() -> None:
    html = "{% extends 'middle.html' %}{% block inner %}x{% endblock %}{% block title %}T{% endblock %}"
    assert render(html, files=FILES) == "<h1>T</h1><b>x</b><p>bye</p>"


def test_super_is_what_would_stand_there() -> None:
    html = (
        "{% extends 'base.html' %}{% block title %}{{ super() }}, {{ customer.name }}{% endblock %}"
    )
    assert render(html, files=FILES) == "<h1>Hello, Ann</h1><p>bye</p>"


def test_the_campaign_fills_blocks() -> None:
    html = (
        "{% extends 'base.html' %}{% block body %}{% block hero %}old{% endblock %}{% endblock %}"
    )
    blocks = {"hero": "<i>{{ super() }} {{ customer.name }}</i>", "title": "T"}
    assert render(html, files=FILES, blocks=blocks) == "<h1>T</h1><i>old Ann</i><p>bye</p>"


def test_a_block_without_layout_stands_where_it_is() -> None:
    assert render("a{% block x %}b{% endblock %}c") == "abc"
    assert render("a{% block x %}b{% endblock %}c", blocks={"x": "B"}) == "aBc"


def test_what_a_template_sets_is_known_in_its_layout() -> None:
    files = {"base.html": "{% block body %}{% endblock %}{{ who }}"}
    html = "{% extends 'base.html' %}{% set who = customer.name %}{% block body %}{{ who }}-{% endblock %}"
    assert render(html, files=files) == "Ann-Ann"


def test_a_set_does_not_leak_from_a_block() -> None:
    html = "{% block x %}{% set y = 1 %}{{ y }}{% endblock %}{{ y }}"
    assert mistakes(html)[0][1] == "y"


def test_an_included_template_has_blocks_of_its_own() -> None:
    files = {**FILES, "card.html": "{% extends 'base.html' %}{% block title %}card{% endblock %}"}
    html = "{% include 'card.html' %}{% block title %}main{% endblock %}"
    assert render(html, files=files) == "<h1>card</h1><p>bye</p>main"


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("{% extends 'base.html' %}\n lost\n text", ("HB554", "lost")),
        ("{% extends 'base.html' %}{{ customer.name }}", ("HB554", "customer.name")),
        ("{% extends 'base.html' %}{% if customer.gold %}x{% endif %}",
         ("HB554", "{% if customer.gold %}")),
        ("x{% extends 'base.html' %}", ("HB554", "{% extends 'base.html' %}")),
        ("{% if params.loud %}{% extends 'base.html' %}{% endif %}",
         ("HB554", "{% extends 'base.html' %}")),
        ("{% extends 'base.html' %}{% extends 'middle.html' %}",
         ("HB554", "{% extends 'middle.html' %}")),
        ("{% extends customer.name %}", ("HB552", "customer.name")),
        ("{% extends 'bas.html' %}", ("HB550", "'bas.html'")),
        ("{% block a %}{% endblock %}{% block a %}{% endblock %}", ("HB554", "{% block a %}")),
        ("{{ super() }}", ("HB554", "super()")),
        ("{% block a %}{{ super() }}{% endblock %}", ("HB554", "super()")),
        ("{% extends 'needs.html' %}", ("HB554", "{% block body required %}")),
    ],
)  # fmt: skip
def test_what_cannot_be_put_together(html: str, found: tuple[str, str]) -> None:
    files = {**FILES, "needs.html": "{% block body required %}{% endblock %}"}
    assert found in mistakes(html, files=files)


def test_a_required_block() -> None:
    files = {"needs.html": "<b>{% block body required %}{% endblock %}</b>"}
    html = "{% extends 'needs.html' %}{% block body %}x{% endblock %}"
    assert render(html, files=files) == "<b>x</b>"
    assert mistakes(html.replace(" %}x{", " %}{{ super() }}{"), files=files) == [
        ("HB554", "super()")
    ]


def test_layouts_without_end() -> None:
    files = {"a.html": "{% extends 'b.html' %}", "b.html": "{% extends 'a.html' %}"}
    assert mistakes("{% extends 'a.html' %}", files=files) == [("HB553", "{% extends 'a.html' %}")]
    (found,) = compiled("{% extends 'a.html' %}", files=files).diagnostics
    assert found.notes == ("t/main.html → t/a.html → t/b.html → t/a.html",)


def test_blocks_without_end() -> None:
    files = {"base.html": "{% block x %}{% block y %}{% endblock %}{% endblock %}"}
    html = "{% extends 'base.html' %}{% block y %}{% block x %}{{ super() }}{% endblock %}{% endblock %}"
    assert [code for code, _ in mistakes(html, files=files)] == ["HB557"]


def test_a_block_that_the_template_lacks() -> None:
    html = "{% block hero %}{% endblock %}{% block foot %}{% endblock %}"
    (found,) = compiled(html, blocks={"heroo": "x"}).diagnostics
    assert found.code == "HB554"
    assert found.message == "the template has no block `heroo`"
    assert found.hint == "hero"
    assert found.notes == ("its blocks: `foot`, `hero`",)
    assert found.range is not None and found.range.file == "t/block-heroo.html"


def test_a_file_for_a_block_has_no_layout() -> None:
    found = mistakes(
        "{% block a %}{% endblock %}", files=FILES, blocks={"a": "{% extends 'base.html' %}x"}
    )
    assert found == [("HB554", "{% extends 'base.html' %}")]


def test_mistakes_of_a_layout_stand_in_the_layout() -> None:
    files = {"base.html": "<p>{% block a %}{% endblock %}{{ customer.nam }}</p>"}
    assert mistakes("{% extends 'base.html' %}", files=files) == [("HB505", "nam")]
    (found,) = compiled("{% extends 'base.html' %}", files=files).diagnostics
    assert str(found.range) == "t/base.html:1:43"
