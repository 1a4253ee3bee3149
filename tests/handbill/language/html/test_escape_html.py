"""Every hole is escaped for where it stands, or refused; hostile values stay inert."""

from __future__ import annotations

import html5lib
import pytest
from template_world import UNSUBSCRIBE, message, mistakes, ops_of, render

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><script>x</script>",
    "--><script>x</script>",
    "&lt;b&gt;",
    "<![CDATA[<b>]]>",
    "javascript:alert(1)",
    "{{ 7*7 }}",
    "\u2028</p>",
    "<" * 5 + ">" * 5,
]
PAGE = (
    '<!DOCTYPE html><html><head><title>{{ customer.name }}</title></head><body><p title="{{'
    ' customer.name }}">a {{ customer.name }} z</p><textarea>{{ customer.name }}</textarea>'
    "</body></html>"
)


@pytest.mark.parametrize("value", HOSTILE)
def test_values_never_become_markup(value: str) -> None:
    """html5lib's whole parser reads the page: the same elements, and the value as text."""
    tree = html5lib.parse(render(PAGE, name=value), namespaceHTMLElements=False)
    assert [element.tag for element in tree.iter()] == [
        "html", "head", "title", "body", "p", "textarea",
    ]  # fmt: skip
    paragraph = tree.find("body/p")
    assert paragraph.attrib == {"title": value}
    assert paragraph.text == f"a {value} z"
    assert tree.find("head/title").text == value
    assert tree.find("body/textarea").text == value


def test_constants_in_addresses_styles_and_settings() -> None:
    html = (
        '<meta content="{{ tenant.name }}"><style>a{color:{{ brand.color }}}</style>'
        '<a style="font-family:{{ brand.fonts }}" href="{{ brand.site }}/?q={{ tenant.name }}">x</a>'
    )
    assert render(html) == (
        '<html><head><meta content="Fresh &amp; Fields"><style>a{color:#1a7f37}</style></head><body>'
        '<a style="color: #1a7f37;font-family: Georgia, &#39;Times New Roman&#39;, serif"'
        ' href="https://fresh.example/?q=Fresh%20&amp;%20Fields">x</a></body></html>'
    )


def test_choices_of_constants_may_depend_on_the_customer() -> None:
    html = (
        "<p style=\"color:{{ 'gold' if customer.gold else 'gray' }}\">"
        "<a href=\"{{ brand.site }}/{{ 'à' if customer.gold else 'b' }}\">x</a></p>"
    )
    assert render(html) == '<p style="color:gold"><a href="https://fresh.example/%C3%A0">x</a></p>'
    assert render(html, gold=False) == (
        '<p style="color:gray"><a href="https://fresh.example/b">x</a></p>'
    )


