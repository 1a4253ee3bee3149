"""What MJML may be is told at its place, in its author's words."""

from __future__ import annotations

import pytest
from mail_world import column, document, findings, mail, words


def only(source: str) -> tuple[str, str | None]:
    """Message and hint of the one finding."""
    (found,) = mail(source).diagnostics
    return found.message, found.hint


IF = "{% if customer.gold %}x{% endif %}"


@pytest.mark.parametrize(
    ("source", "code", "under"),
    [
        (column("<mj-txt>x</mj-txt>"), "HB580", "<mj-txt>"),
        (column("<mj-section></mj-section>"), "HB580", "<mj-section>"),
        (document("<mj-section><mj-text>x</mj-text></mj-section>"), "HB580", "<mj-text>"),
        (document("<p>x</p>"), "HB580", "<p>"),
        (document("<mj-section>loose\nmore<mj-column></mj-column></mj-section>"), "HB580", "loose"),
        (column("{{ customer.name }}"), "HB580", "customer.name"),
        ("<p>x</p>", "HB580", "<p>"),
        (words("x") + words("y"), "HB580", "<mjml>"),
        (column("<mj-image src='https://fresh.example/' alt=''>x</mj-image>"), "HB580",
         "<mj-image src='https://fresh.example/' alt=''>"),
        (words("x", "<mj-title><b>x</b></mj-title>"), "HB580", "<b>"),
        (words("x", "<mj-style>a { color: {{ customer.tier }} }</mj-style>"), "HB582", "customer.tier"),
        (words("x", "<mj-style>a { color: {{ brand.odd }} }</mj-style>"), "HB574", "brand.odd"),
        (words("x", "<mj-style>a { color: red</mj-style>"), "HB597", "{"),
        (words("x", "<mj-style>" + "a { " * 400 + "</mj-style>"), "HB597", "{"),
        (words("x", "<mj-style>a { color: red } }</mj-style>"), "HB597", "}"),
        (IF + words("x"), "HB583", "{% if customer.gold %}"),
        (words("x", f"<mj-title>{IF}</mj-title>"), "HB583", "{% if customer.gold %}"),
        (words("x", f"<mj-preview>{IF}</mj-preview>"), "HB583", "{% if customer.gold %}"),
        (words("x", f"<mj-style>{IF}</mj-style>"), "HB583", "{% if customer.gold %}"),
        (document("<mj-wrapper>{% for d in customer.near %}<mj-section></mj-section>{% endfor %}</mj-wrapper>"),
         "HB583", "{% for d in customer.near %}"),
        (document("<mj-include path='a.mjml' />"), "HB584", "<mj-include path='a.mjml' />"),
        (words("x<!--[if mso]>y<![endif]-->"), "HB584", "<!--[if mso]>y<![endif]-->"),
        (words("<b>" * 70 + "x" + "</b>" * 70), "HB586", "<b>"),
        ("", "HB580", ""),
    ],
)  # fmt: skip
def test_refused(source: str, code: str, under: str) -> None:
    found = findings(source)
    assert (code, under) in found
    assert {each for each, _ in found} <= {code, "HB580"}


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        (column("<mj-txt>x</mj-txt>"), "did you mean <mj-text>?"),
        (document("<mj-column></mj-column>"), "put it into <mj-group> or <mj-section>"),
        (words("x", f"<mj-title>{IF}</mj-title>"), "{{ 'this' if … else 'that' }}"),
        (document("<mj-include path='a.mjml' />"), '{% include "piece.mjml" %}'),
    ],
)
def test_hints(source: str, hint: str) -> None:
    assert only(source)[1] == hint


@pytest.mark.parametrize(
    "source",
    [
        words("x", "<mj-attributes><mj-all color='red' /><mj-text padding='0' />"
              "<mj-class name='a' align='left' /></mj-attributes>"),
        words("x", "<mj-breakpoint width='400px' /><mj-preview>{{ customer.name }}</mj-preview>"),
        document("<mj-raw><p>x</p></mj-raw>{# gone #}"),
        "<?xml version='1.0'?>" + words("a<!-- gone -->b<br>c"),
    ],
)  # fmt: skip
def test_accepted(source: str) -> None:
    assert findings(source) == []


def test_a_turn_is_told_once() -> None:
    source = document(
        "<mj-wrapper>{% if customer.gold %}{% elif customer.orders > 1 %}{% endif %}</mj-wrapper>"
    )
    assert findings(source.replace("{% elif", "<mj-section></mj-section>{% elif")) == [
        ("HB583", "{% if customer.gold %}")
    ]


TWO = "<mj-column>{0}</mj-column>"


@pytest.mark.parametrize(
    ("section", "warned"),
    [
        ("{% if customer.gold %}<mj-column></mj-column>{% endif %}<mj-column></mj-column>", True),
        ("<mj-column></mj-column>{% for d in customer.near %}<mj-column></mj-column>{% endfor %}", True),
        ("{% if customer.gold %}<mj-column width='50%'></mj-column>{% endif %}<mj-column></mj-column>", False),
        ("{% if customer.gold %}<mj-column></mj-column>{% endif %}", False),
        ("<mj-column>{% if customer.gold %}<mj-text>x</mj-text>{% endif %}</mj-column><mj-column></mj-column>", False),
    ],
)  # fmt: skip
def test_columns_that_may_be_left_out(section: str, warned: bool) -> None:
    result = mail(document(f"<mj-section>{section}</mj-section>"))
    assert [each.code for each in result.diagnostics] == (["HB585"] if warned else [])
    assert result.ops is not None
