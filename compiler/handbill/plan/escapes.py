"""Escaping: what each surrounding of a hole needs, as a map from one character to its spelling.

Every escape works character by character, so the escape of a concatenation is the concatenation of
the escapes: constants are escaped once, when a function is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from handbill.plan.ir import Escape

HTML_TEXT: Mapping[str, str] = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
HTML_ATTRIBUTE: Mapping[str, str] = {**HTML_TEXT, '"': "&quot;", "'": "&#39;"}
HEADER: Mapping[int, str] = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), " ")
"""C0, DEL, C1 and the Unicode line and paragraph separators: a header stays one line."""


def html_replacements(escape: Escape) -> Mapping[str, str]:
    """Replacements to make in order (`&` first); empty for the escapes that are not HTML."""
    match escape:
        case Escape.HTML_TEXT:
            return HTML_TEXT
        case Escape.HTML_ATTRIBUTE:
            return HTML_ATTRIBUTE
        case Escape.NONE | Escape.HEADER:
            return {}
        case _:
            assert_never(escape)


def escape_text(text: str, escape: Escape) -> str:
    """`text` as it may stand in the surroundings that `escape` names."""
    if escape is Escape.HEADER:
        return text.translate(HEADER)
    for character, spelling in html_replacements(escape).items():
        text = text.replace(character, spelling)
    return text
