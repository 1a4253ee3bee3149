"""SARIF logs hold to the standard, say where each finding is, and know it again when lines move."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

sys.path.insert(0, str(Path(__file__).parent))

from sarif_constraints import LOG

from handbill.diagnostics.diagnostic import Diagnostic, Related, Severity, SourceRange
from handbill.diagnostics.render_sarif import MAX_RELATED, MAX_RESULTS, render_sarif

FILE = "tenants/ff/campaigns/a.yaml"
ONE = Diagnostic("HB501", "`customer.x` may be missing", SourceRange(FILE, 2, 12, 2, 22))
LINES = ("status: active", "  include: customer.x > 1", "  exclude: customer.x > 1")


def run_of(found: Iterable[Diagnostic], lines: Sequence[str] = LINES, folder: str = "") -> Any:
    """The only run of the log, which holds to the standard."""
    log = json.loads(render_sarif(found, {FILE: lines}.get, folder))
    Draft202012Validator(LOG).validate(log)
    return log["runs"][0]


def fingerprints(found: Iterable[Diagnostic], lines: Sequence[str]) -> list[str]:
    results = run_of(found, lines)["results"]
    return [each["partialFingerprints"]["primaryLocationLineHash"] for each in results]


def test_a_result() -> None:
    one = replace(
        ONE,
        hint="`customer.x | default(0)`",
        notes=("declared optional",),
        related=(
            Related("declared here", SourceRange("schemas/customer.schema.json", 4, 1, 5, 9)),
        ),
        witness={"orders_90d": 0},
        tenant="ff",
    )
    run = run_of([one])
    assert run["columnKind"] == "unicodeCodePoints"
    (result,) = run["results"]
    assert result["message"]["text"].split("\n") == [
        "`customer.x` may be missing",
        "declared optional",
        "help: `customer.x | default(0)`",
    ]
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": FILE, "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 2, "startColumn": 12, "endLine": 2, "endColumn": 22},
    }
    assert result["relatedLocations"][0]["message"] == {"text": "declared here"}
    assert result["properties"] == {"tenant": "ff", "witness": {"orders_90d": 0}}


def test_rules_say_what_the_documentation_says() -> None:
    run = run_of([ONE, replace(ONE, code="HB502", severity=Severity.WARNING)])
    first, second = run["tool"]["driver"]["rules"]
    assert (first["id"], second["id"]) == ("HB501", "HB502")
    assert first["help"]["markdown"].startswith(first["shortDescription"]["text"][:-1])
    assert second["defaultConfiguration"] == {"level": "warning"}
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_code_without_a_page_is_a_rule_all_the_same() -> None:
    assert run_of([replace(ONE, code="HB999")])["tool"]["driver"]["rules"][0]["id"] == "HB999"


def test_what_is_about_no_file_is_told_of_the_run() -> None:
    run = run_of([replace(ONE, range=None)])
    (invocation,) = run["invocations"]
    assert run["results"] == [] and not invocation["executionSuccessful"]
    assert invocation["toolExecutionNotifications"][0]["descriptor"] == {"id": "HB501"}


def test_errors_in_files_are_no_failure_of_the_run() -> None:
    assert run_of([ONE])["invocations"][0]["executionSuccessful"]


def test_a_fingerprint_outlives_lines_that_move() -> None:
    moved = replace(ONE, range=SourceRange(FILE, 5, 14, 5, 24), message="in other words")
    new = ("# a", "# b", "# c", *LINES[:1], "    include:  customer.x > 1 ", LINES[2])
    assert fingerprints([ONE], LINES) == fingerprints([moved], new)


@pytest.mark.parametrize(
    "other",
    [
        replace(ONE, code="HB502"),
        replace(ONE, range=SourceRange(FILE, 3, 12, 3, 22)),
        replace(ONE, range=SourceRange("other.yaml", 2, 12, 2, 22)),
        replace(ONE, tenant="valle"),
    ],
)
def test_other_findings_have_other_fingerprints(other: Diagnostic) -> None:
    assert len(set(fingerprints([ONE, other], LINES))) == 2


def test_two_on_equal_lines_are_told_apart() -> None:
    lines = ("a: 1", "a: 1")
    found = [replace(ONE, range=SourceRange(FILE, line, 1, line, 2)) for line in (1, 2)]
    first, second = fingerprints(found, lines)
    assert first.endswith(":1") and second == first[:-1] + "2"


def test_about_a_whole_file_the_message_counts() -> None:
    whole = SourceRange(FILE, 1, 1, 1, 1)
    found = [replace(ONE, range=whole), replace(ONE, range=whole, message="another")]
    first, second = fingerprints(found, LINES)
    assert first[:16] != second[:16]
    assert fingerprints([found[0]], LINES) == fingerprints([found[0]], ("another line", *LINES))


def test_paths_are_percent_encoded_and_below_the_repository() -> None:
    odd = SourceRange("tenants/ff/a b%\udce9.yaml", 1, 1, 1, 2)
    (result,) = run_of([replace(ONE, range=odd)], folder="shops/")["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == "shops/tenants/ff/a%20b%25%E9.yaml"


def test_what_json_has_no_word_for() -> None:
    from datetime import date

    (result,) = run_of([replace(ONE, witness={"born": date(2000, 1, 2)}, message="\udce9")])[
        "results"
    ]
    assert result["properties"]["witness"] == {"born": "2000-01-02"}
    assert result["message"]["text"] == "?"


def test_limits_of_code_scanning() -> None:
    related = tuple(Related("r", SourceRange(FILE, n, 1, n, 2)) for n in range(1, 300))
    warning = replace(ONE, severity=Severity.WARNING)
    found = [
        *(replace(warning, range=SourceRange("a", n, 1, n, 2)) for n in range(1, MAX_RESULTS + 3)),
        replace(ONE, related=related),
    ]
    run = run_of(found)
    assert len(run["results"]) == MAX_RESULTS
    assert run["results"][0]["level"] == "error"
    assert len(run["results"][0]["relatedLocations"]) == MAX_RELATED
    notification = run["invocations"][0]["toolExecutionNotifications"][0]
    assert notification["message"]["text"].startswith("3 more findings")


def test_nothing_found() -> None:
    run = run_of([])
    assert run["results"] == [] and run["invocations"][0]["executionSuccessful"]
