"""A command that fails is no measurement, and only its own time and memory count."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from benchmarks.commands import Failed, Process

MIB = 2**20
HOLD = "import time; held = bytearray(60 * 2**20); time.sleep(0.6)"
SHARE = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', '{HOLD}'])"


def test_a_contender_that_fails_is_refused() -> None:
    with pytest.raises(Failed, match="no such thing"):
        Process((sys.executable, "-c", "import sys; sys.exit('no such thing')"))()


def test_the_memory_of_whoever_measures_does_not_count() -> None:
    ballast = bytearray(200 * MIB)
    child = Process((sys.executable, "-S", "-c", "pass"))
    child()
    assert len(ballast) > 3 * child.peak > 0


def test_memory_of_descendants_counts_together() -> None:
    parent = Process((sys.executable, "-S", "-c", SHARE), look_seconds=0.05)
    parent()
    assert 60 * MIB < parent.together < 120 * MIB


def test_folder_environment_and_what_is_done_before(tmp_path: Path) -> None:
    begun: list[int] = []
    script = "import os; open('made', 'w').write(os.environ['SAID'])"
    process = Process(
        (sys.executable, "-S", "-c", script), tmp_path, {"SAID": "so"}, lambda: begun.append(1)
    )
    process()
    process()
    assert (tmp_path / "made").read_text() == "so"
    assert len(begun) == len(process.cpu) == 2
