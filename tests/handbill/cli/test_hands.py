"""A comparison by forked processes says what one process says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).parents[2] / "golden" / "base"
PROGRAM = """
import sys
import handbill.diff.compare as compare
from handbill.cli import hands, workers
compare.AT_ONCE = 1
whole = workers.given_by_workers
def watched(jobs):
    found = whole(jobs)
    assert None not in found
    print(len(found), "processes", file=sys.stderr)
    return found
hands.given_by_workers = watched
from handbill.cli.diff import diff
diff([*sys.argv[1:], "--at", "2026-11-03T09:00Z", "--output", "json"], standalone_mode=False)
"""


@pytest.mark.parametrize("more", [(), ("--no-cache",)])
def test_by_any_number(tmp_path: Path, more: tuple[str, ...]) -> None:
    for name, text in (("base", "Double points"), ("head", "Triple points")):
        root = tmp_path / name
        shutil.copytree(BASE, root)
        for number in range(3):
            shutil.copytree(BASE / "tenants/fresh-fields", root / f"tenants/shop-{number}")
        for path in root.glob("tenants/*/campaigns/hello.yaml"):
            path.write_text(path.read_text("utf-8").replace("Double points", text), "utf-8")
    one, error = said(tmp_path, 1, more)
    assert error == "" and '"changed":4' in one
    assert said(tmp_path, 3, more) == (one, "3 processes\n")


def said(folder: Path, workers: int, more: tuple[str, ...]) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder / "base"), str(folder / "head"), *more],
        env={**os.environ, "HANDBILL_WORKERS": str(workers), "HANDBILL_CACHE": str(folder / "c")},
        capture_output=True,
        text=True,
        cwd=folder / "base",
    )
    return done.stdout, done.stderr