def test_generated_links_are_whole() -> None:
    html = '<a href="{{ unsubscribe_url }}">x</a> {{ unsubscribe_url }}'
    escaped = UNSUBSCRIBE.replace("&", "&amp;")
    assert render(html) == f'<a href="{escaped}">x</a> {escaped}'
    assert mistakes('<a href="{{ unsubscribe_url }}&a=b">x</a>') == [("HB571", "unsubscribe_url")]


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<script>{{ customer.name }}</script>", "HB560"),
        ("<script>{{ tenant.name }}</script>", "HB560"),
        ("<style>{{ customer.name }}</style>", "HB560"),
        ('<p style="color:{{ customer.name }}">a</p>', "HB560"),
        ('<p onclick="{{ customer.name }}">a</p>', "HB560"),
        ('<meta content="{{ customer.name }}">', "HB560"),
        ("<!-- {{ customer.name }} -->", "HB560"),
        ("<{{ customer.name }}>", "HB560"),
        ("<p {{ customer.name }}>a</p>", "HB560"),
        ("<p title={{ customer.name }}>a</p>", "HB561"),
        ("<p title='{{ customer.name }}'>a</p>", "HB561"),
        ('<a href="{{ customer.name }}">a</a>', "HB571"),
        ('<a href="#{{ customer.name }}">a</a>', "HB571"),
        ('<a href="/p/{{ customer.name }}">a</a>', "HB571"),
        ('<a href="//x.example/{{ customer.name }}">a</a>', "HB571"),
        ('<a href="https://{{ customer.name }}/">a</a>', "HB571"),
        ('<a href="https://{{ customer.name }}.x.example/">a</a>', "HB571"),
        ('<a href="https://x.example{{ customer.name }}">a</a>', "HB571"),
        ('<a href="https://x.example:{{ customer.orders }}/">a</a>', "HB571"),
        ('<a href="https://a@{{ customer.name }}/">a</a>', "HB571"),
        ('<a href="https://a@x.example/{{ customer.name }}">a</a>', "HB571"),
        ('<a href="https:{{ customer.name }}">a</a>', "HB571"),
        ('<a href="https:x.example/{{ customer.name }}">a</a>', "HB571"),
        ('<a href="http://x.example/{{ customer.name }}">a</a>', "HB571"),
        ('<a href="mailto:{{ customer.name }}">a</a>', "HB571"),
        ('<a href="tel:{{ customer.name }}">a</a>', "HB571"),
        ('<a href="app://x/{{ customer.name }}">a</a>', "HB571"),
        ('<a href="https://x.example/%{{ customer.name }}">a</a>', "HB571"),
        ('<a href="https://x.example/?a=%2{{ customer.name }}">a</a>', "HB571"),
        ('<img srcset="https://x.example/{{ customer.name }} 2x">', "HB569"),
        ('<a ping="https://x.example/{{ customer.name }}">a</a>', "HB569"),
        ('<link href="https://x.example/{{ customer.name }}">', "HB569"),
        ('<p style="background:url(https://x.example/{{ customer.name }})">a</p>', "HB560"),
        ("<a href='https://x.example/{{ customer.name }}'>a</a>", "HB561"),
        ("<a href=https://x.example/{{ customer.name }}>a</a>", "HB561"),
        ("<p>https://x.example{{ customer.name }}</p>", "HB567"),
        ("<p>{{ customer.name }}://x.example</p>", "HB567"),
    ],
)
def test_where_nothing_may_stand(html: str, code: str) -> None:
    under = "tenant.name" if "tenant" in html else "customer.name"
    if "orders" in html:
        under = "customer.orders"
    assert mistakes(html) == [(code, under)]


@pytest.mark.parametrize(
    ("html", "name", "written"),
    [
        ('<a href="https://x.example/p/{{ customer.name }}">a</a>', "a/b c&é",
         '<a href="https://x.example/p/a%2Fb%20c%26%C3%A9">a</a>'),
        ('<a href="{{ brand.site }}/{{ customer.name }}/x">a</a>', "..",
         '<a href="https://fresh.example/__/x">a</a>'),
        ('<a href="{{ brand.site }}/p-{{ customer.name }}">a</a>', "..",
         '<a href="https://fresh.example/p-..">a</a>'),
        ('<a href="{{ brand.site }}/{{ customer.name }}{{ customer.name }}">a</a>', ".",
         '<a href="https://fresh.example/_.">a</a>'),
        ('<a href="{{ brand.site }}/%2e{{ customer.name }}">a</a>', ".",
         '<a href="https://fresh.example/%2e_">a</a>'),
        ('<a href="{{ brand.site }}?a={{ customer.name }}&amp;b=1#{{ customer.name }}">a</a>', "&b#",
         '<a href="https://fresh.example?a=%26b%23&amp;b=1#%26b%23">a</a>'),
        ("<a href=\"{{ brand.site ~ '/p/' ~ customer.name }}\">a</a>", "/",
         '<a href="https://fresh.example/p/%2F">a</a>'),
        ("<a href=\"{{ 'https://a.example/' if customer.gold else brand.site ~ '/b/' }}"
         '{{ customer.name }}">a</a>', "/", '<a href="https://a.example/%2F">a</a>'),
        ('<img src="https:\\\\x.example\\{{ customer.name }}.png">', "\\",
         '<img src="https:\\\\x.example\\%5C.png">'),
        ('<table background="https://x.example/{{ customer.name }}"></table>', '"',
         '<table background="https://x.example/%22"></table>'),
        ('<!--[if mso]><v:rect href="https://x.example/{{ customer.name }}"/><![endif]-->', "-->",
         '<!--[if mso]><v:rect href="https://x.example/--%3E"/><![endif]-->'),
        ("<p>https://x.example/p/{{ customer.name }} and {{ customer.name }}</p>", "<&>",
         "<p>https://x.example/p/%3C%26%3E and &lt;&amp;&gt;</p>"),
        ("<p>https://x.example/?a=1&amp;b={{ customer.name }}&nbsp;{{ customer.name }}</p>", "&",
         "<p>https://x.example/?a=1&amp;b=%26&nbsp;&amp;</p>"),
        ("<p>https://x.example/<b>{{ customer.name }}</b></p>", "&",
         "<p>https://x.example/<b>&amp;</b></p>"),
    ],
)  # fmt: skip
def test_values_in_addresses(html: str, name: str, written: str) -> None:
    assert render(html, name=name) == written


