"""Turns what the outside world refuses into a diagnostic, so that a command can show it."""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.store.errors import StoreError


def diagnostic_of(error: StoreError) -> Diagnostic:
    return Diagnostic(error.code, error.message, hint=error.hint)
