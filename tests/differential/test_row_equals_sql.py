"""The two back ends agree: random programs over awkward customers, every operator covered.

HANDBILL_PROGRAMS sets how many programs are drawn (1,000 unless told), HANDBILL_ROWS how many
customers there are: the long profile is 20,000 programs and 400 rows.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import duckdb
from comparison import differences
from nasty_relations import all_rows
from nasty_rows import ROWS
from program_generator import Generator

from handbill.plan.ir import Operation, Step

if TYPE_CHECKING:
    from conftest import Compared

AT_LEAST = 40
"""How often each operator and step must occur in 1,000 programs."""


def test_random_programs_give_the_same_in_both_back_ends(compared: Compared) -> None:
    report(compared.generator.covered, len(compared.programs))
    assert compared.found == []
    assert set(compared.generator.covered) == {*Operation, *Step}
    assert min(compared.generator.covered.values()) >= AT_LEAST


def test_more_programs_give_the_same(connection: duckdb.DuckDBPyConnection, long: int) -> None:
    """The rest of the long profile; a hundred others than CI's first thousand unless told."""
    generator = Generator(long)
    assert list(differences(connection, generator.programs(long))) == []
    report(generator.covered, long)


def report(covered: Counter[Operation | Step], programs: int) -> None:
    print(f"{programs} programs × {ROWS} rows")
    for operation, times in sorted(covered.items(), key=lambda pair: pair[1]):
        print(f"{operation.value:14} {times}")


def test_the_rows_are_many_and_all_different() -> None:
    table = all_rows()
    assert len(table) == len(set(table)) == ROWS >= 200


def test_the_same_seed_draws_the_same_programs() -> None:
    assert list(Generator(5).programs(30)) == list(Generator(5).programs(30))
