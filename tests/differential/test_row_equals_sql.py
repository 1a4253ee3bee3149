"""The two back ends agree: random programs over awkward customers, every operator covered.

HANDBILL_PROGRAMS sets how many programs are drawn (1,000 unless told).
"""

from __future__ import annotations

import os

import duckdb
from comparison import differences
from nasty_rows import ROWS, load_rows, rows
from program_generator import Generator
from test_mutants_die import PROGRAMS, SEED

from handbill.plan.ir import Operation

AT_LEAST = 25
"""How often each operator must occur in 1,000 programs."""


def test_random_programs_give_the_same_in_both_back_ends() -> None:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    load_rows(connection)
    count = int(os.environ.get("HANDBILL_PROGRAMS", PROGRAMS))
    generator = Generator(SEED)
    found = list(differences(connection, generator.programs(count)))
    print(f"{count} programs × {ROWS} rows")
    for operation, times in sorted(generator.covered.items(), key=lambda pair: pair[1]):
        print(f"{operation.value:14} {times}")
    assert found == []
    assert set(generator.covered) == set(Operation)
    assert min(generator.covered.values()) >= AT_LEAST * count // 1_000


def test_the_rows_are_many_and_all_different() -> None:
    table = list(rows())
    assert len(table) == len(set(table)) == ROWS >= 200


def test_the_same_seed_draws_the_same_programs() -> None:
    assert list(Generator(5).programs(30)) == list(Generator(5).programs(30))
