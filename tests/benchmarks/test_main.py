"""`python -m benchmarks` as somebody types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.__main__ import ALL_BENCHMARKS, main
from benchmarks.outcome import Result, Setting

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_it_prints_the_machine_and_the_figures_and_keeps_them(tmp_path: Path) -> None:
    results = tmp_path / "kept" / "latest.json"
    done = run("render", "--quick", "--results", str(results), "--folder", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("processor  ")
    assert "Jinja2 sandbox ÷ Handbill" in done.stdout
    assert "these figures mean nothing" in done.stdout
    assert json.loads(results.read_text())["results"][0]["name"] == "render"
    assert list(tmp_path.iterdir()) == [results.parent]


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    done = run("rendre")
    assert done.returncode == 2
    assert f"no benchmark rendre: choose {', '.join(ALL_BENCHMARKS)}" in done.stderr


def test_one_that_breaks_is_told_and_the_others_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(setting: Setting) -> Result:
        raise ValueError("half full")

    monkeypatch.setitem(ALL_BENCHMARKS, "audience", broken)
    results = str(tmp_path / "latest.json")
    code = main(["audience", "render", "--quick", "--folder", str(tmp_path), "--results", results])
    said = capsys.readouterr().out
    assert code == 1
    assert "BROKEN, no figure: ValueError: half full" in said
    assert "Jinja2 sandbox ÷ Handbill" in said


def test_the_page_is_only_written_whole() -> None:
    for arguments in (["render", "--page"], ["--quick", "--page"]):
        done = run(*arguments)
        assert done.returncode == 2
        assert "--page is for all" in done.stderr
