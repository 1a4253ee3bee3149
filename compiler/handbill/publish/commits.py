"""Commits of a repository, read through one git process that stays: parents, author and subject.

What a publisher asks of every commit (is it newer than the active one, what lies between) is answered
by the few commits around the tip; only a question that reaches further starts a process.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from handbill.source.git import HARDENED
from handbill.source.git_objects import Wanted
from handbill.source.object_process import ObjectProcess

FULL_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LIMIT = 256 * 1024
_NEAR = 64
"""Commits that are looked at before git is asked."""
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class Commit:
    """`author` is `Name <address>`, as written; `subject` the first line of the message."""

    id: str
    parents: tuple[str, ...]
    author: str
    subject: str


class CommitLog:
    """Of the repository whose own folder (`.git`, or itself where it is bare) is `common`."""

    def __init__(self, common: Path) -> None:
        self._common = common
        self._environment = {**os.environ, **HARDENED, "GIT_DIR": str(common)}
        self._objects = ObjectProcess(self._environment)
        self._known: dict[str, Commit] = {}

    def commit(self, commit: str) -> Commit | None:
        """None where the repository lacks it, or it is too large to be one that people write."""
        if commit not in self._known:
            if FULL_ID.fullmatch(commit) is None:
                return None
            (answer,) = self._objects.read([Wanted(commit, "commit", _LIMIT)])
            if not isinstance(answer, bytes):
                return None
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[commit] = parse_commit(commit, answer)
        return self._known[commit]

    def contains(self, later: str, earlier: str) -> bool:
        """Whether `earlier` is `later` or an ancestor of it; False where a commit is unknown."""
        if later == earlier:
            return True
        if later in self._near(earlier):
            return False
        near = self._near(later)
        if earlier in near:
            return True
        return len(near) >= _NEAR and is_ancestor(self._environment, later, earlier)

    def between(self, later: str, earlier: str) -> tuple[str, ...]:
        """The commits that `later` has and `earlier` has not, without `later`, oldest first; at most
        about 64, the newest."""
        old = self._near(earlier)
        return tuple(
            reversed([each for each in self._near(later, old) if each != later and each not in old])
        )

    def _near(self, start: str, stop: Container[str] = ()) -> dict[str, None]:
        """`start` and its closest ancestors, nearest first, not beyond `stop`."""
        found: dict[str, None] = {}
        waiting = [start]
        while waiting and len(found) < _NEAR:
            at = waiting.pop(0)
            if at in found or at in stop or (commit := self.commit(at)) is None:
                continue
            found[at] = None
            waiting += commit.parents
        return found


def is_ancestor(environment: dict[str, str], later: str, earlier: str) -> bool:
    """Git's own answer, by a process of its own. Both must be full ids."""
    command = ["git", "merge-base", "--is-ancestor", earlier, later]
    return subprocess.run(command, env=environment, capture_output=True).returncode == 0


def parse_commit(commit: str, data: bytes) -> Commit:
    """What a raw commit object says; whatever it lacks is empty."""
    head, _, message = data.partition(b"\n\n")
    lines = head.split(b"\n")
    return Commit(
        commit,
        tuple(each.decode("ascii", "replace") for each in _values(lines, b"parent ")),
        next((_author(each) for each in _values(lines, b"author ")), ""),
        message.lstrip(b"\n").split(b"\n", 1)[0].decode("utf-8", "replace"),
    )


def _values(lines: list[bytes], name: bytes) -> Iterator[bytes]:
    return (line.removeprefix(name) for line in lines if line.startswith(name))


def _author(value: bytes) -> str:
    """`Name <address> seconds zone` without the time."""
    name, closed, _ = value.rpartition(b">")
    return (name + closed).decode("utf-8", "replace")
