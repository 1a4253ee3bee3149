"""Links to the retailer's own domains carry its parameters, once, and nothing else is changed."""

from __future__ import annotations

import pytest
from mail_world import UTM, column, findings, html, mail, text, words
from template_world import SCOPE, UNSUBSCRIBE, Templates, run

from handbill.language.mail.settings import LinkTags, MailSettings
from handbill.language.template import TemplateKind, compile_template
from handbill.source.text import SourceText

TAGGED = MailSettings(tags=UTM)
TAIL = "utm_campaign=soup%20%26%20more&amp;utm_source=mail"


def link(address: str, **customer: object) -> str:
    """What becomes of an address in `<a href>`."""
    made = html(f'<a href="{address}">x</a>', TAGGED, file="main.html", **customer)
    return made.removeprefix('<a href="').removesuffix('">x</a>')


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://fresh.example", f"https://fresh.example?{TAIL}"),
        ("https://fresh.example/a", f"https://fresh.example/a?{TAIL}"),
        ("https://shop.fresh.example/a", f"https://shop.fresh.example/a?{TAIL}"),
        ("HTTPS://FRESH.example/a", f"HTTPS://FRESH.example/a?{TAIL}"),
        ("https://fresh.example/a?b=c", f"https://fresh.example/a?b=c&amp;{TAIL}"),
        ("https://fresh.example/a?b=c&amp;", f"https://fresh.example/a?b=c&amp;{TAIL}"),
        ("https://fresh.example/a?", f"https://fresh.example/a?{TAIL}"),
        ("https://fresh.example/a#top", f"https://fresh.example/a?{TAIL}#top"),
        ("https://fresh.example/a?b#top?x", f"https://fresh.example/a?b&amp;{TAIL}#top?x"),
        ("https://fresh.example/a?b=&#38;c#d", f"https://fresh.example/a?b=&#38;c&amp;{TAIL}#d"),
        ("https://fresh.example/?utm_source=own", "https://fresh.example/?utm_source=own&amp;utm_campaign=soup%20%26%20more"),
        (f"https://fresh.example/?{TAIL}", f"https://fresh.example/?{TAIL}"),
        ("{{ brand.site }}", f"https://fresh.example?{TAIL}"),
        ("{{ brand.site }}/a#b", f"https://fresh.example/a?{TAIL}#b"),
        ("{{ brand.site ~ '/a#b' }}", f"https://fresh.example/a?{TAIL}#b"),
        ("{{ brand.site }}{{ '/a?b=c#d' }}", f"https://fresh.example/a?b=c&amp;{TAIL}#d"),
        ("{{ brand.site }}/p/{{ customer.id }}", f"https://fresh.example/p/c1?{TAIL}"),
        ("{{ brand.site }}/?q={{ customer.name }}", f"https://fresh.example/?q=Ann&amp;{TAIL}"),
        ("{{ brand.site }}/?q={{ customer.name }}#x", f"https://fresh.example/?q=Ann&amp;{TAIL}#x"),
        ("{{ brand.site }}/{{ 'a' if customer.gold else 'b' }}", f"https://fresh.example/a?{TAIL}"),
        ("{{ 'https://fresh.example/a' if customer.gold else 'https://fresh.example/b?c#d' }}", f"https://fresh.example/a?{TAIL}"),
        ("{{ unsubscribe_url }}", UNSUBSCRIBE.replace("&", "&amp;")),
        ("https://other.example/a", "https://other.example/a"),
        ("https://notfresh.example/a", "https://notfresh.example/a"),
        ("https://fresh.example.evil.example/", "https://fresh.example.evil.example/"),
        ("mailto:a@fresh.example", "mailto:a@fresh.example"),
        ("#top", "#top"),
        ("", ""),
    ],
)  # fmt: skip
def test_addresses(address: str, expected: str) -> None:
    assert link(address) == expected


def test_choices_of_whole_addresses_are_tagged_each() -> None:
    address = "{{ 'https://fresh.example/b?c#d' if customer.gold else 'https://other.example/' }}"
    assert link(address) == f"https://fresh.example/b?c&amp;{TAIL}#d"
    assert link(address, gold=False) == "https://other.example/"


