"""Findings are shown by file and place, each once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange
from handbill.diagnostics.order import in_order


def at(line: int, code: str = "HB301", file: str = "a.yaml") -> Diagnostic:
    return Diagnostic(code, "x", SourceRange(file, line, 1, line, 2))


FOUND = [
    Diagnostic("HB114", "x"),
    at(1),
    at(3, "HB302"),
    at(3, "HB305"),
    at(20),
    at(2, file="b.yaml"),
]


@given(st.permutations(FOUND))
def test_by_place(found: list[Diagnostic]) -> None:
    assert list(in_order(found)) == FOUND


def test_repetitions_are_shown_once_but_not_for_two_tenants() -> None:
    for_a, for_b = (Diagnostic("HB401", "x", tenant=name) for name in "ab")
    assert in_order([for_a, for_a, for_b]) == (for_a, for_b)


def test_errors_before_notes_at_one_place() -> None:
    place = SourceRange("a.yaml", 1, 1, 1, 2)
    note = Diagnostic("HB100", "x", place, Severity.NOTE)
    assert in_order([note, at(1)]) == (at(1), note)
