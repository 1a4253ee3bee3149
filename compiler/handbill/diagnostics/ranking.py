"""The order in which findings are shown where there is room for a few only: the gravest first."""

from __future__ import annotations

from collections.abc import Iterable

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.diagnostics.order import in_order

_GRAVITY = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def ranked(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Errors, then warnings, then notes; of each those without a place first, then by file and place.
    Exact repetitions stand once."""
    return tuple(sorted(in_order(diagnostics), key=lambda one: _GRAVITY[one.severity]))
