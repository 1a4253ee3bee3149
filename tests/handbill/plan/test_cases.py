import hashlib
import json

import duckdb

from handbill.plan.cases import CASES_VERSION, LOWER, LOWER_RUNS, UPPER, UPPER_RUNS, expand


def every_code_point():
    return "".join(chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF)


def test_the_table_is_duckdbs_at_every_code_point():
    text = every_code_point()
    lower, upper = duckdb.connect().execute("SELECT lower($1), upper($1)", [text]).fetchone()
    assert text.translate(LOWER) == lower
    assert text.translate(UPPER) == upper


def test_ascii_folds_as_python_does():
    text = "".join(map(chr, range(128)))
    assert text.translate(LOWER) == text.lower()
    assert text.translate(UPPER) == text.upper()


def test_the_version_names_the_table():
    table = json.dumps([sorted(LOWER.items()), sorted(UPPER.items())])
    assert CASES_VERSION.endswith(hashlib.sha256(table.encode()).hexdigest()[:12])


def test_no_code_point_is_in_two_runs():
    for runs in (LOWER_RUNS, UPPER_RUNS):
        places = [code for first, last, step, _ in runs for code in range(first, last + 1, step)]
        assert len(places) == len(set(places)) == len(expand(runs))
