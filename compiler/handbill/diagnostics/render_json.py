"""Diagnostics for programs: versioned JSON. Fields are added, never changed, within a version."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange

VERSION = 1


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """One JSON object: `{"version": 1, "diagnostics": […]}`; what is absent is left out."""
    body = {"version": VERSION, "diagnostics": [as_json(one) for one in diagnostics]}
    return json.dumps(body, ensure_ascii=False, indent=2, default=str) + "\n"


def as_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """One diagnostic as JSON values: lines and columns count from 1, ends are exclusive."""
    value = {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "tenant": diagnostic.tenant,
        "range": _range(diagnostic.range) if diagnostic.range else None,
        "hint": diagnostic.hint,
        "notes": list(diagnostic.notes),
        "related": [
            {"message": related.message, "range": _range(related.range)}
            for related in diagnostic.related
        ],
        "witness": dict(diagnostic.witness) if diagnostic.witness is not None else None,
    }
    return {key: inner for key, inner in value.items() if inner not in (None, [])}


def _range(place: SourceRange) -> dict[str, Any]:
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }
