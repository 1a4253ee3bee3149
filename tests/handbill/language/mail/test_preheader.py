"""A preheader is hidden, padded, escaped, and placed once."""

from __future__ import annotations

import pytest
from mail_world import NAME, column, findings, html, text, words

from handbill.language.mail.settings import MailSettings
from handbill.plan.ir import Const
from handbill.plan.types import StringType

WITH = MailSettings(preheader=NAME)
NONE = MailSettings(preheader=Const(StringType(0), ""))
PADDING = "\u034f"


def padded(made: str) -> int:
    return made.count(PADDING) + made.count("&#847;")


@pytest.mark.parametrize(
    "source",
    [
        words("First"),
        words("First", "<mj-title>T</mj-title>"),
        words("First", "<mj-preview>{{ preheader }}</mj-preview>"),
        words("First", "<mj-preview>{{ preheader | upper }}</mj-preview>"),
    ],
)
def test_in_mjml(source: str) -> None:
    made = html(source, WITH, name="A<B")
    before = made.partition("First")[0]
    assert "a&lt;b" in before.lower() and "display:none" in before
    assert padded(made) == 100
    assert before.lower().count("a&lt;b") == 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<html><head><title>T</title></head><body class='b'>First</body></html>",
         "<html><head><title>T</title></head><body class='b'><div"),
        ("<p>First</p>", "<div"),
        ("{% if customer.gold %}<p>First</p>{% endif %}", "<div"),
    ],
)  # fmt: skip
def test_in_plain_html(source: str, expected: str) -> None:
    made = html(source, WITH, file="main.html", name="A<B")
    assert made.startswith(expected)
    hidden = made[made.index("<div") : made.index("</div>")]
    assert "display:none" in hidden and ">A&lt;B&#847;" in hidden and padded(hidden) == 100
    assert made.index("</div>") < made.index("First")


def test_a_layout_that_places_it_is_left_alone() -> None:
    source = "<body>{% if customer.gold %}<i>{{ preheader }}</i>{% endif %}{% for d in customer.near %}x{% endfor %}</body>"
    assert html(source, WITH, file="main.html") == "<body><i>Ann</i></body>"


def test_none_is_put_where_there_is_none() -> None:
    assert html("<p>First</p>", NONE, file="main.html") == "<p>First</p>"
    assert "opacity:0" not in html(words("First"), NONE)
    assert findings(words("x", "<mj-preview>Own</mj-preview>"), NONE) == []


def test_a_preview_of_the_templates_own_is_warned_of() -> None:
    own = words("First", "<mj-preview>Own words</mj-preview>")
    assert findings(own, WITH) == [("HB593", "<mj-preview>")]
    assert "Own words" in html(own, WITH) and ">Ann" not in html(own, WITH)


def test_it_is_no_part_of_the_text() -> None:
    assert text(words("First"), WITH) == "First"
    assert text(column("<mj-text>First</mj-text>", "<mj-title>T</mj-title>"), WITH) == "First"
