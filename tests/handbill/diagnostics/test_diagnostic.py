"""The value that every stage returns."""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange, has_errors


def test_only_errors_are_errors() -> None:
    note = Diagnostic("HB999", "x", severity=Severity.NOTE)
    assert not has_errors([note])
    assert has_errors([note, Diagnostic("HB999", "x")])


def test_a_place_reads_as_editors_take_it() -> None:
    assert str(SourceRange("a.yaml", 8, 12, 8, 36)) == "a.yaml:8:12"
