"""What is said of HTML that is out of order: the reason, the other place, what to type."""

from __future__ import annotations

import pytest
from template_world import compiled, message, mistakes


@pytest.mark.parametrize(
    ("html", "says", "hint"),
    [
        ("<div>", "<div> is never closed", "</div>"),
        ("<b></i></b>", "</i> closes nothing: no <i> is open", None),
        ("a</br>", "<br> has no content, so it has no end tag", "remove </br>"),
        ("<p><b>x</p>", "</p> comes while <b> inside it is open", "close it first: </b></p>"),
        ("<div/>", "<div/> does not close itself: to browsers it stays open", "<div></div>"),
        ("{% if customer.gold %}<p>{% endif %}", "<p> is opened in one branch and not closed there",
         "add </p>, or move <p> out"),
        ("<p>{% if customer.gold %}</p>{% endif %}",
         "</p> closes in one branch what was opened outside", "move </p> out"),
        ("<title>{{ tenant.name }} < x</title>", "a `<` inside <title> may end it", "&lt;"),
        ("<p title=\"x>{{ tenant.name }}", "a value in this tag is never finished: its `\"` is missing",
         None),
        ("<!-- x", "this comment is never finished: its `-->` is missing", None),
        ("<p class='a' class='b'>x</p>",
         "this tag has the same attribute twice: only the first counts", None),
        ("<div {% if customer.gold %}class='x'{% endif %}>a</div>",
         "`if` cannot stand in the middle of a tag",
         "class=\"{{ 'x' if customer.gold else '' }}\""),
        ("<p class=\"{% if customer.gold %}x{% endif %}\">a</p>",
         "`if` cannot stand in `class`, an attribute", "{{ 'x' if customer.gold else '' }}"),
        ("<p class=\"{% if customer.gold %}{{ customer.name }}{% else %}it's{% endif %}\">a</p>",
         "`if` cannot stand in `class`, an attribute", "{{ '…' if customer.gold else '…' }}"),
        ("<p {% if customer.gold %}a='1'{% else %}b='2'{% endif %}>a</p>",
         "`if` cannot stand in the middle of a tag", "name=\"{{ '1' if customer.gold else '2' }}\""),
        ("<p class=\"{% for f in customer.favorites %}x{% endfor %}\">a</p>",
         "`for` cannot stand in `class`, an attribute", "put the loop around the element"),
        ("<a href='https://x.example/{{ tenant.name }}'>a</a>",
         "`tenant.name` stands in single quotes: only double quotes are safe here",
         'href="https://x.example/{{ tenant.name }}"'),
        ("<a href='https://x.example/{{ customer.id }}'>a</a>",
         "`customer.id` stands in single quotes: only double quotes are safe here",
         'href="https://x.example/{{ customer.id }}"'),
        ('<a href="{{ customer.id }}">a</a>',
         "`customer.id` begins an address, so it would decide where the address leads",
         "write the domain out: {{ brand.site }}/{{ customer.id }}"),
        ('<img srcset="https://x.example/{{ customer.id }} 2x">',
         "`customer.id` is not known before sending, and `srcset` takes constants only",
         "write it out, or put the value into the `src` or `href` of an image or link"),
        ('<link href="https://x.example/{{ customer.id }}">',
         "`customer.id` is not known before sending, and `href` of <link> takes constants only",
         "write it out, or put the value into the `src` or `href` of an image or link"),
        ("<p>AT&{{ customer.name }}</p>",
         "`&` and the value after it may be read as one character", "&amp;"),
        ("<!--[if mso]>{{ customer.name }}><![endif]-->",
         "a value that ends with dashes would end this comment for Outlook at the `>`",
         "write &gt; for the `>`"),
        ('<p onclick="x()">a</p>',
         "a mail cannot have `onclick`: mail programs drop what runs code", "remove `onclick`"),
        ("<!--[if mso]><td><![endif]-->", "<td> is never closed, as Outlook reads it", "</td>"),
    ],
)  # fmt: skip
def test_messages(html: str, says: str, hint: str | None) -> None:
    assert message(html) == (says, hint)


def test_the_other_place_is_shown() -> None:
    (found,) = compiled("<p>\n{% if customer.gold %}\n<b>\n{% endif %}</b></p>").diagnostics
    assert [(each.message, str(each.range)) for each in found.related] == [
        ("the `if` starts here", "t/main.html:2:1")
    ]
    (found,) = compiled("<p>\n<b>\n</p>").diagnostics
    assert [(each.message, str(each.range)) for each in found.related] == [
        ("<b> is still open", "t/main.html:2:1")
    ]
    (found,) = compiled("<p>{% for f in customer.favorites %}</p>{% endfor %}").diagnostics
    assert [each.message for each in found.related] == ["<p> is opened here, outside the branch"]


def test_only_the_first_disorder_is_reported() -> None:
    assert mistakes("<p><b>x</p></i></div>") == [("HB565", "</p>")]


def test_a_misplaced_if_is_reported_once_and_alone() -> None:
    html = '<p {% if customer.gold %}a="x"{% elif customer.orders > 1 %}b="y"{% endif %}>a</p>'
    assert mistakes(html) == [("HB563", "{% if customer.gold %}")]
