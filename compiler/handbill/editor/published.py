"""Findings in the words of the language server protocol, file by file.

A file that had findings and has none any more is told so with an empty list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lsprotocol import types

from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange
from handbill.diagnostics.pages import address_of
from handbill.editor.positions import Positions
from handbill.source.layout import PLATFORM_FILE

SOURCE = "handbill"
SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
MOST_RELATED = 100


@dataclass(frozen=True, slots=True)
class Place:
    """How a configuration's files are named and counted for this editor."""

    uri_of: Callable[[str], str]
    positions_of: Callable[[str], Positions]

    def location(self, at: SourceRange) -> types.Location:
        return types.Location(self.uri_of(at.file), self.positions_of(at.file).range(at))


def by_file(
    diagnostics: Iterable[Diagnostic], place: Place
) -> dict[str, tuple[types.Diagnostic, ...]]:
    """File → its findings, each once. What has no place of its own stands at the platform's file."""
    found: dict[str, dict[tuple[str, str, SourceRange], types.Diagnostic]] = {}
    for each in diagnostics:
        at = each.range or SourceRange(PLATFORM_FILE, 1, 1, 1, 1)
        known = found.setdefault(at.file, {})
        if (each.code, each.message, at) not in known:
            known[each.code, each.message, at] = lsp_diagnostic(each, at, place)
    return {file: tuple(inner.values()) for file, inner in found.items()}


def lsp_diagnostic(one: Diagnostic, at: SourceRange, place: Place) -> types.Diagnostic:
    page = address_of(one.code)
    related = [
        types.DiagnosticRelatedInformation(place.location(each.range), each.message)
        for each in one.related[:MOST_RELATED]
    ]
    return types.Diagnostic(
        range=place.positions_of(at.file).range(at),
        message=message_of(one),
        severity=SEVERITIES[one.severity],
        code=one.code,
        code_description=types.CodeDescription(page) if page else None,
        source=SOURCE,
        related_information=related or None,
    )


def message_of(one: Diagnostic) -> str:
    """The message with its notes, its hint and its counterexample, a line each."""
    lines = [one.message, *one.notes]
    if one.hint:
        lines.append(f"help: {one.hint}")
    if one.witness is not None:
        shown = json.dumps(dict(one.witness), ensure_ascii=False, default=str)
        lines.append(f"counterexample: {shown}")
    return "\n".join(lines)


@dataclass(slots=True)
class Board:
    """What the editor was last told of one configuration."""

    told: dict[str, tuple[types.Diagnostic, ...]] = field(default_factory=dict)

    def changes(
        self, now: Mapping[str, tuple[types.Diagnostic, ...]]
    ) -> dict[str, tuple[types.Diagnostic, ...]]:
        """File → what it is to be told, for every file of which something new is to be said."""
        gone = {file: () for file in self.told if file not in now}
        fresh = {file: each for file, each in now.items() if self.told.get(file) != each}
        self.told = dict(now)
        return {**gone, **fresh}
