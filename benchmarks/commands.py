"""Commands as contenders: each repetition is a process of its own, start-up included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launcher.py")


class Failed(Exception):
    """A contender did not do its work; the message holds what it said."""


@dataclass(slots=True)
class Process:
    """A command that is run once per repetition, in `folder`, after `before`.

    `peak` is the most memory that one process of it ever took, `together` the most that all of them
    held at a time as far as it was looked at (0: not looked at), in bytes; `cpu` one figure per
    repetition, in seconds.
    """

    command: Sequence[str]
    folder: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], object] = lambda: None
    look_seconds: float = 0.0
    peak: int = 0
    together: int = 0
    cpu: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        self.before()
        launcher = (sys.executable, "-S", str(LAUNCHER), str(self.look_seconds))
        launched = subprocess.run(
            (*launcher, *self.command),
            stdout=subprocess.PIPE,
            check=True,
            cwd=self.folder,
            env={**os.environ, **self.environment},
        )
        found = json.loads(launched.stdout)
        if found["code"]:
            raise Failed(f"{self.command[:4]} ended with {found['code']}: {found['said']}")
        self.peak = max(self.peak, found["largest"])
        self.together = max(self.together, found["together"] or 0)
        self.cpu.append(found["cpu"])
        return float(found["seconds"])
