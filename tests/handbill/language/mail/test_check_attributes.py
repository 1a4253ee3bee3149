"""What an attribute may be is told at its name or at its value."""

from __future__ import annotations

import pytest
from mail_world import column, document, findings, mail


@pytest.mark.parametrize(
    ("source", "code", "under"),
    [
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
        (column('<mj-text color="{{ customer.tier }}">x</mj-text>'), "HB582", "customer.tier"),
        (column('<mj-text font-size="{{ customer.orders }}px">x</mj-text>'), "HB582", "customer.orders"),
        (column("<mj-text font-size=\"{{ '9px' if customer.gold else '8px' }}\">x</mj-text>"), "HB582",
         "'9px' if customer.gold else '8px'"),
    ],
)  # fmt: skip
def test_refused(source: str, code: str, under: str) -> None:
    assert findings(source) == [(code, under)]


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        (column("<mj-text colour='red'>x</mj-text>"), "did you mean `color`?"),
        (column("<mj-text font-size='big'>x</mj-text>"), "16px, 50% or 10px 25px; at most 2000px"),
        (column("<mj-social><mj-social-element name='x' src='https://fresh.example/'>x"
                "</mj-social-element></mj-social>"), 'name="x-noshare"'),
    ],
)  # fmt: skip
def test_hints(source: str, hint: str) -> None:
    (found,) = mail(source).diagnostics
    assert found.hint == hint


@pytest.mark.parametrize(
    "source",
    [
        column("<mj-text mj-class='a b' css-class='c' data-x='y' aria-label='z'>x</mj-text>"),
        column("<mj-text color=\"{{ '#fff' if customer.gold else 'red' }}\">x</mj-text>"),
        column('<mj-text color="{{ brand.color }}" font-family="{{ brand.fonts }}">x</mj-text>'),
        column("<mj-social><mj-social-element name='facebook-noshare' src='https://fresh.example/a.png'"
               " href='https://fresh.example/'>x</mj-social-element></mj-social>"),
    ],
)  # fmt: skip
def test_accepted(source: str) -> None:
    assert findings(source) == []


def test_every_alternative_of_a_choice_must_fit() -> None:
    source = column("<mj-text color=\"{{ '#fff' if customer.gold else '#ggg' }}\">x</mj-text>")
    (found,) = mail(source).diagnostics
    assert (found.code, found.message) == ("HB581", "`color` cannot be `#ggg`")
