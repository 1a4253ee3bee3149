"""`python -m benchmarks` as somebody types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

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
    assert "no benchmark rendre: choose render, audience, activation" in done.stderr
