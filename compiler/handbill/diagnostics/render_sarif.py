"""Diagnostics as SARIF 2.1.0 (OASIS, March 2020), the form that code scanning services read.

Regions count lines and columns from 1 in Unicode code points, ends exclusive, as the diagnostics do.
A finding without a place is not about a file but about the run: SARIF's notification. Rules carry
the paragraphs of docs/diagnostics. Nothing here depends on the time or the machine.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from handbill.diagnostics.diagnostic import Diagnostic, Related, Severity, SourceRange
from handbill.diagnostics.pages import first_sentence, pages
from handbill.diagnostics.ranking import ranked

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MAX_RESULTS = 5_000
"""What GitHub's code scanning takes of one run; the gravest are kept."""
MAX_RELATED = 100
"""Of one result."""

ReadLines = Callable[[str], Sequence[str] | None]

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render_sarif(diagnostics: Iterable[Diagnostic], read_lines: ReadLines, folder: str = "") -> str:
    """One SARIF log of one run, as JSON text. `read_lines(file)` answers the lines of a file, None
    where there is none; `folder` is where the configuration stands in its git repository."""
    everything = ranked(diagnostics)
    placed = [each for each in everything if each.range is not None]
    shown = placed[:MAX_RESULTS]
    rules = {code: index for index, code in enumerate(sorted({each.code for each in everything}))}
    fingerprints = _Fingerprints(read_lines)
    run = {
        "tool": {"driver": _driver(list(rules), everything)},
        "invocations": [_invocation(everything, len(placed) - len(shown))],
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "the repository's top"}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, rules, fingerprints, folder) for each in shown],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2).encode("utf-8", "replace").decode() + "\n"


# ── the run ──────────────────────────────────────────────────────────────────────────────────────


def _driver(codes: Sequence[str], everything: Sequence[Diagnostic]) -> dict[str, Any]:
    gravest = {each.code: each.severity for each in reversed(everything)}
    rules = [_rule(code, gravest[code]) for code in codes]
    return {"name": "Handbill", "semanticVersion": version("handbill"), "rules": rules}


def _rule(code: str, severity: Severity) -> dict[str, Any]:
    page = pages().get(code)
    rule: dict[str, Any] = {"id": code, "defaultConfiguration": {"level": _LEVELS[severity]}}
    if page:
        rule |= {
            "shortDescription": {"text": f"{first_sentence(page)}."},
            "fullDescription": {"text": page.split("\n\n")[0].replace("\n", " ")},
            "help": {"text": page, "markdown": page},
        }
    return rule


def _invocation(everything: Sequence[Diagnostic], left_out: int) -> dict[str, Any]:
    """A compile that finds mistakes has done its work; one that could not begin has not."""
    about_run = [each for each in everything if each.range is None]
    notifications = [_notification(each) for each in about_run]
    if left_out:
        more = f"{left_out} more findings are left out here; `handbill check` lists them all"
        notifications.append({"level": "warning", "message": {"text": more}})
    return {
        "executionSuccessful": not any(each.is_error for each in about_run),
        "toolExecutionNotifications": notifications,
    }


def _notification(one: Diagnostic) -> dict[str, Any]:
    return {
        "descriptor": {"id": one.code},
        "level": _LEVELS[one.severity],
        "message": _message(one),
    }


# ── a result ─────────────────────────────────────────────────────────────────────────────────────


def _result(
    one: Diagnostic, rules: Mapping[str, int], fingerprints: _Fingerprints, folder: str
) -> dict[str, Any]:
    assert one.range is not None
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": rules[one.code],
        "level": _LEVELS[one.severity],
        "message": _message(one),
        "locations": [_location(one.range, folder)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprints.of(one)},
    }
    if one.related:
        related = one.related[:MAX_RELATED]
        result["relatedLocations"] = [
            _related(number, each, folder) for number, each in enumerate(related, 1)
        ]
    properties = {"tenant": one.tenant, "witness": one.witness}
    if any(properties.values()):
        result["properties"] = _plain({key: each for key, each in properties.items() if each})
    return result


def _message(one: Diagnostic) -> dict[str, str]:
    lines = [one.message, *one.notes, *([f"help: {one.hint}"] if one.hint else [])]
    return {"text": "\n".join(lines)}


def _related(number: int, related: Related, folder: str) -> dict[str, Any]:
    location = _location(related.range, folder)
    return {"id": number, **location, "message": {"text": related.message}}


def _location(place: SourceRange, folder: str) -> dict[str, Any]:
    path = f"{folder.strip('/')}/{place.file}".lstrip("/")
    uri = quote(path.encode("utf-8", "surrogateescape"))
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
            "region": region,
        }
    }


def _plain(value: object) -> Any:
    """Without what JSON has no word for: such values as their text."""
    return json.loads(json.dumps(value, default=str))


class _Fingerprints:
    """What a finding is known by when lines move: its code, its file and the words of its line.

    Equal ones are told apart by their order in the file.
    """

    def __init__(self, read_lines: ReadLines) -> None:
        self._read_lines = read_lines
        self._lines: dict[str, Sequence[str]] = {}
        self._seen: Counter[str] = Counter()

    def of(self, one: Diagnostic) -> str:
        assert one.range is not None
        about = [one.code, one.range.file, one.tenant or "", self._words(one.range) or one.message]
        digest = hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16]
        self._seen[digest] += 1
        return f"{digest}:{self._seen[digest]}"

    def _words(self, place: SourceRange) -> str:
        if place.file not in self._lines:
            self._lines[place.file] = self._read_lines(place.file) or ()
        lines = self._lines[place.file]
        whole_file = (place.line, place.column, place.end_line, place.end_column) == (1, 1, 1, 1)
        inside = not whole_file and 1 <= place.line <= len(lines)
        return " ".join(lines[place.line - 1].split()) if inside else ""
