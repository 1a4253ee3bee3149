"""A configuration in a git repository, a store, customers, and the command line as real processes; and
the samples, compiled once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from handbill.pipeline import Compiled, compile_tree
from handbill.source.working_tree import open_working_tree

SAMPLES = Path(__file__).parents[2]
BASE = SAMPLES / "tests" / "golden" / "base"
ENVIRONMENT = "local"


@dataclass(frozen=True)
class World:
    """Everything is below `folder`; the configuration is in `repository`."""

    folder: Path

    @property
    def repository(self) -> Path:
        return self.folder / "configuration"

    @property
    def key(self) -> Path:
        return self.folder / "signing.key"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.db"

    @property
    def store(self) -> str:
        return (self.folder / "store").as_uri()

    def write(self, files: Mapping[str, str]) -> None:
        """Files of the configuration."""
        for path, text in files.items():
            target = self.repository / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(textwrap.dedent(text), encoding="utf-8")

    def environment(self, providers: str) -> None:
        """The one environment: everything local, everyone receives."""
        self.write(
            {
                f"environments/{ENVIRONMENT}.yaml": f"""\
                recipients: everyone
                data: {{root: "{(self.folder / "data").as_uri()}/{{tenant}}"}}
                store: {self.store}
                ledger: sqlite://{self.ledger}
                public_url: http://127.0.0.1:9
                assets_url: http://127.0.0.1:9/assets
                providers: {providers}
                """
            }
        )

    def customers(self, tenant: str, table: str) -> None:
        folder = self.folder / "data" / tenant
        folder.mkdir(parents=True)
        (folder / "customers.csv").write_text(textwrap.dedent(table), encoding="utf-8")

    def commit(self, message: str) -> str:
        if not (self.repository / ".git").exists():
            self._git("init", "--quiet", "--initial-branch=main")
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", message)
        return self._git("rev-parse", "HEAD")

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.repository / path).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (self.repository / path).write_text(text.replace(old, new), encoding="utf-8")

    def _git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=Ann", "-c", "user.email=ann@shop.example")
        command = ["git", *identity, *arguments]
        done = subprocess.run(
            command, cwd=self.repository, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def handbill(self, *arguments: str) -> str:
        """What the command writes to stdout; it must end with 0."""
        done = subprocess.run(
            [sys.executable, "-m", "handbill.cli.main", *arguments],
            cwd=self.folder,
            env={**os.environ, "TOKEN": "t0ken"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def publish(self) -> dict[str, Any]:
        place = ("--env", ENVIRONMENT, "--repo", str(self.repository), "--key", str(self.key))
        published: dict[str, Any] = json.loads(
            self.handbill("publish", *place, "--first", "--output", "json")
        )
        return published

    def run(self, at: str) -> dict[str, Any]:
        """The tenants' summaries of what is due at `at`."""
        done = self.handbill(
            "run", "--store", self.store, "--env", ENVIRONMENT, "--trust", f"{self.key}.pub",
            "--state", str(self.folder / "state"), "--once", "--at", at, "--output", "json",
        )  # fmt: skip
        tenants: dict[str, Any] = json.loads(done)["tenants"]
        return tenants


@pytest.fixture(scope="session")
def make_world() -> Callable[[Path], World]:
    """The base configuration with no environment yet, and a key made by `handbill keygen`."""

    def make(folder: Path) -> World:
        world = World(folder)
        shutil.copytree(BASE, world.repository)
        shutil.rmtree(world.repository / "environments")
        world.handbill("keygen", "--out", str(world.key))
        return world

    return make


@pytest.fixture(scope="session")
def samples() -> Compiled:
    """The sample retailers, as they stand in the working tree."""
    tree, found = open_working_tree(SAMPLES)
    assert tree is not None
    return compile_tree(tree, found)
