"""A process that was started on a lifeline ends when the starter is gone."""

from __future__ import annotations

import signal
import subprocess
import sys

SLEEPER = """
import time
from handbill.cli.demo.lifeline import end_with_starter
end_with_starter()
print("up", flush=True)
time.sleep(600)
"""


def start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_the_end_of_standard_input_is_sigterm() -> None:
    with start("-c", SLEEPER) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.stdin.write(b"what is written does not matter")
        process.stdin.flush()
        assert process.poll() is None
        process.stdin.close()
        assert process.wait(30) == -signal.SIGTERM


def test_no_standard_input_is_its_end() -> None:
    closed = "import os; os.close(0)\n" + SLEEPER
    with start("-c", closed) as process:
        assert process.wait(30) == -signal.SIGTERM


def test_the_command_line_runs_on_one() -> None:
    with start("-m", "handbill.cli.demo.lifeline", "--version") as process:
        assert process.stdout is not None
        assert process.stdout.read().startswith(b"handbill")
        assert process.wait(30) == 0
