"""What an MJML attribute's value may be: a colour, sizes, an address, a word, a text.

The converter copies most values into styles and computes column widths from others, so all but texts,
addresses and colours are constants, and each is held to its own form.
"""

from __future__ import annotations

import re
from enum import StrEnum

from handbill.language.html.addresses import is_style_value


class ValueKind(StrEnum):
    """TEXT takes any hole; ADDRESS what an address takes; COLOR a choice between constants; the
    others constants only."""

    TEXT = "a text"
    ADDRESS = "an address"
    COLOR = "a colour"
    SIZE = "a size"
    CSS = "a CSS value"
    WORD = "a word"
    PICTURE = "the address of a picture"
    """An address that the converter writes into a style as well."""


_TEXTS = frozenset({"alt", "title", "icon-wrapped-alt", "icon-unwrapped-alt"})
_ADDRESSES = frozenset({"href", "src", "srcset", "thumbnails-src"})
_PICTURES = frozenset(
    {"background-url", "icon-wrapped-url", "icon-unwrapped-url", "left-icon", "right-icon"}
)
_SIZES = frozenset(
    {
        "background-height", "background-width", "border-radius", "cellpadding", "cellspacing",
        "font-size", "height", "icon-height", "icon-padding", "icon-size", "icon-width",
        "inner-border-radius", "inner-padding", "letter-spacing", "line-height", "max-height",
        "padding", "padding-bottom", "padding-left", "padding-right", "padding-top",
        "tb-border-radius", "tb-width", "text-padding", "width", "border-width",
    }
)  # fmt: skip
_CSS = frozenset(
    {
        "background-position", "background-position-x", "background-position-y",
        "background-size", "border", "border-bottom", "border-left", "border-right", "border-top",
        "font-family", "inner-border", "sizes", "tb-border", "text-decoration",
    }
)  # fmt: skip

_LENGTH = r"(?:-?(?:\d{1,4}(?:\.\d{1,4})?|\.\d{1,4})(?:px|%|em|rem|pt)?|auto|normal)"
_SIZE = re.compile(rf"{_LENGTH}(?: {_LENGTH}){{0,3}}\Z")
_COLOR = re.compile(
    r"(?:#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]{3,24}|(?:rgb|rgba|hsl|hsla)\([0-9a-z.,% /]+\))\Z",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z0-9_.\- ]*\Z")
_LARGEST = 2_000

EXAMPLES = {
    ValueKind.COLOR: "#1a7f37",
    ValueKind.SIZE: "16px, 50% or 10px 25px; at most 2000px",
    ValueKind.CSS: "a plain value: 1px solid #ddd, or a list of fonts",
    ValueKind.WORD: "letters, digits, - and _",
}


def value_kind(attribute: str) -> ValueKind:
    """By the attribute's name: it means the same on every tag."""
    if attribute in _TEXTS:
        return ValueKind.TEXT
    if attribute in _ADDRESSES:
        return ValueKind.ADDRESS
    if attribute in _PICTURES:
        return ValueKind.PICTURE
    if attribute.endswith("color"):
        return ValueKind.COLOR
    if attribute in _SIZES:
        return ValueKind.SIZE
    return ValueKind.CSS if attribute in _CSS else ValueKind.WORD


def fits(kind: ValueKind, value: str) -> bool:
    """Whether a constant is a value of its kind; texts and addresses are judged elsewhere."""
    match kind:
        case ValueKind.TEXT | ValueKind.ADDRESS:
            return True
        case ValueKind.PICTURE:
            return not set(value) & set("'\"()\\\t\n")
        case ValueKind.COLOR:
            return _COLOR.match(value) is not None
        case ValueKind.SIZE:
            numbers = re.findall(r"\d+(?:\.\d+)?", value)
            return _SIZE.match(value) is not None and all(float(n) <= _LARGEST for n in numbers)
        case ValueKind.CSS:
            return is_style_value(value) and ";" not in value
        case ValueKind.WORD:
            return _WORD.match(value) is not None
