"""Findings as an editor is told of them."""

from __future__ import annotations

from lsprotocol import types

from handbill.diagnostics.diagnostic import Diagnostic, Related, Severity, SourceRange
from handbill.editor.positions import Positions
from handbill.editor.published import Board, Place, by_file, message_of

TEXTS = {"a.yaml": "x: 🎉 y\n", "b.yaml": "z: 1\n", "handbill.yaml": ""}
PLACE = Place(lambda path: f"file:///c/{path}", lambda path: Positions(TEXTS[path]))
AT = SourceRange("a.yaml", 1, 6, 1, 7)


def test_everything_that_a_finding_says() -> None:
    one = Diagnostic(
        "HB501", "may be missing", AT, hint="| default(0)", notes=("declared optional",),
        related=(Related("declared here", SourceRange("b.yaml", 1, 1, 1, 2)),),
        witness={"orders": 0}, severity=Severity.WARNING,
    )  # fmt: skip
    (shown,) = by_file([one], PLACE)["a.yaml"]
    assert shown.message == (
        'may be missing\ndeclared optional\nhelp: | default(0)\ncounterexample: {"orders": 0}'
    )
    assert shown.range == types.Range(types.Position(0, 6), types.Position(0, 7))
    assert shown.severity == types.DiagnosticSeverity.Warning
    assert shown.code_description is not None
    assert shown.related_information is not None
    (related,) = shown.related_information
    assert (related.message, related.location.uri) == ("declared here", "file:///c/b.yaml")


def test_the_same_for_several_retailers_is_said_once() -> None:
    twice = [Diagnostic("HB501", "m", AT, tenant=each) for each in ("one", "two")]
    assert len(by_file(twice, PLACE)["a.yaml"]) == 1


def test_what_has_no_place_stands_at_the_platforms_file() -> None:
    (shown,) = by_file([Diagnostic("HB520", "missing")], PLACE)["handbill.yaml"]
    assert shown.range.start == types.Position(0, 0)


def test_an_unknown_code_leads_nowhere_and_a_note_is_information() -> None:
    one = Diagnostic("HB999", "m", AT, severity=Severity.NOTE)
    (shown,) = by_file([one], PLACE)["a.yaml"]
    assert shown.code_description is None
    assert shown.severity == types.DiagnosticSeverity.Information
    assert message_of(one) == "m"


def test_only_news_is_told_and_what_is_gone_is_told_too() -> None:
    board = Board()
    found = by_file([Diagnostic("HB501", "m", AT)], PLACE)
    assert board.changes(found) == found
    assert board.changes(found) == {}
    assert board.changes({}) == {"a.yaml": ()}
    assert board.changes({}) == {}
