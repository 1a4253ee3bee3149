"""Text that came from outside, such as a mail server's answer, made fit to keep and to show.

Servers answer in Latin-1, in broken UTF-8 and with bytes of no text at all; what is kept is always
valid Unicode on one line.
"""

from __future__ import annotations

import re

LONGEST = 300
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def foreign_text(text: str, longest: int = LONGEST) -> str:
    """The text with half characters replaced, control characters as spaces, and cut to size."""
    whole = text[: longest * 4].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub(" ", whole)[:longest]
