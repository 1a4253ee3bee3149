"""The programs that CI compares, drawn and run once for all tests of this folder."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # tests have no packages

from comparison import Difference, Known, differences
from nasty_relations import load_relations
from program_generator import Generator

from handbill.plan.ir import Expression

PROGRAMS = 1_000
SEED = 20_261_124


@dataclass(frozen=True)
class Compared:
    """What came of the programs of CI; `queries` are kept for mutants."""

    generator: Generator
    programs: list[Expression]
    found: list[Difference]
    queries: Known


@pytest.fixture(scope="session")
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    load_relations(connection)
    return connection


@pytest.fixture(scope="session")
def compared(connection: duckdb.DuckDBPyConnection) -> Compared:
    generator, queries = Generator(SEED), Known()
    programs = list(generator.programs(PROGRAMS))
    found = list(differences(connection, programs, queries))
    return Compared(generator, programs, found, queries)


@pytest.fixture
def long() -> int:
    """How many programs there are besides those of CI."""
    return max(100, int(os.environ.get("HANDBILL_PROGRAMS", PROGRAMS)) - PROGRAMS)
