"""From typed text to both back ends: what the checker lets through is the same in Python and SQL."""

from __future__ import annotations

import re
from collections import Counter

import duckdb
from comparison import differences
from nasty_relations import load_relations
from program_parts import operations_of
from source_generator import SCOPE, SourceGenerator

from handbill.language.expression import compile_expression
from handbill.language.filters.table import FILTERS, TESTS
from handbill.plan.ir import Operation
from handbill.plan.types import BoolType
from handbill.source.text import SourceText

RULES = 2_000
AT_LEAST = 10
TEMPLATES_ONLY = {Operation.TITLE, Operation.JOIN, Operation.GROUPED_TEXT, Operation.CHOOSE}

SYNTAX = {
    "[n]": r"\)\[\d+\]",
    "[:n]": r"\[:\d+\]",
    "a.b": r"\)(\[\d\])?\.\w",
    "is defined": "is defined",
}
WORDS = {name for name, entry in FILTERS.items() if not entry.templates_only} | {
    *(name for name in TESTS if name != "defined"),
    *SYNTAX,
}
"""What rules can say: each filter, each test, each way to reach into a list."""


def words_of(text: str) -> set[str]:
    """The filters, tests and ways that a rule uses."""
    filters = set(re.findall(r"\| (\w+)", text)) | set(re.findall(r"is (\w+)", text))
    inside = set(re.findall(r"attr\('[\w.]+', '(\w+)'", text))
    return filters | inside | {name for name, way in SYNTAX.items() if re.search(way, text)}


def test_rules_from_text_are_the_same_in_both_back_ends() -> None:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    load_relations(connection)
    programs, refused = {}, Counter[str]()
    for text in SourceGenerator(7).rules(RULES):
        compiled = compile_expression(SourceText.of_file("rule", text), SCOPE, BoolType())
        if compiled.expression is None:
            refused.update({found.code for found in compiled.diagnostics})
        else:
            programs[text] = compiled.expression
    covered = Counter(one for program in programs.values() for one in operations_of(program))
    print(f"{len(programs)} of {RULES} rules, refused: {dict(refused)}")
    for operation, times in sorted(covered.items(), key=lambda pair: pair[1]):
        print(f"{operation.value:14} {times}")
    assert len(programs) >= RULES // 2
    said = Counter(word for text in programs for word in words_of(text))
    for word, times in sorted(said.items(), key=lambda pair: pair[1]):
        print(f"{word:14} {times}")
    assert list(differences(connection, programs.values())) == []
    assert WORDS - set(said) == set()
    assert min(said[word] for word in WORDS) >= AT_LEAST
    assert set(Operation) - TEMPLATES_ONLY - set(covered) == set()
    assert min(covered.values()) >= AT_LEAST
