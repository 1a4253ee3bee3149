"""How a scalar is written: texts in quotes, double ones where they can be, apostrophes of SMS plain."""

from __future__ import annotations

import re

from handbill.plan.alphabets import GSM
from handbill.schema.quoting import NEEDS_QUOTES_IN_FLOW
from handbill.source.located import ScalarPosition, ScalarStyle, Value
from handbill.source.yaml_syntax import in_curly_quotes, quote

APOSTROPHES = {"’": "'", "‘": "'"}
"""What word processors make of an apostrophe → what plain SMS has (HB620)."""
_OUTSIDE_HOLES = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_PLAIN = (ScalarStyle.PLAIN, ScalarStyle.FLOW_PLAIN)
_BLOCK = (ScalarStyle.LITERAL, ScalarStyle.FOLDED)


def plain_sms(text: str) -> str:
    """`text` with plain apostrophes, where that makes plain SMS of it; holes are left alone."""
    pieces = _OUTSIDE_HOLES.split(text)
    mended = [piece if at % 2 else _replaced(piece) for at, piece in enumerate(pieces)]
    words = "".join(mended[::2])
    return "".join(mended) if GSM.issuperset(words) else text


def _replaced(text: str) -> str:
    for pasted, plain in APOSTROPHES.items():
        text = text.replace(pasted, plain)
    return text


def written(scalar: ScalarPosition, value: Value, kind: str | None, is_sms: bool) -> str:
    """The scalar's source as it should be; several lines only where it had several."""
    source = scalar.source
    if not isinstance(value, str) or scalar.style in _BLOCK:
        return _mended_block(source) if is_sms and scalar.style in _BLOCK else source
    wanted = plain_sms(value) if is_sms else value
    if "\n" in source or "\n" in wanted or not wanted.isprintable():
        return source
    if wanted != value:
        return quote(wanted)
    match scalar.style:
        case ScalarStyle.PLAIN | ScalarStyle.FLOW_PLAIN:
            return quote(value) if _wants_quotes(scalar, value, kind) else source
        case ScalarStyle.SINGLE:
            return quote(value)
        case _:
            return source


def _wants_quotes(scalar: ScalarPosition, value: str, kind: str | None) -> bool:
    """Not where quotes would hide that the text says less, or more, than was meant (HB214, HB225)."""
    return kind in NEEDS_QUOTES_IN_FLOW and not scalar.comment and in_curly_quotes(value) is None


def _mended_block(source: str) -> str:
    header, line_break, body = source.partition("\n")
    return header + line_break + plain_sms(body)
