"""Signals to a real process that ends as after Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

WAITING = """
import asyncio, signal, sys, time
from handbill.cli.demo.ending import end_like_ctrl_c

async def wait():
    print("up", flush=True)
    await asyncio.sleep(600)

{before}
end_like_ctrl_c()
try:
    {wait}
except KeyboardInterrupt:
    print("ended in order", flush=True)
"""
IGNORE = "signal.signal(signal.{}, signal.SIG_IGN)"
PLAIN = 'print("up", flush=True); time.sleep(600)'


def ended_by(number: signal.Signals, wait: str, before: str = "") -> bytes:
    script = WAITING.format(before=before, wait=wait)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        process.send_signal(number)
        said = process.stdout.read()
        assert process.wait(30) == 0
    return said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("wait", [PLAIN, "asyncio.run(wait())"])
def test_each_is_ctrl_c(number: signal.Signals, wait: str) -> None:
    assert ended_by(number, wait) == b"ended in order\n"


@pytest.mark.parametrize("wait", [PLAIN, "asyncio.run(wait())"])
def test_kill_works_in_the_background(wait: str) -> None:
    """Where a shell has started it with Ctrl-C ignored."""
    assert ended_by(signal.SIGTERM, wait, IGNORE.format("SIGINT")) == b"ended in order\n"


def test_nohup_is_respected() -> None:
    wait = "signal.raise_signal(signal.SIGHUP); " + PLAIN
    assert ended_by(signal.SIGTERM, wait, IGNORE.format("SIGHUP")) == b"ended in order\n"
