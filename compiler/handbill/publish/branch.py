"""The tip of a local branch, read from git's files: cheap enough to ask every few milliseconds.

Nothing is started and nothing is locked: a loose ref is a file of one line, and git replaces it by
renaming. Works in a work tree, a linked work tree and a bare repository.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.publish.commits import FULL_ID, CommitLog

_NAME = re.compile(r"(?!.*(?:\.\.|//|@\{|/\.|\.lock(?:/|$)))[A-Za-z0-9_][A-Za-z0-9_./+@-]{0,199}")


@dataclass
class Branch:
    """A branch of a repository on this machine, which somebody else moves."""

    repository: Path
    name: str
    common: Path
    """The repository's own folder: `.git`, or itself where it is bare."""
    interval: float = 0.005
    """Seconds between two looks."""
    _packed: tuple[tuple[int, int, int], str | None] | None = field(default=None, repr=False)
    _log: CommitLog | None = field(default=None, repr=False)

    @property
    def is_local(self) -> bool:
        return True

    @property
    def log(self) -> CommitLog:
        if self._log is None:
            self._log = CommitLog(self.common)
        return self._log

    def refresh(self, hinted: float | None, stop: Callable[[], bool]) -> float | None:
        """Nothing is fetched: the branch is here."""
        return None

    def rest(self) -> float:
        """Seconds until it is worth a look again."""
        return self.interval

    def moved_at(self) -> float | None:
        """When the tip was written (Unix seconds); None where it has no file of its own."""
        try:
            return (self.common / "refs" / "heads" / self.name).stat().st_mtime
        except OSError:
            return None

    def tip(self) -> str | None:
        """The branch's commit, or None where there is no such branch (yet)."""
        return self._loose() or self._from_packed_refs()

    def contains(self, later: str, earlier: str) -> bool:
        """Whether `earlier` is `later` or an ancestor of it; False where a commit is unknown."""
        return self.log.contains(later, earlier)

    def _loose(self) -> str | None:
        try:
            with open(self.common / "refs" / "heads" / self.name, "rb") as file:
                text = file.read(128).decode("ascii", "replace").strip()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        return text if FULL_ID.fullmatch(text) else None

    def _from_packed_refs(self) -> str | None:
        path = self.common / "packed-refs"
        try:
            status = path.stat()
            version = (status.st_mtime_ns, status.st_ino, status.st_size)
            if self._packed is None or self._packed[0] != version:
                self._packed = version, _packed_tip(path, f"refs/heads/{self.name}")
        except FileNotFoundError:
            return None
        return self._packed[1]


def is_branch_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and not name.endswith((".", "/"))


def no_branch_name(name: str) -> Diagnostic:
    return Diagnostic(
        "HB850",
        f"`{name}` is not the name of a branch",
        hint="name a branch, such as --branch main",
    )


def open_branch(repository: Path, name: str) -> Branch | Diagnostic:
    """The branch of the repository that `repository` is, or is a folder of."""
    if not is_branch_name(name):
        return no_branch_name(name)
    common = _common_folder(repository.absolute())
    if common is None:
        return Diagnostic(
            "HB101",
            f"{repository} is not a git repository",
            hint="give the folder of the configuration repository: --repo DIR",
        )
    if (common / "reftable").exists():
        return Diagnostic(
            "HB851",
            f"{repository} keeps its branches in git's reftable format, which --watch cannot follow",
            hint="git refs migrate --ref-format=files",
        )
    branch = Branch(repository, name, common)
    if branch.tip() is None:
        return Diagnostic(
            "HB850",
            f"there is no branch `{name}` in {repository}",
            hint="name a local branch that has a commit: `git branch` lists them",
        )
    return branch


def open_log(repository: Path) -> CommitLog | None:
    """The commits of the repository that `repository` is, or is a folder of; None where it is none."""
    common = _common_folder(repository.absolute())
    return CommitLog(common) if common is not None else None


def _common_folder(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        dot_git = folder / ".git"
        if dot_git.is_dir():
            return dot_git
        if dot_git.is_file():
            return _linked(folder, dot_git)
        if (folder / "HEAD").is_file() and (folder / "refs").is_dir():
            return folder
    return None


def _linked(folder: Path, dot_git: Path) -> Path | None:
    """The common folder behind a linked work tree's `.git` file."""
    text = dot_git.read_text(errors="replace")
    if not text.startswith("gitdir: "):
        return None
    private = folder / text.removeprefix("gitdir: ").strip()
    common = private / "commondir"
    if common.is_file():
        private = private / common.read_text(errors="replace").strip()
    return private.resolve() if (private / "refs").is_dir() else None


def _packed_tip(path: Path, ref: str) -> str | None:
    wanted = f" {ref}"
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.rstrip("\n").endswith(wanted):
                object_id = line.split(" ", 1)[0]
                return object_id if FULL_ID.fullmatch(object_id) else None
    return None
