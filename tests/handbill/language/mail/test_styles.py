"""CSS is read as far as rules, selectors and addresses go."""

from __future__ import annotations

import pytest

from handbill.language.mail.styles import (
    css_addresses,
    has_dark_mode,
    inline_styles,
    structural_selector,
    top_rules,
    wrong_brace,
)


def test_rules_outside_media() -> None:
    css = (
        "@charset 'x'; a { color: red } /* b { } */ @media (x) { c { d: e } f { } }"
        " g, h > i { content: '}' } @font-face { src: url(x) }"
    )
    assert [(rule.selector, rule.block) for rule in top_rules(css)] == [
        ("a", "color: red"),
        ("g, h > i", "content: '}'"),
    ]


@pytest.mark.parametrize("css", ["", "a", "a {", "} a { b: c", "@import 'x'", "/* a { b: c }"])
def test_broken_css_has_no_more_rules_than_it_shows(css: str) -> None:
    assert list(top_rules(css)) == []


@pytest.mark.parametrize(
    ("css", "at"),
    [
        ("a { b: c }", None),
        ("@media (x) { a { b: c } }", None),
        ("a { content: '{' } /* { */ b\\{ { c: d }", None),
        ("{" * 8 + "}" * 8, None),
        ("", None),
        ("a { b: c", 2),
        ("@media (x) { a { b: c }", 11),
        ("a { b: c } }", 11),
        ("/* } */ a }", 10),
        ("{" * 9 + "}" * 9, 8),
        ("a{" * 400, 17),
    ],
)
def test_braces_without_their_other_half(css: str, at: int | None) -> None:
    wrong = wrong_brace(css)
    assert (wrong.at if wrong else None) == at


@pytest.mark.parametrize(
    "selector",
    ["p:first-child", "li:NTH-CHILD(2n+1)", "p + p", "h1 ~ p", "p:only-of-type", "td:empty",
     "div:has(> p)", "p:not(:last-child)"],
)  # fmt: skip
def test_structural_selectors(selector: str) -> None:
    assert structural_selector(f"a {{ }} {selector} {{ b: c }}") == selector
    assert structural_selector(f"@media (x) {{ {selector} {{ b: c }} }}") is None


@pytest.mark.parametrize(
    "selector", ["p", ".a > .b c", "a:hover", "a[title='x + y ~ z']", "*", "a::before"]
)
def test_other_selectors(selector: str) -> None:
    assert structural_selector(f"{selector} {{ b: c }}") is None


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a { background: url(https://x.example/a.png) }", ("https://x.example/a.png",)),
        ("a { background: URL( 'b c' ), url(\"d\") }", ("b c", "d")),
        ("@import 'e'; @import url(f);", ("e", "f")),
        (r"a { background: u\72l(g) }", ("g",)),
        (r"a { background: \75 rl(h) }", ("h",)),
        ("a { background: u/**/rl(i) }", ("i",)),
        ("a { background: image-set('j' 1x) }", ("j",)),
        ("@font-face { src: src('k') }", ("k",)),
        ("a { background: url(l", ("l",)),
        ("a { background: url(" + " " * 200_000, ("",)),
        ("a { color: red }", ()),
        (r"a { background: \110000 url(m) \d800 }", ("m",)),
    ],
)
def test_addresses(css: str, expected: tuple[str, ...]) -> None:
    assert css_addresses(css) == expected


def test_dark_mode() -> None:
    assert has_dark_mode("@media (Prefers-Color-Scheme: dark) { }")
    assert not has_dark_mode("/* prefers-color-scheme */ a { }")


def test_rules_are_written_into_tags_and_stay() -> None:
    html = "<html><head><style>p{color:red}a:hover{x:y}</style></head><body><p>a</p></body></html>"
    made = inline_styles(html)
    assert '<p style="color: red;">a</p>' in made
    assert "<style>p{color:red}a:hover{x:y}</style>" in made


def test_only_further_rules_where_they_are_given() -> None:
    html = "<html><head><style>p{color:red}</style></head><body><p>a</p></body></html>"
    assert '<p style="margin: 0;">' in inline_styles(html, "p { margin: 0 }")


def test_nothing_is_fetched() -> None:
    """A closed port would fail loudly."""
    html = '<html><head><link rel="stylesheet" href="http://127.0.0.1:9/a.css"></head><body>b</body></html>'
    assert 'href="http://127.0.0.1:9/a.css"' in inline_styles(html)
