"""Questions about commits rather than files: where two branches parted, and what came before.

Under the same hardening as `git`: the repository is local, nothing is fetched, and no name that could
be an option reaches a command.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.source.git import REVISION, open_repository

if TYPE_CHECKING:
    import git


@dataclass(frozen=True, slots=True)
class Commits:
    """A repository's commits. Every name that is asked about is a commit's or matches REVISION."""

    _git: git.Git

    def resolve(self, revision: str) -> str | None:
        """The full id of the commit that a name stands for."""
        return self._answer("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor of two commits; None where the repository has none."""
        answer = self._answer("merge-base", one, other)
        return answer.splitlines()[0] if answer else None

    def first_parents(self, commit: str, most: int) -> tuple[str, ...]:
        """The commits before this one on its own branch, newest first."""
        listed = self._answer("rev-list", "--first-parent", f"--max-count={most + 1}", commit, "--")
        return tuple((listed or "").split()[1:])

    def is_shallow(self) -> bool:
        return self._answer("rev-parse", "--is-shallow-repository") == "true"

    def has_edits(self) -> bool:
        """Whether the folder differs from what is committed."""
        return self._answer("status", "--porcelain", "--no-renames") is not None

    def names(self) -> tuple[str, ...]:
        """Branches and tags, those of remotes too."""
        listed = self._answer(
            "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"
        )
        return tuple((listed or "").split())

    def _answer(self, *arguments: str) -> str | None:
        import git

        try:
            answer = str(self._git.execute(["git", *arguments]))
        except git.CommandError:
            return None
        return answer.strip() or None


def open_commits(repository: Path) -> Commits | Diagnostic:
    """The commits of the repository that the folder is in."""
    opened = open_repository(repository)
    return opened if isinstance(opened, Diagnostic) else Commits(opened[0].git)


def may_name_commits(text: str) -> bool:
    """Whether git may be asked about it at all: nothing that could be read as an option, no `..`."""
    return bool(REVISION.match(text)) and ".." not in text
