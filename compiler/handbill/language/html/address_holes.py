"""The ways in which an address can have been read where each of its pieces begins."""

from __future__ import annotations

from collections.abc import Sequence

from handbill.language.expressions.finite import known_texts, rewrite_texts
from handbill.language.html.address_reading import (
    MANY,
    MAX_READINGS,
    START,
    Reading,
    after_value,
    in_address,
)
from handbill.language.html.addresses import percent_encoded
from handbill.plan.ir import Expression


def address_readings(parts: Sequence[str | Expression]) -> list[frozenset[Reading]]:
    """For each part of one address, text or hole, the readings before it.

    A choice between constants is a piece of the address itself, percent-encoded where it must be; any
    other hole is a value.
    """
    before = frozenset({START})
    found = []
    for part in parts:
        found.append(before)
        after = frozenset(one for reading in before for one in _after(reading, part))
        before = after if len(after) <= MAX_READINGS else frozenset({MANY})
    return found


def _after(reading: Reading, part: str | Expression) -> list[Reading]:
    if isinstance(part, str):
        return [in_address(reading, part)]
    if known_texts(part) is None:
        return [after_value(reading, 0, prose=False)]
    texts = known_texts(rewrite_texts(part, percent_encoded)) or ()
    return [in_address(reading, text) for text in texts]
