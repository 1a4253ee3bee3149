"""The order in which findings are shown: by file and place, so that one edit fixes what is near."""

from __future__ import annotations

from collections.abc import Iterable

from handbill.diagnostics.diagnostic import Diagnostic, Severity

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Those without a place first, then by file, line and column; exact repetitions once."""
    seen: dict[tuple[object, ...], Diagnostic] = {}
    for one in diagnostics:
        seen.setdefault((one.code, one.range, one.message, one.tenant), one)
    return tuple(sorted(seen.values(), key=_key))


def _key(one: Diagnostic) -> tuple[object, ...]:
    place = one.range
    where = (place.file, place.line, place.column) if place else ("", 0, 0)
    return (place is not None, where, _RANK[one.severity], one.code, one.message)
