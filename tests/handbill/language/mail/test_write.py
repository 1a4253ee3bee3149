"""MJML in the one form that the converter reads as it is meant."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from mail_world import column, document, html, words
from mjml import mjml2html

from handbill.language.mail.settings import MailSettings
from handbill.language.mail.tree import Element, parse_mjml
from handbill.language.mail.write import PREVIEW_PADDING, write_mjml


def written(source: str) -> str:
    (root,) = [each for each in parse_mjml(source, "hb").roots if isinstance(each, Element)]
    return write_mjml(root, (), "hb", {}).text


AWKWARD = [
    "नमस्ते",
    "a\u00a0b",
    "😀",
    "tab\there",
    "back\\slash",
    'a "b" <c> & d',
    "é",
    "\u2028",
    "'",
    "{x}",
]


@pytest.mark.parametrize("value", AWKWARD)
def test_attributes_survive_the_converter(value: str) -> None:
    """Plain, the converter writes some of these as `\\u{94d}`: the escape is not for show."""
    escaped = value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    source = column(f'<mj-image alt="{escaped}" src="https://fresh.example/a.png" />')
    seen = Alternatives()
    seen.feed(html(source))
    assert seen.found == [value]
    source = words(f'<span title="{escaped}">x</span>')
    seen = Alternatives()
    seen.feed(html(source))
    assert seen.found == [value]


class Alternatives(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("alt", "title")]


def test_the_converter_still_needs_that() -> None:
    """If this fails, the converter has learnt to write attributes, and `_ascii` may go."""
    made = mjml2html(words('<span title="नमस्ते">x</span>'))
    assert "नमस्ते" not in made and "\\u{" in made


def test_words_keep_their_references_and_their_bare_signs() -> None:
    assert "&copy; &amp; a &lt; b & c é" in html(words("&copy; &amp; a < b & c é"))


def test_the_authors_comments_are_gone() -> None:
    assert "secret" not in html(words("a<!-- secret -->b") + "<!-- secret -->")
    assert "ab" in html(words("a<!-- secret -->b"))


def test_white_space_between_tags_is_gone_and_in_text_stays() -> None:
    assert written("<mjml> <mj-body> \n </mj-body></mjml>") == "<mjml><mj-body></mj-body></mjml>"
    assert "<mj-raw> a <b> </b></mj-raw>" in written(document("<mj-raw> a <b> </b></mj-raw>"))


def test_rows_get_a_body() -> None:
    loop = "{% for d in customer.favorites %}<tr><td>{{ d }}</td></tr>{% endfor %}"
    made = html(column(f"<mj-table>{loop}</mj-table>"), favorites=("a", "b"))
    assert "<tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody>" in made
    made = html(words(f"<table>{loop}</table>"), favorites=())
    assert "<table><tbody></tbody></table>" in made


def test_constants_are_in_place_before_the_converter_counts() -> None:
    section = (
        "<mj-section>{% for p in params.products %}"
        '<mj-column width="{{ 100 - 70 }}%"><mj-text>{{ p.name }}</mj-text></mj-column>'
        "{% endfor %}</mj-section>"
    )
    assert html(document(section)).count("mj-column-per-30") >= 2


def test_a_picture_of_the_background_keeps_its_address_in_the_style() -> None:
    made = html(document('<mj-section background-url="{{ brand.site }}/a b.png"></mj-section>'))
    assert "url('https://fresh.example/a%20b.png')" in made.replace("&#39;", "'")
    assert 'background="https://fresh.example/a%20b.png"' in made


def test_the_preview_is_padded() -> None:
    source = words("First words", "<mj-preview>{{ customer.name }} & more</mj-preview>")
    made = html(source, name="A<b>").partition("First words")[0]
    hidden = made[made.index("display:none") :]
    assert "A&lt;b&gt; & more" in hidden
    assert hidden.count("\u034f") + hidden.count("&#847;") == PREVIEW_PADDING.count("&#847;") == 100


def test_language_and_direction() -> None:
    assert '<html lang="en-US" dir="ltr"' in html(words("x"), MailSettings(locale="en-US"))
    assert '<html lang="ar" dir="rtl"' in html(words("x"), MailSettings(locale="ar"))
    own = words("x").replace("<mjml>", '<mjml lang="es">')
    assert '<html lang="es" dir="rtl"' in html(own, MailSettings(locale="he"))
