"""What becomes of MJML, and of a converter that fails."""

from __future__ import annotations

import pytest
from mail_world import html, words

from handbill.language.mail.convert import (
    NotConverted,
    convert_mjml,
    inlined,
    turns_bare,
    turns_in_comments,
)
from handbill.language.mail.write import MjmlText


def test_turns_are_comments_and_back() -> None:
    marked = "<table>hb0o<tr><td>hb1p</td></tr>hb2n hb12c</table>"
    commented = turns_in_comments(marked, "hb")
    assert commented == ("<table><!--hb0o--><tr><td>hb1p</td></tr><!--hb2n--> <!--hb12c--></table>")
    assert turns_bare(commented, "hb") == marked


def test_what_the_converter_refuses_is_told() -> None:
    with pytest.raises(NotConverted, match="root template"):
        convert_mjml(MjmlText("<mjml><mj-body>", ""), "hb")


def test_a_converter_that_panics_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As the converter's own language raises it."""

    def panic(*_: object, **__: object) -> str:
        raise PanicException("index out of bounds")

    monkeypatch.setattr("handbill.language.mail.convert.mjml2html", panic)
    with pytest.raises(NotConverted, match="index out of bounds"):
        convert_mjml(MjmlText("<mjml><mj-body></mj-body></mjml>", ""), "hb")

    def stop(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("handbill.language.mail.convert.mjml2html", stop)
    with pytest.raises(KeyboardInterrupt):
        convert_mjml(MjmlText("<mjml><mj-body> </mj-body></mjml>", ""), "hb")


def test_no_web_font_is_asked_for() -> None:
    made = html(words("x"))
    assert "fonts.googleapis.com" not in made and "@import" not in made
    assert "Ubuntu" in made  # its name stays, as the first of a list


def test_what_a_mail_program_is_told() -> None:
    made = html(words("x"))
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in made
    assert '<meta name="color-scheme" content="light only">' in made
    dark = "<mj-style>@media (prefers-color-scheme: dark) { a { color: red } }</mj-style>"
    made = html(words("x", dark))
    assert '<meta name="color-scheme" content="light dark">' in made
    assert '<meta name="supported-color-schemes" content="light dark">' in made


def test_styles_are_written_into_tags_but_not_mjmls_own() -> None:
    made = html(
        words("<p>a</p>", "<mj-style>p { color: red } @media (x) { p { top: 0 } }</mj-style>")
    )
    assert '<p style="color: red;">a</p>' in made
    assert "@media (x) { p { top: 0 } }" in made
    assert "margin: 13px 0" not in made.partition("<body")[2]
    inline = html(words("<p>a</p>", '<mj-style inline="inline">p { color: red }</mj-style>'))
    assert '<p style="color: red;">a</p>' in inline and "p { color: red }" not in inline


def test_a_moved_mark_is_noticed() -> None:
    html = "<html><body>hb0p<table><tr><td>hb1p</td></tr>hb2p</table></body></html>"
    with pytest.raises(NotConverted) as refusal:
        inlined(html, "hb", "a{b:c}")
    assert refusal.value.mark == 2
    style = "<html><head><style>a{color:hb0p}</style></head><body><a>hb1p</a></body></html>"
    assert inlined(style, "hb").count("hb0p") == 2
