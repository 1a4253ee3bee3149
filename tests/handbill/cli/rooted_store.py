"""Commands of trust run in a folder with keys of three root owners, a publisher and an operator."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click
from click.testing import CliRunner, Result

from handbill.cli.pause import pause
from handbill.cli.resume import resume
from handbill.cli.root import root
from handbill.cli.verify import verify
from handbill.publish.keys import generate_key, write_key

KEYS = ("alice", "bob", "carol", "publisher", "successor", "operator")


@dataclass
class RootedStore:
    folder: Path

    def __post_init__(self) -> None:
        for name in KEYS:
            write_key(self.folder / name, generate_key())

    def __call__(self, command: click.Command, *words: str) -> Result:
        """A word that ends in a file's or key's name of this folder is written `@name`."""
        spelt = [f"{self.folder}/{word[1:]}" if word.startswith("@") else word for word in words]
        return CliRunner().invoke(command, spelt, catch_exceptions=False)

    def root(self, *words: str) -> Result:
        return self(root, *words)

    def set_up(self) -> None:
        """Version 1, of two of three, is in the store."""
        owners = [f for name in KEYS[:3] for f in ("--root-key", f"@{name}.pub")]
        staging = [
            "--env",
            "staging",
            "--publisher",
            "@publisher.pub",
            "--operator",
            "@operator.pub",
        ]
        for words in (
            ["init", *owners, "--root-threshold", "2", *staging, "--out", "@root.json"],
            ["sign", "@root.json", "--key", "@alice"],
            ["sign", "@root.json", "--key", "@bob"],
            ["publish", "@root.json", "--store", "@store"],
        ):
            done = self.root(*words)
            assert done.exit_code == 0, done.output

    def add_operator(self, name: str, threshold: int) -> None:
        """Version 2, in which so many operators sign a stop."""
        more = ["--env", "staging", "--operator", f"@{name}.pub"]
        for words in (
            ["add", "@root.json", *more, "--operator-threshold", str(threshold)],
            ["sign", "@root-2.json", "--key", "@alice", "--before", "@root.json"],
            ["sign", "@root-2.json", "--key", "@bob", "--before", "@root.json"],
            ["publish", "@root-2.json", "--store", "@store"],
        ):
            done = self.root(*words)
            assert done.exit_code == 0, done.output

    def pause(self, *words: str, key: str = "operator", trust: str = "@root.json") -> Result:
        return self(pause, *self._place(key, trust), "--reason", "prices", "--by", "olga", *words)

    def resume(self, *words: str, key: str = "operator", trust: str = "@root.json") -> Result:
        return self(resume, *self._place(key, trust), "--reason", "mended", *words)

    def verify(self, *words: str, trust: str = "@root.json") -> Result:
        return self(verify, "--env", "staging", "--store", "@store", "--trust", trust, *words)

    def _place(self, key: str, trust: str) -> tuple[str, ...]:
        trusted = ("--trust", trust) if trust else ()
        return ("--env", "staging", "--store", "@store", "--key", f"@{key}", *trusted)