def test_a_choice_with_a_query_of_its_own_is_warned_of() -> None:
    source = "<a href=\"{{ brand.site }}{{ '/a?b' if customer.gold else '/c' }}\">x</a>"
    assert findings(source, TAGGED, file="main.html") == [
        ("HB595", "'/a?b' if customer.gold else '/c'")
    ]
    assert html(source, TAGGED, file="main.html") == '<a href="https://fresh.example/a?b">x</a>'


def test_only_links_are_tagged() -> None:
    source = (
        '<img src="https://fresh.example/a.png" alt=""><p title="https://fresh.example/">x</p>'
        '<a name="https://fresh.example/">y</a>'
    )
    assert "utm" not in html(source, TAGGED, file="main.html")


def test_outlooks_own_links_are_tagged() -> None:
    source = '<!--[if mso]><v:roundrect href="https://fresh.example/a"></v:roundrect><![endif]--><b>x</b>'
    made = html(source, TAGGED, file="main.html")
    assert f'href="https://fresh.example/a?{TAIL}"' in made


@pytest.mark.parametrize(
    "content",
    [
        '<mj-button href="{{ brand.site }}/a">Go</mj-button>',
        '<mj-image href="{{ brand.site }}/a" src="https://fresh.example/i.png" alt="Go" />',
        '<mj-navbar><mj-navbar-link href="{{ brand.site }}/a">Go</mj-navbar-link></mj-navbar>',
        '<mj-text><a href="{{ brand.site }}/a">Go</a></mj-text>',
    ],
)
def test_mjml_and_its_text_part_say_the_same(content: str) -> None:
    made = html(column(content), TAGGED)
    assert f'href="https://fresh.example/a?{TAIL}"' in made
    assert made.count("utm_source") == made.count("utm_campaign") == 1
    assert text(column(content), TAGGED) == (
        "Go (https://fresh.example/a?utm_campaign=soup%20%26%20more&utm_source=mail)"
    )


def test_without_parameters_nothing_is_read_anew() -> None:
    source = words('<a href="{{ brand.site }}/a">x</a>')
    assert mail(source, MailSettings(tags=LinkTags((), ("fresh.example",)))) == mail(source)


def plain(source: str, kind: TemplateKind = TemplateKind.TEXT, **customer: object) -> str:
    template = SourceText.of_file("t/a.txt", source)
    result = compile_template(template, SCOPE, kind, Templates({}), mail=TAGGED)
    assert result.ops is not None, result.diagnostics
    return run(result.ops, **customer)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("See https://fresh.example/a.", "See https://fresh.example/a?{}."),
        ("(https://fresh.example/a?b=c)", "(https://fresh.example/a?b=c&{})"),
        ("{{ brand.site }}/a\nnext", "https://fresh.example/a?{}\nnext"),
        ("{{ brand.site }}", "https://fresh.example?{}"),
        ("{% if customer.gold %}https://fresh.example/a{% endif %} b", "https://fresh.example/a?{} b"),
        ("https://other.example/a", "https://other.example/a"),
        ("{{ unsubscribe_url }}", UNSUBSCRIBE),
        ("{{ customer.name }} at fresh.example", "Ann at fresh.example"),
        ("no link", "no link"),
    ],
)  # fmt: skip
def test_plain_text(source: str, expected: str) -> None:
    tail = "utm_campaign=soup%20%26%20more&utm_source=mail"
    assert plain(source) == expected.replace("{}", tail)


def test_a_part_that_is_one_address() -> None:
    made = plain("{{ brand.site }}/a#b", TemplateKind.URL)
    assert made == "https://fresh.example/a?utm_campaign=soup%20%26%20more&utm_source=mail#b"


@pytest.mark.parametrize("quote", ["'", ""])
def test_addresses_without_double_quotes_are_tagged_too(quote: str) -> None:
    made = html(f"<a href={quote}https://fresh.example/a{quote}>x</a>", TAGGED, file="main.html")
    assert made == f"<a href={quote}https://fresh.example/a?{TAIL}{quote}>x</a>"
