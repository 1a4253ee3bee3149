"""The suite is only as good as what it catches: every planted fault must show up as a difference."""

from __future__ import annotations

import duckdb
import pytest
from comparison import differences
from mutants import MUTANTS, Mutant
from nasty_rows import load_rows
from program_generator import Generator

PROGRAMS = 1_000
SEED = 20_261_124
"""The programs that CI compares; nothing is drawn for a mutant in particular."""


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    load_rows(connection)
    return connection


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_mutant_dies(
    mutant: Mutant, connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant.plant(monkeypatch)
    programs = Generator(SEED).programs(PROGRAMS)
    assert next(differences(connection, programs), None) is not None, "the mutant survived"
