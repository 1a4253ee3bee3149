"""docs/trust.md shows what its commands really print, run in order in one folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pages import BASE, DOCS, UPDATE

PAGE = DOCS / "trust.md"
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MASKS = (
    (re.compile(r"ed25519:[A-Za-z0-9+/]{43}="), "ed25519:KEY"),
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "HEX"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "INSTANT"),
    (re.compile(r"\b\d{10}\b"), "NUMBER"),
)


def masked(text: str) -> str:
    """Without what differs from one run to the next: keys, digests, times."""
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return text


def run(command: str, folder: Path) -> str:
    done = subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, env=environment(folder)
    )
    return done.stdout + done.stderr


def environment(folder: Path) -> dict[str, str]:
    (folder / "bin").mkdir(exist_ok=True)
    script = folder / "bin" / "handbill"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m handbill.cli.main "$@"\n')
    script.chmod(0o755)
    identity = {"GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@shop.example"}
    committer = {"GIT_COMMITTER_NAME": "Ann", "GIT_COMMITTER_EMAIL": "ann@shop.example"}
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    return {**os.environ, **identity, **committer, "PATH": path, "TOKEN": "t"}


def answered(block: re.Match[str], folder: Path) -> str:
    lines = []
    for line in block[1].splitlines():
        if line.startswith("$ "):
            lines += [line, *run(line[2:], folder).splitlines()]
    return "```console\n" + "\n".join(lines) + "\n```"


def test_outputs_are_real(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    folder = tmp_path / "work"
    shutil.copytree(BASE, folder)
    run("git init -q -b main && git add -A && git commit -qm 'Soup season'", folder)
    text = CONSOLE.sub(lambda block: answered(block, folder), PAGE.read_text(encoding="utf-8"))
    if pytestconfig.getoption("--update-golden"):
        PAGE.write_text(text, encoding="utf-8")
    assert masked(text) == masked(PAGE.read_text(encoding="utf-8")), UPDATE
