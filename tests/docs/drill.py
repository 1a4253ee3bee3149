"""docs/drill.md is run as it stands: its blocks one after the other in one shell, on free ports.

Each `sh` block may be followed by a `text` block: what it printed. Servers that the page starts are
ended with the shell's process group, however the run went. `make drill` runs it: with its waits it takes
more than a minute, so it is no part of `make test`.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pages import DOCS, UPDATE
from test_trust import environment
from test_trust import masked as masked_keys

PAGE = DOCS / "drill.md"
STEP = re.compile(
    r"^```sh\n(?P<commands>.*?)^```\n(?:\n```text\n(?P<said>.*?)^```\n)?", re.M | re.S
)
PORTS = ("5055", "8027")
SECONDS = 300
"""Only so that a drill that hangs ends some time."""
MASKS = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3}Z?"), "MOMENT"),
    (re.compile(r"in \d+ ms \(.*?\)"), "in TIME"),
    (re.compile(r"\b1\d{9}\b"), "NUMBER"),
    (re.compile(r"\((?:root|environments)/[\w/.-]+\)"), "(PLACE)"),
)


def masked(text: str) -> str:
    """Without keys, digests, times, and the object at which a store was noticed to be away."""
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return masked_keys(text)


def free_port() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def script_of(text: str, ports: dict[str, str]) -> str:
    """One shell script; what block N prints goes into the file `said-N`."""
    lines = []
    for number, step in enumerate(STEP.finditer(text)):
        lines += [f'exec > "$DRILL_SAID/{number}" 2>&1', step["commands"]]
    script = "\n".join(lines)
    for port, free in ports.items():
        assert f"_PORT={port}" in script
        script = script.replace(f"_PORT={port}", f"_PORT={free}")
    return script


def walked(text: str, folder: Path) -> str:
    """The page with what its blocks really print."""
    said = folder / "said"
    said.mkdir()
    ports = {port: free_port() for port in PORTS}
    path = f"{environment(folder)['PATH']}:{Path(sys.executable).parent}"
    own = {"PATH": path, "HOME": str(folder), "DRILL_SAID": str(said), "PYTHONUNBUFFERED": "1"}
    shell = subprocess.Popen(
        ["bash", "-c", script_of(text, ports)],
        cwd=folder,
        env={**environment(folder), **own},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        shell.wait(SECONDS)
    finally:
        end_group(shell.pid)
        shell.wait()
    numbers = iter(range(1000))

    def answered(step: re.Match[str]) -> str:
        printed = (said / str(next(numbers))).read_text(encoding="utf-8")
        for port, free in ports.items():
            printed = printed.replace(free, port)
        printed = printed.replace(str(folder), "/home/ann")
        commands = f"```sh\n{step['commands']}```\n"
        if step["said"] is None:
            assert printed == "", f"this prints something:\n{step['commands']}{printed}"
            return commands
        return f"{commands}\n```text\n{printed}```\n"

    return STEP.sub(answered, text)


def end_group(leader: int) -> None:
    for number in (signal.SIGCONT, signal.SIGKILL):
        try:
            os.killpg(leader, number)
        except ProcessLookupError:
            return


def test_the_drill_is_as_written(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    before = PAGE.read_text(encoding="utf-8")
    text = walked(before, tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PAGE.write_text(text, encoding="utf-8")
        return
    assert masked(text) == masked(before), UPDATE
