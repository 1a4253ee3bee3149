"""Real configurations on disk and in git."""

from __future__ import annotations

import os
import pathlib
import subprocess
from collections.abc import Callable

import pytest

Git = Callable[..., bytes]


@pytest.fixture
def git(tmp_path: pathlib.Path) -> Git:
    """Runs git in `tmp_path`, a fresh repository with one author and a fixed date."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_AUTHOR_NAME": "Ann",
        "GIT_AUTHOR_EMAIL": "ann@shop.example",
        "GIT_COMMITTER_NAME": "Ann",
        "GIT_COMMITTER_EMAIL": "ann@shop.example",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }

    def run(*arguments: str, given: bytes = b"") -> bytes:
        command = ["git", "-C", str(tmp_path), *arguments]
        done = subprocess.run(
            command, input=given, env=environment, capture_output=True, check=True
        )
        return done.stdout

    run("init", "--quiet", "--initial-branch=main")
    return run


@pytest.fixture
def write(tmp_path: pathlib.Path) -> Callable[[str, str], pathlib.Path]:
    """Writes a file below `tmp_path`."""

    def put(path: str, text: str) -> pathlib.Path:
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    return put
