"""From source text on: what the checker lets through means the same in both back ends.

So the checker's facts, scales, bounds and folding are held to the same standard as the operators:
an overflow that it overlooked, or a value that may be missing, shows as a difference.
HANDBILL_PROGRAMS sets how many programs are drawn (400 unless told).
"""

from __future__ import annotations

import os
from collections import Counter

import duckdb
from comparison import differences
from nasty_rows import load_rows
from program_generator import operations_of
from source_generator import SourceGenerator

from handbill.plan.ir import Operation

TEMPLATES_ONLY = {Operation.TITLE, Operation.JOIN, Operation.CHOOSE, Operation.GROUPED_TEXT}


def test_programs_from_source_text_give_the_same_in_both_back_ends() -> None:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    load_rows(connection)
    count = int(os.environ.get("HANDBILL_PROGRAMS", 400))
    generator = SourceGenerator(20_261_208)
    programs = list(generator.programs(count))
    texts = {repr(expression): text for text, expression in programs}
    found = [
        (texts[repr(each.program)], each.row, each.python, each.sql)
        for each in differences(connection, (expression for _, expression in programs))
    ]
    covered = Counter(
        operation for _, expression in programs for operation in operations_of(expression)
    )
    print(f"{count} programs of {generator.drawn} drawn")
    for operation, times in sorted(covered.items(), key=lambda pair: pair[1]):
        print(f"{operation.value:14} {times}")
    assert found == []
    assert set(covered) == set(Operation) - TEMPLATES_ONLY
    assert generator.drawn < 3 * count, "most of what is drawn should compile"
