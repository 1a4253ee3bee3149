"""The gravest first."""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange
from handbill.diagnostics.ranking import ranked


def test_errors_of_a_late_file_stand_before_warnings_of_an_early_one() -> None:
    note = Diagnostic("HB301", "n", SourceRange("a.yaml", 1, 1, 1, 2), Severity.NOTE)
    warning = Diagnostic("HB302", "w", SourceRange("a.yaml", 2, 1, 2, 2), Severity.WARNING)
    error = Diagnostic("HB303", "e", SourceRange("z.yaml", 1, 1, 1, 2))
    earlier = Diagnostic("HB304", "e", SourceRange("z.yaml", 1, 1, 1, 2))
    nowhere = Diagnostic("HB305", "e")
    assert ranked([note, warning, earlier, error, nowhere, error]) == (
        nowhere,
        error,
        earlier,
        warning,
        note,
    )
