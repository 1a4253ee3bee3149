"""Who wrote a line, in which commit: git's blame of what is committed, never of a working tree.

Lines of a file that was edited since are led back to the commit by comparing texts here, so that no
filter or converter of a working tree runs. Under the hardening of `git`: nothing is fetched, and no path
or revision can be an option.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.source.git import open_repository
from handbill.source.tree import WORKING_TREE, SourceTree

if TYPE_CHECKING:
    import git

_HEAD = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}) \d+ (\d+)(?: \d+)?\Z")


@dataclass(frozen=True, slots=True)
class Written:
    """The commit that wrote a line as it is. `day` is its author's, at UTC."""

    commit: str
    author: str
    day: datetime.date
    summary: str


@dataclass(slots=True)
class Blame:
    """Of the files of a configuration as `tree` has them."""

    tree: SourceTree
    commit: str
    folder: str
    """Where the configuration stands in its repository."""
    _git: git.Git
    _known: dict[tuple[str, int], Written | None] = field(default_factory=dict)
    _committed: dict[str, Sequence[int | None]] = field(default_factory=dict)

    def of(self, file: str, line: int) -> Written | None:
        """None for a line, counted from 1, that is not committed as it is."""
        if (file, line) not in self._known:
            there = self._line_in_commit(file, line)
            self._known[file, line] = None if there is None else self._asked(file, there)
        return self._known[file, line]

    def _line_in_commit(self, file: str, line: int) -> int | None:
        if self.tree.revision != WORKING_TREE:
            return line
        if file not in self._committed:
            self._committed[file] = self._led_back(file)
        lines = self._committed[file]
        return lines[line - 1] if 1 <= line <= len(lines) else None

    def _led_back(self, file: str) -> Sequence[int | None]:
        """For each line of the file as it is, its number in the commit."""
        now = self.tree.read(file).split(b"\n")
        there: list[int | None] = [None] * len(now)
        before = self._answer("cat-file", "blob", f"{self.commit}:{self._path(file)}")
        old = before.split(b"\n") if before is not None else []
        for block in SequenceMatcher(None, old, now, autojunk=False).get_matching_blocks():
            for step in range(block.size):
                there[block.b + step] = block.a + step + 1
        return there

    def _asked(self, file: str, line: int) -> Written | None:
        arguments = ("-c", "blame.ignoreRevsFile=", "blame", "--porcelain", "--no-textconv")
        answer = self._answer(
            *arguments, "-L", f"{line},{line}", self.commit, "--", self._path(file)
        )
        return read_porcelain(answer.decode("utf-8", "replace")) if answer else None

    def _path(self, file: str) -> str:
        return f"{self.folder}/{file}" if self.folder else file

    def _answer(self, *arguments: str) -> bytes | None:
        import git

        try:
            answer: bytes = self._git.execute(
                ["git", *arguments], stdout_as_string=False, strip_newline_in_stdout=False
            )
        except git.CommandError:
            return None
        return answer


def open_blame(folder: Path, tree: SourceTree) -> Blame | None:
    """None where the folder is in no git repository, or nothing was ever committed."""
    opened = open_repository(folder)
    if isinstance(opened, Diagnostic):
        return None
    repo, inner = opened
    if tree.revision != WORKING_TREE:
        return Blame(tree, tree.revision, inner, repo.git)
    blame = Blame(tree, "", inner, repo.git)
    head = blame._answer("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if not head:
        return None
    blame.commit = head.decode("ascii").strip()
    return blame


def read_porcelain(text: str) -> Written | None:
    """The one line that `git blame --porcelain` was asked about."""
    lines = text.split("\n")
    head = _HEAD.match(lines[0])
    if head is None:
        return None
    said = dict(line.partition(" ")[::2] for line in lines[1:] if not line.startswith("\t"))
    seconds = said.get("author-time", "0")
    moment = datetime.datetime.fromtimestamp(
        int(seconds) if seconds.lstrip("-").isdigit() else 0, datetime.UTC
    )
    return Written(head[1], said.get("author", ""), moment.date(), said.get("summary", ""))
