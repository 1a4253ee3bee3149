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


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        (
            "https://x.example/p/{{ customer.name }}",
            "a/../é",
            "https://x.example/p/a%2F..%2F%C3%A9",
        ),
        ("{{ brand.site }}/{{ customer.name }}/b", "..", "https://fresh.example/__/b"),
        ("{{ brand.site }}/?a={{ customer.name }}", "..&b", "https://fresh.example/?a=..%26b"),
        ("{{ brand.site ~ '/' ~ customer.name }}", "@evil", "https://fresh.example/%40evil"),
    ],
)
def test_values_in_addresses(text: str, name: str, address: str) -> None:
    assert render(text, URL, name=name) == address


@pytest.mark.parametrize("kind", [TEXT, HEADER])
@pytest.mark.parametrize(
    ("text", "name", "written"),
    [
        ("Hi {{ customer.name }}!", "A\n\u202eB\x07", "Hi A B !"),
        ("See {{ brand.site }}/p/{{ customer.name }} now", "a b", "See https://fresh.example/p/a%20b now"),
        ("{{ brand.site }}/{{ customer.name }}", "", "https://fresh.example/_"),
        ("{{ brand.site }}/?q={{ customer.name }}, {{ customer.name }}", "&",
         "https://fresh.example/?q=%26, &"),
        ("www.x.example/{{ customer.name }}", "/", "www.x.example/%2F"),
        ("{{ 'See https://a.example/' ~ customer.name if customer.gold else customer.name }}", "/",
         "See https://a.example/%2F"),
        ("{{ customer.first_name | default('https://a.example/' ~ customer.name) }}", "/", "Ann"),
        ("https://x.example/{% if customer.gold %}g/{% endif %}{{ customer.name }}", "..",
         "https://x.example/g/__"),
        ("https://x.example/{% for f in customer.favorites %}{{ f }}/{% endfor %}{{ customer.name }}",
         ".", "https://x.example/Bakery/Dairy/_"),
        ("{{ unsubscribe_url }}&a={{ customer.name }}", "&", f"{UNSUBSCRIBE}&a=%26"),
        ("https://x.example/?to={{ unsubscribe_url }}", "",
         "https://x.example/?to=https%3A%2F%2Fmail.example%2Fu%3Fc%3D1%26t%3D2"),
        ("Tel:{{ customer.name }} a/{{ customer.name }} x.example/{{ customer.name }}", "1/2",
         "Tel:1/2 a/1/2 x.example/1/2"),
        ("{{ customer.name }} https://x.example/", "a", "a https://x.example/"),
    ],
)  # fmt: skip
def test_values_in_texts(kind: TemplateKind, text: str, name: str, written: str) -> None:
    assert render(text, kind, name=name) == written


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://{{ customer.name }}", [("HB567", "customer.name")]),
        ("https://x.example{{ customer.name }}", [("HB567", "customer.name")]),
        ("www.x{{ customer.name }}.example/", [("HB567", "customer.name")]),
        ("http://x.example/{{ customer.name }}", [("HB567", "customer.name")]),
        ("https://é.example/{{ customer.name }}", [("HB567", "customer.name")]),
        ("https://x.example/%4{{ customer.name }}", [("HB567", "customer.name")]),
        ("mailto:{{ customer.name }}", [("HB567", "customer.name")]),
        ("{{ customer.name }}://x.example/", [("HB567", "customer.name")]),
        ("{{ customer.name }}s://x.example/", [("HB567", "customer.name")]),
        ("{% if customer.gold %}https://x.example/{% endif %}{{ customer.name }}",
         [("HB568", "customer.name")]),
        ("https://x.example{% if customer.gold %}/{% endif %}{{ customer.name }}",
         [("HB567", "customer.name")]),
        ("{% for f in customer.favorites %}{{ f }}https://x.example/{% endfor %}",
         [("HB567", "f"), ("HB568", "f")]),
        ("{{ ('https://x.example/' ~ customer.name) | upper }}",
         [("HB579", "('https://x.example/' ~ customer.name) | upper")]),
        ("{% set a = brand.site ~ '/' ~ customer.name %}{{ a }}",
         [("HB579", "brand.site ~ '/' ~ customer.name")]),
    ],
)  # fmt: skip
def test_where_nothing_may_stand_in_a_text(text: str, found: list[tuple[str, str]]) -> None:
    assert mistakes(text, TEXT) == found


def test_the_author_may_break_lines() -> None:
    text = "{{ customer.favorites | join('\n') }}\n{{ 'a\nb' if customer.gold else customer.name }}"
    assert render(text, TEXT) == "Bakery\nDairy\na\nb"
    assert render("{{ 'a\\nb' if customer.gold else customer.name }}", HEADER) == "a b"


def test_too_many_links() -> None:
    hosts = "{{ 'https://a.example' if customer.gold else 'https://b.example' }}"
    text = f"{hosts}{{{{ '/' if customer.gold else '?' }}}}{{{{ customer.name }}}}"
    assert render(text, TEXT, name="&") == "https://a.example/%26"
    many = "https://x.example" + "{{ 'a' if customer.gold else 'b' }}" * 7
    assert mistakes(many + "/{{ customer.name }}", TEXT) == [("HB567", "customer.name")]
    assert render(many + " {{ customer.name }}", TEXT).endswith(" Ann")


def test_members_of_requests_are_left_to_the_driver() -> None:
    text = "{{ customer.name }}: https://{{ customer.name }}"
    assert render(text, TemplateKind.VALUE, name="a\n\u202e") == "a\n\u202e: https://a\n\u202e"


def test_a_generated_link_is_no_constant() -> None:
    (op,) = ops_of("{{ unsubscribe_url }}", URL)
    assert isinstance(op, Put) and op.escape is Escape.NONE
    assert ops_of("https://x.example", URL) == (Text("https://x.example"),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ customer.name }}", [("HB571", "customer.name")]),
        ("https://{{ customer.name }}", [("HB571", "customer.name")]),
        ("https://x.example{{ customer.name }}", [("HB571", "customer.name")]),
        ("http://x.example/{{ customer.name }}", [("HB571", "customer.name")]),
        ("app://cart/{{ customer.name }}", [("HB571", "customer.name")]),
        ("https://x.example/ {{ customer.name }}",
         [("HB573", "https://x.example/ {{ customer.name }}")]),
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
