"""Texts, lines and addresses."""

from __future__ import annotations

import pytest
from template_world import UNSUBSCRIBE, message, mistakes, ops_of, render

from handbill.language.template import TemplateKind
from handbill.plan.ir import Escape, Put, Text

TEXT, HEADER, URL = TemplateKind.TEXT, TemplateKind.HEADER, TemplateKind.URL


def test_texts_are_written_as_they_are() -> None:
    text = "{{ customer.name }} <{{ tenant.name }}>\n{{ unsubscribe_url }}"
    assert (
        render(text, TEXT, name="O'Hara & <Co>") == f"O'Hara & <Co> <Fresh & Fields>\n{UNSUBSCRIBE}"
    )


def test_a_line_stays_a_line() -> None:
    assert render("Hi {{ customer.name }}\n", HEADER, name="a\r\nBcc: b") == "Hi a  Bcc: b"


def test_a_line_break_in_a_line() -> None:
    assert mistakes("Hi\n{{ customer.name }}", HEADER) == [("HB572", "customer.name")]
    assert mistakes("Hi\n\n  you there\n", HEADER) == [("HB572", "you there")]
    assert message("Hi\nyou", HEADER)[0] == "this must be one line, and it goes on in a second"
    assert render("{% if customer.gold -%}\nHi\n{%- endif %}", HEADER) == "Hi"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://x.example/a", "https://x.example/a"),
        (" {{ brand.site }}/a?b={{ tenant.name }}\n", "https://fresh.example/a?b=Fresh%20&%20Fields"),
        ("{{ unsubscribe_url }}\n", UNSUBSCRIBE),
        ("{{ 'https://a.example/é' if customer.gold else 'https://b.example' }}",
         "https://a.example/%C3%A9"),
        ("{% if params.loud %}app://cart{% endif %}", "app://cart"),
    ],
)  # fmt: skip
def test_addresses(text: str, address: str) -> None:
    assert render(text, URL) == address


def test_a_generated_link_is_no_constant() -> None:
    (op,) = ops_of("{{ unsubscribe_url }}", URL)
    assert isinstance(op, Put) and op.escape is Escape.NONE
    assert ops_of("https://x.example", URL) == (Text("https://x.example"),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://x.example/{{ customer.name }}", [("HB571", "customer.name")]),
        ("{{ unsubscribe_url }}?a=b", [("HB571", "unsubscribe_url")]),
        ("{{ unsubscribe_url }}{{ unsubscribe_url }}", [("HB571", "unsubscribe_url")]),
        ("{% if customer.gold %}https://a.example{% endif %}",
         [("HB573", "{% if customer.gold %}")]),
        ("/shop", [("HB573", "/shop")]),
        ("{{ brand.broken }}", [("HB573", "{{ brand.broken }}")]),
        ("{{ 'https://a.example' if customer.gold else '' }}",
         [("HB573", "{{ 'https://a.example' if customer.gold else '' }}")]),
        ("https://x.example/" + "{{ 'a' if customer.gold else 'b' }}" * 9,
         [("HB571", "'a' if customer.gold else 'b'")]),
    ],
)  # fmt: skip
def test_what_is_no_address(text: str, found: list[tuple[str, str]]) -> None:
    assert mistakes(text, URL) == found
