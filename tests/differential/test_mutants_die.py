"""The suite is only as good as what it catches: every planted fault must show up as a difference.

Nothing is drawn for a mutant in particular: these are the programs that CI compares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest
from comparison import Known, differences
from mutants import MUTANTS, Mutant

if TYPE_CHECKING:
    from conftest import Compared


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_mutant_dies(
    mutant: Mutant,
    connection: duckdb.DuckDBPyConnection,
    compared: Compared,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mutant.plant(monkeypatch)
    queries = Known(compared.queries)
    found = next(differences(connection, compared.programs, queries), None)
    assert found is not None, "the mutant survived"


def test_the_mutants_are_many_and_differ() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 60
