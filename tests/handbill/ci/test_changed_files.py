"""Files that a change edits, out of a real repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

from handbill.ci.changed_files import changed_files


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_both_names_of_a_moved_file_and_nothing_outside(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    folder = tmp_path / "config" / "tenants"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("a: 1\n" * 20)
    (folder / "stays.yaml").write_text("b: 1\n")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "1")
    base = git(tmp_path, "rev-parse", "HEAD")
    (folder / "a.yaml").rename(folder / "café.yaml")
    (tmp_path / "README").write_text("x")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "2")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert changed_files(tmp_path, base, head, "config") == (
        "tenants/a.yaml",
        "tenants/café.yaml",
    )
    assert "README" in changed_files(tmp_path, base, head)
