"""Which constants may stand in links and styles."""

from __future__ import annotations

import pytest

from handbill.language.html.addresses import (
    is_complete_address,
    is_style_value,
    percent_encoded,
    refused_scheme,
)


@pytest.mark.parametrize(
    ("address", "scheme"),
    [
        ("https://x.example", None),
        ("/shop", None),
        ("#top", None),
        ("mailto:a@x.example", None),
        ("tel:+1", None),
        ("", None),
        ("javascript:alert(1)", "javascript"),
        ("JaVaScRiPt:x", "javascript"),
        (" \tjava\nscript:x", "javascript"),
        ("data:text/html,x", "data"),
        ("vbscript:x", "vbscript"),
        ("x.example:80/a", "x.example"),
    ],
)
def test_schemes_of_a_mail(address: str, scheme: str | None) -> None:
    assert refused_scheme(address) == scheme


def test_constants_are_percent_encoded_once() -> None:
    assert percent_encoded("Fresh Fields é") == "Fresh%20Fields%20%C3%A9"
    assert percent_encoded("https://x.example/a?b=c&d=%20#e") == "https://x.example/a?b=c&d=%20#e"


@pytest.mark.parametrize(
    "text",
    [
        "#1a7f37",
        "16px",
        "rgba(0, 0, 0, .5)",
        "Georgia, 'Times New Roman', serif",
        "50%",
        "bold",
        "",
    ],
)
def test_plain_style_values(text: str) -> None:
    assert is_style_value(text)


@pytest.mark.parametrize(
    "text",
    ["red; x: y", "url(x)", "URL (x)", "a}b", "a{", "\\65", "/* x", "</style>", "it's", "expression(x)",
     "é", "a)", "@import"],
)  # fmt: skip
def test_what_is_no_style_value(text: str) -> None:
    assert not is_style_value(text)


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("https://x.example", True),
        ("https://x.example/a?b#c", True),
        ("freshfields://cart", True),
        ("x.example", False),
        ("/shop", False),
        ("https://", False),
        ("https://x.example/a b", False),
        ("javascript://x/%0aalert(1)", False),
        ("file:///etc", False),
        ("", False),
    ],
)
def test_complete_addresses(text: str, complete: bool) -> None:
    assert is_complete_address(text) is complete
