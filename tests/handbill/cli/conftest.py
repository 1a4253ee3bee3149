"""A configuration repository in git with a store and a key, and commands run in it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "ci"))  # its stand-in of GitHub

from tested_base import Base

from handbill.cli.history import history
from handbill.cli.publish import publish
from handbill.cli.rollback import rollback
from handbill.publish.keys import generate_key, write_key

BASE = Path(__file__).parents[2] / "golden" / "base"
CAMPAIGN = "tenants/fresh-fields/campaigns/hello.yaml"


@dataclass
class Published:
    """`folder` is the repository; its environment `staging` publishes to `store`."""

    folder: Path
    store: Path
    key: Path

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
        done = subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def edit(self, file: str, old: str, new: str) -> str:
        """Replaces text and commits; returns the commit."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "an edit")
        return self.git("rev-parse", "HEAD")

    def subject(self, old: str, new: str) -> str:
        return self.edit(CAMPAIGN, old, new)

    def publish(self, *arguments: str, environment: str = "staging") -> Result:
        return self._run(publish, environment, "--key", str(self.key), "--first", *arguments)

    def rollback(self, *arguments: str) -> Result:
        return self._run(rollback, "staging", "--key", str(self.key), *arguments)

    def history(self, *arguments: str, trust: str | None = None) -> Result:
        return self._run(history, "staging", "--trust", trust or f"{self.key}.pub", *arguments)

    def published(self, *arguments: str) -> dict[str, Any]:
        result: dict[str, Any] = json.loads(self.publish("--output", "json", *arguments).stdout)
        return result

    def _run(self, command: click.Command, environment: str, *arguments: str) -> Result:
        place = ["--env", environment, "--repo", str(self.folder)]
        return CliRunner().invoke(command, [*place, *arguments], catch_exceptions=False)


@pytest.fixture
def published(tmp_path: Path) -> Published:
    """Nothing is published yet."""
    folder, store, key = tmp_path / "config", tmp_path / "store", tmp_path / "signing.key"
    shutil.copytree(BASE, folder)
    write_key(key, generate_key())
    environment = folder / "environments" / "staging.yaml"
    text = environment.read_text("utf-8")
    old = "store: file:///var/lib/handbill/store"
    assert old in text
    environment.write_text(text.replace(old, f"store: {store.as_uri()}"), encoding="utf-8")
    world = Published(folder, store, key)
    world.git("init", "-q", "-b", "main")
    world.git("add", "-A")
    world.git("commit", "-q", "-m", "the first")
    return world


@pytest.fixture
def base(tmp_path: Path) -> Base:
    """A configuration whose campaign can be tested."""
    return Base(tmp_path / "tested")
