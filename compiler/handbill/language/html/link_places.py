"""Where in a template something is written that was found in what becomes of it.

A mail is put together from several files, and converted; what is wrong in the result is looked for in the
pieces that its authors wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from handbill.language.expressions.finite import known_texts
from handbill.language.templates.draft import Draft, DraftPut, DraftText, Place, leaves


def place_written(text: str, drafts: Iterable[Draft]) -> Place | None:
    """The first place at which `text` (a host, an address, the beginning of a tag) is written, or the
    hole that writes it; whatever the case of letters. None where no piece alone holds it."""
    if not text:
        return None
    before = r"(?<![\w-])" if text[0].isalnum() else ""
    after = r"(?![\w-])" if text[-1].isalnum() else ""
    pattern = re.compile(before + re.escape(text) + after, re.IGNORECASE)
    for leaf in leaves(drafts):
        match leaf:
            case DraftText(text=written, place=place):
                found = pattern.search(written)
                if found is not None:
                    start = place.start + found.start()
                    return Place(place.source, start, start + len(text))
            case DraftPut(expression=expression, place=place):
                if any(map(pattern.search, known_texts(expression) or ())):
                    return place
            case _:
                pass
    return None
