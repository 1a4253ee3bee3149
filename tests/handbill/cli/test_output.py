"""Findings for people go to stderr, plain unless a terminal asks; for programs to stdout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handbill.cli.output import _colour, counted, fail, show, write_report
from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange

ERROR = Diagnostic("HB505", "no such field")
WARNING = Diagnostic("HB825", "held", severity=Severity.WARNING)


def nothing(file: str) -> None:
    return None


def test_people_read_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    show([ERROR, WARNING], nothing, "text")
    out, err = capsys.readouterr()
    assert out == "" and "error[HB505]: no such field" in err and "warning[HB825]" in err


def test_nothing_found_is_nothing_said(capsys: pytest.CaptureFixture[str]) -> None:
    show([], nothing, "text")
    assert capsys.readouterr() == ("", "")


def test_programs_read_stdout_also_when_nothing_was_found(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show([ERROR], nothing, "json")
    out, err = capsys.readouterr()
    assert err == "" and json.loads(out)["diagnostics"][0]["code"] == "HB505"
    show([], nothing, "json")
    assert json.loads(capsys.readouterr().out)["diagnostics"] == []


@pytest.mark.parametrize(
    ("terminal", "no_color", "coloured"),
    [(True, "", True), (True, "1", False), (False, "", False)],
)
def test_colours_are_for_terminals_that_want_them(
    terminal: bool,
    no_color: str,
    coloured: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    assert _colour(terminal) is coloured


def test_counts_are_in_words() -> None:
    assert counted([ERROR, ERROR, WARNING]) == "2 errors, 1 warning"
    assert counted([WARNING]) == "1 warning" and counted([]) == ""


def test_a_refusal_says_what_to_do_and_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        fail("HB804", "a pack is missing", "publish again")
    assert ended.value.code == 1
    assert capsys.readouterr().err == "error[HB804]: a pack is missing\n  = help: publish again\n"
    with pytest.raises(SystemExit):
        fail("HB804", "a pack is missing", None)
    assert "help" not in capsys.readouterr().err


def test_annotations_name_files_from_the_top_of_the_repository(
    capsys: pytest.CaptureFixture[str],
) -> None:
    placed = Diagnostic("HB505", "no such field", SourceRange("a.yaml", 2, 3, 2, 9))
    show([placed, WARNING], nothing, "github", "config")
    assert capsys.readouterr().out == (
        "::error file=config/a.yaml,line=2,col=3,endLine=2,endColumn=8,title=HB505::no such field\n"
        "::warning title=HB825::held\n"
    )


def test_sarif_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    show([ERROR], nothing, "sarif")
    assert json.loads(capsys.readouterr().out)["version"] == "2.1.0"


def test_a_report_that_cannot_be_written_whole_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "diff.html"
    out.write_text("before", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_report("\ud800", out)
    assert out.read_text(encoding="utf-8") == "before"
    assert [*tmp_path.iterdir()] == [out]
    write_report("after", out)
    assert out.read_text(encoding="utf-8") == "after"
    with pytest.raises(OSError) as failed:
        write_report("after", tmp_path / "nowhere" / "diff.html")
    assert failed.value.filename == str(tmp_path / "nowhere" / "diff.html")
