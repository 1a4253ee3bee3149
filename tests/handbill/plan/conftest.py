"""What the tests of the import share; lets them import `purchases_world` (tests have no packages)."""

import struct
import sys
from pathlib import Path

import duckdb
import pytest

from handbill.plan.import_source import SourceColumn
from handbill.plan.import_values import normalise
from handbill.plan.sql_text import column_type

sys.path.insert(0, str(Path(__file__).parent))

CONNECTION = duckdb.connect()


def import_values(values, source, type, low=None, high=None):
    """The values as an optional column; also that `valid` and `value` say the same."""
    normalisation = normalise("x", SourceColumn(source, low, high), type)
    valid = normalisation.valid or "TRUE"
    rows = CONNECTION.execute(
        f"SELECT {normalisation.optional()}, "
        f"CASE WHEN x IS NOT NULL AND {valid} THEN {normalisation.value} END, "
        f"x IS NULL OR ({valid}) IS NOT NULL, typeof({normalisation.optional()}) "
        f"FROM (SELECT unnest(CAST($1 AS {source}[])) AS x)",
        [values],
    ).fetchall()
    assert [row[0] for row in rows] == [row[1] for row in rows]
    assert all(row[2] for row in rows)
    assert all(row[3] == column_type(type) for row in rows)
    return [row[0] for row in rows]


@pytest.fixture(scope="session")
def imported():
    """`imported(values, source, type)`: the values as an optional column of that source type."""
    return import_values


def write_with_nan(path, query, number, format="<d"):
    """The query's rows as Parquet, with NaN where `number` is: the file's statistics know nothing of
    it, as those that other writers make. `format` is the column's, `<d` or `<f`."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, COMPRESSION uncompressed)")
    written = path.read_bytes()
    assert written.count(struct.pack(format, number)) == 1
    nan = struct.pack(format, float("nan"))
    path.write_bytes(written.replace(struct.pack(format, number), nan))
    return f"read_parquet('{path}')"


@pytest.fixture(scope="session")
def with_nan():
    """`with_nan(path, query, number, format)`: what stands after FROM for a file with a NaN."""
    return write_with_nan