def test_a_tail_that_an_entity_would_finish() -> None:
    assert mistakes('<p title="&#{{ customer.orders }};">a</p>') == [("HB578", "&#")]
    assert (
        mistakes("<p>&l{% if customer.gold %}{{ customer.name }}{% endif %}</p>")[0][0] == "HB578"
    )
    assert render("<p>&amp;{{ customer.name }} &copy; {{ customer.name }}</p>", name="lt;") == (
        "<p>&amp;lt; &copy; lt;</p>"
    )


def test_a_reference_that_spells_a_mark() -> None:
    """The decoded value of an attribute never stands for other holes than its text does."""
    html = '<a href="https://x.example/&#104;b0p{{ customer.name }}">a</a>'
    assert mistakes(html) == [("HB571", "customer.name")]


def test_links_in_sets_are_not_seen_through() -> None:
    html = (
        "{% set link = brand.site ~ '/p/' ~ customer.name %}"
        "{% set said = 'See https://x.example/ for ' ~ customer.name %}<p>{{ said }} {{ link }}</p>"
    )
    assert mistakes(html) == [("HB579", "brand.site ~ '/p/' ~ customer.name")]


def test_values_in_comments_for_outlook() -> None:
    html = '<!--[if mso]><td title="{{ customer.name }}">{{ customer.name }}</td><![endif]-->'
    assert render(html, name='">--><b>') == (
        '<!--[if mso]><td title="&quot;&gt;--&gt;&lt;b&gt;">"&gt;--&gt;&lt;b&gt;</td><![endif]-->'
    )


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<a href="javascript:x()">a</a>', [("HB575", "javascript:x()")]),
        ('<a href="{{ brand.broken }}">a</a>', [("HB575", "brand.broken")]),
        ("<a href=\"java{{ 'script:' if customer.gold else 'x' }}\">a</a>", [("HB575", "java")]),
        ('<p style="color:{{ brand.odd }}">a</p>', [("HB574", "brand.odd")]),
        ("<style>{{ brand.odd }}</style>", [("HB574", "brand.odd")]),
    ],
)
def test_constants_that_do_harm(html: str, found: list[tuple[str, str]]) -> None:
    assert mistakes(html) == found


def test_messages_say_what_to_type() -> None:
    assert message("<p title={{ customer.name }}>a</p>") == (
        "`customer.name` stands in an attribute without quotes, where a space would end it",
        'title="{{ customer.name }}"',
    )
    assert message('<p style="color:{{ customer.name }}">a</p>') == (
        "`customer.name` is not known before sending, so it cannot stand in `style`, a style attribute",
        "choose between constants: {{ '#b00020' if … else '#1a7f37' }}",
    )


def test_findings_come_in_the_order_of_the_file() -> None:
    html = "<p title={{ customer.name }}>\n<script>{{ customer.name }}</script>\n</b></p>"
    assert [code for code, _ in mistakes(html)] == ["HB561", "HB560", "HB565"]


def test_a_text_in_the_html_never_counts_as_a_mark() -> None:
    assert render("<p>hb0p {{ customer.name }} hb1p</p>") == "<p>hb0p Ann hb1p</p>"
    assert len(ops_of("hb0phb1o")) == 1
