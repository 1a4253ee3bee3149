"""Sets of characters that a text may be held to, by name, and the alphabet of plain SMS among them.

`gsm` is 3GPP TS 23.038 (GSM 03.38): the default alphabet, of one septet each, and the extension
table, of two. A text with one other character costs twice as much, because all of it becomes UCS-2.
`link` is what the links that Handbill makes consist of: one septet and one byte each, the same in
every surrounding (RFC 3986's unreserved characters without `~`, and `:` and `/`).
"""

from __future__ import annotations

import string
from collections.abc import Mapping

GSM_DEFAULT = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
GSM = GSM_DEFAULT | GSM_EXTENSION
LINK = frozenset(string.ascii_letters + string.digits + "-._:/")

ALPHABETS: Mapping[str, frozenset[str]] = {"gsm": GSM, "link": LINK}


def is_within(text: str, alphabet: str | None) -> bool:
    """Whether every character of `text` is in the alphabet; None is every character."""
    return alphabet is None or ALPHABETS[alphabet].issuperset(text)
