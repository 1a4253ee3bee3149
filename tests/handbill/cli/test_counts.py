"""One of a thing has no s."""

from __future__ import annotations

import pytest

from handbill.cli.counts import how_many


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1200, "1200 rows")]
)
def test_numbers_in_words(number: int, said: str) -> None:
    assert how_many(number, "row") == said
