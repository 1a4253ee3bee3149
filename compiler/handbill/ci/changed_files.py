"""Which files a change edits: what scope and owners go by."""

from __future__ import annotations

from pathlib import Path

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.source.git import open_repository


def changed_files(repository: Path, base: str, head: str, subfolder: str = "") -> tuple[str, ...]:
    """Paths from `subfolder` on that differ between two commits (full ids), old names of moved files
    included, sorted. Files outside of `subfolder` are no matter of the configuration."""
    opened = open_repository(repository)
    assert not isinstance(opened, Diagnostic), "both commits were read from it"
    listed: bytes = opened[0].git.diff_tree(
        "-r", "-z", "--name-only", "--no-renames", base, head, "--", stdout_as_string=False
    )
    beginning = f"{subfolder.strip('/')}/" if subfolder.strip("/") else ""
    paths = (each.decode("utf-8", "surrogateescape") for each in listed.split(b"\0") if each)
    return tuple(
        sorted(path.removeprefix(beginning) for path in paths if path.startswith(beginning))
    )
