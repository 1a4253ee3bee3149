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
        (words("<mj-button>x</mj-button>"), "HB580", "<mj-button>"),
        (words("<style>a{}</style>"), "HB580", "<style>"),
        (words("<videoo></videoo>"), "HB580", "<videoo>"),
        (words("<svg></svg>"), "HB580", "<svg>"),
        (words("<table>a<tr><td>x</td></tr></table>"), "HB580", "a"),
        (column("<mj-table><tr>{{ customer.name }}<td>x</td></tr></mj-table>"), "HB580", "customer.name"),
        (column("<mj-image src='https://fresh.example/' alt=''>x</mj-image>"), "HB580",
         "<mj-image src='https://fresh.example/' alt=''>"),
        (words("x", "<mj-title><b>x</b></mj-title>"), "HB580", "<b>"),
        (column("<mj-text Colour='red'>x</mj-text>"), "HB581", "Colour"),
        (column("<mj-text color>x</mj-text>"), "HB581", "<mj-text color>"),
        (column("<mj-text font-size=huge>x</mj-text>"), "HB581", "huge"),
        (column("<mj-text color='reed;x:y'>x</mj-text>"), "HB581", "reed;x:y"),
        (column("<mj-button href='https://fresh.example/' width='9999px'>x</mj-button>"), "HB581", "9999px"),
        (document("<mj-section background-url=\"https://fresh.example/a')\"></mj-section>"), "HB581",
         "https://fresh.example/a')"),
        (column("<mj-social><mj-social-element href='https://fresh.example/'>x</mj-social-element></mj-social>"),
         "HB581", "<mj-social-element href='https://fresh.example/'>"),
        (column("<mj-social><mj-social-element name='facebook' src='https://fresh.example/'>x</mj-social-element></mj-social>"),
         "HB581", "facebook"),
        (column("<mj-accordion icon-wrapped-url='https://fresh.example/a'></mj-accordion>"), "HB581",
         "<mj-accordion icon-wrapped-url='https://fresh.example/a'>"),
        (column("<mj-carousel left-icon='https://fresh.example/a'></mj-carousel>"), "HB581",
         "<mj-carousel left-icon='https://fresh.example/a'>"),
        (words('<p a(b)="c">x</p>'), "HB581", '<p a(b)="c">'),
        (column('<mj-text color="{{ customer.tier }}">x</mj-text>'), "HB582", "customer.tier"),
        (column('<mj-text font-size="{{ customer.orders }}px">x</mj-text>'), "HB582", "customer.orders"),
        (column("<mj-text font-size=\"{{ '9px' if customer.gold else '8px' }}\">x</mj-text>"), "HB582",
         "'9px' if customer.gold else '8px'"),
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
        (column("<mj-text colour='red'>x</mj-text>"), "did you mean `color`?"),
        (column("<mj-text font-size='big'>x</mj-text>"), "16px, 50% or 10px 25px; at most 2000px"),
        (document("<mj-column></mj-column>"), "put it into <mj-group> or <mj-section>"),
        (words("<strog>x</strog>"), "<strong>"),
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
        column("<mj-text mj-class='a b' css-class='c' data-x='y' aria-label='z'>x</mj-text>"),
        column("<mj-text color=\"{{ '#fff' if customer.gold else 'red' }}\">x</mj-text>"),
        column('<mj-text color="{{ brand.color }}" font-family="{{ brand.fonts }}">x</mj-text>'),
        document("<mj-raw><p>x</p></mj-raw>{# gone #}"),
        column("<mj-social><mj-social-element name='facebook-noshare' src='https://fresh.example/a.png'"
               " href='https://fresh.example/'>x</mj-social-element></mj-social>"),
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
