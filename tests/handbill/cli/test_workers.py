"""Jobs in processes of their own: all are done, and one that overruns is begun again without it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from handbill.cli.workers import VARIABLE, worker_count

HEAD = """
import os, sys, time
from functools import partial
from pathlib import Path
from handbill.cli.workers import in_workers
from handbill.source.watched import Unit, stopped, working_on
folder = Path(sys.argv[1])
"""


def run(folder: Path, program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", HEAD + textwrap.dedent(program), str(folder)]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **environment}
    )


def test_each_is_done_in_a_process_of_its_own(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        """
        print("before")
        def job(name):
            (folder / name).write_text(str(os.getpid()))
        in_workers([partial(job, name) for name in ("one", "two", "three")])
        print(os.getpid())
        """,
    )
    assert result.stderr == "" and result.stdout.startswith("before\n")
    processes = {path.read_text() for path in tmp_path.iterdir()} | {result.stdout.split()[1]}
    assert len(processes) == 4


def test_one_that_fails_is_left_undone(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        """
        def job(name):
            if name == "two":
                raise KeyError(name)
            (folder / name).touch()
        in_workers([partial(job, name) for name in ("one", "two", "three")])
        print("went on")
        """,
    )
    assert result.stdout == "went on\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "three"]


def test_one_that_never_ends_begins_again_without_it(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        """
        def job():
            for name in ("good.yaml", "endless.yaml", "last.yaml"):
                unit = Unit(name, "1")
                if (found := stopped(unit)) is not None:
                    (folder / f"{name} {found.code}").touch()
                    continue
                with working_on(unit):
                    while name == "endless.yaml":
                        pass
                    (folder / name).touch()
        in_workers([job])
        """,
        HANDBILL_COMPILE_SECONDS="0.2",
    )
    assert result.stderr == ""
    found = sorted(path.name for path in tmp_path.iterdir())
    assert found == ["endless.yaml HB510", "good.yaml", "last.yaml"]


def test_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "3")
    assert worker_count() == 3
    monkeypatch.setenv(VARIABLE, "-1")
    assert worker_count() == 1
    monkeypatch.setenv(VARIABLE, "many")
    assert worker_count() == len(os.sched_getaffinity(0))
    monkeypatch.setattr(sys, "platform", "darwin")
    assert worker_count() == 1


def test_what_each_gives(tmp_path: Path) -> None:
    """One dies in the middle of a write, and one is begun again after it."""
    result = run(
        tmp_path,
        """
        import handbill.cli.workers as workers
        def fails(): raise KeyError
        def dies(): os._exit(3)
        def endless():
            unit = Unit("endless.yaml", "1")
            if stopped(unit) is not None:
                return b"without it"
            with working_on(unit):
                while True:
                    pass
        print(workers.given_by_workers([lambda: b"one", fails, dies, endless, lambda: b""]))
        """,
        HANDBILL_COMPILE_SECONDS="0.2",
    )
    assert result.stderr == ""
    assert result.stdout == "[b'one', None, None, b'without it', b'']\n"
