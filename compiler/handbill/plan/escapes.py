"""Escaping: what each surrounding of a hole needs, as a map from one character to its spelling.

Every escape but URL_SEGMENT works character by character, so the escape of a concatenation is the
concatenation of the escapes: constants are escaped once, when a function is built. What nobody can see
(control characters, and those that turn the direction of all text after them) never reaches a reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never
from urllib.parse import quote

from handbill.plan.ir import Escape

HTML_TEXT: Mapping[str, str] = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
HTML_ATTRIBUTE: Mapping[str, str] = {**HTML_TEXT, '"': "&quot;", "'": "&#39;", "`": "&#96;"}
"""Double quotes would do; old mail programs write attributes anew with `'` or `` ` `` around them."""

TURNS_TEXT = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Embeddings, overrides and isolates (UAX 9, 2.1–2.5). The marks LRM, RLM and ALM turn nothing else."""
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
"""C0, DEL and C1."""
_LEFT_OUT: Mapping[int, str] = dict.fromkeys(TURNS_TEXT, "")
ONE_LINE: Mapping[int, str] = {**dict.fromkeys((*_CONTROLS, 0x2028, 0x2029), " "), **_LEFT_OUT}
"""The Unicode line and paragraph separators too: what this writes is one line."""
IN_HTML: Mapping[int, str] = {
    **{code: " " for code in _CONTROLS if chr(code) not in "\t\n\r"},
    **_LEFT_OUT,
    0x0D: "&#13;",
}
"""Tabs and line breaks are white space like any other; a bare CR would be read as a line break."""

URL_ESCAPES = frozenset({Escape.URL, Escape.URL_SEGMENT})
"""What these write is letters, digits and `-._~%`: safe in HTML and in plain text as well."""
IN_PLACE_OF_A_DOT = "_"


def html_replacements(escape: Escape) -> Mapping[str, str]:
    """Replacements to make in order (`&` first), then IN_HTML; empty for what is not HTML."""
    match escape:
        case Escape.HTML_TEXT:
            return HTML_TEXT
        case Escape.HTML_ATTRIBUTE:
            return HTML_ATTRIBUTE
        case Escape.NONE | Escape.PLAIN | Escape.HEADER | Escape.URL | Escape.URL_SEGMENT:
            return {}
        case _:
            assert_never(escape)


def escape_text(text: str, escape: Escape) -> str:
    """`text` as it may stand in the surroundings that `escape` names."""
    match escape:
        case Escape.NONE:
            return text
        case Escape.PLAIN | Escape.HEADER:
            return one_line(text)
        case Escape.HTML_TEXT | Escape.HTML_ATTRIBUTE:
            for character, spelling in html_replacements(escape).items():
                text = text.replace(character, spelling)
            return visible(text)
        case Escape.URL:
            return percent_encoded(text)
        case Escape.URL_SEGMENT:
            return path_segment(text)
        case _:
            assert_never(escape)


def one_line(text: str) -> str:
    return text if text.isprintable() else text.translate(ONE_LINE)


def visible(text: str) -> str:
    """Escaped HTML without what cannot be seen."""
    return text if text.isprintable() else text.translate(IN_HTML)


def percent_encoded(text: str) -> str:
    """Everything but RFC 3986's unreserved characters (2.3) as the percent-encoded bytes of UTF-8."""
    return quote(text, safe="", errors="replace")


def path_segment(text: str) -> str:
    """The same for a value that may be all of a path segment: never empty, never `.` or `..`.

    Percent-encoding does not help there: URL parsers take `%2e` for a dot (WHATWG URL, "double-dot URL
    path segment"), and an empty segment makes `//`, which some servers read as the start of a host.
    """
    if text.strip("."):
        return percent_encoded(text)
    return IN_PLACE_OF_A_DOT * max(len(text), 1)
