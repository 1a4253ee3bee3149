"""`handbill init`: a folder becomes a configuration repository, whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from handbill.authoring.adding import Added
from handbill.authoring.answers import TenantAnswers
from handbill.authoring.placing import move_into_place, staged, write_below
from handbill.authoring.refusals import name_refused, no_folder, not_empty
from handbill.authoring.repository_files import repository_files
from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.pipeline import compile_tree
from handbill.source.working_tree import open_working_tree

BRANCH = "main"
GIT_FOLDER = ".git"


def refused(folder: Path) -> Diagnostic | None:
    """What speaks against making `folder` a repository; a fresh clone with nothing in it may be."""
    if os.path.lexists(folder) and not folder.is_dir():
        return no_folder(folder)
    entries = os.listdir(folder) if folder.is_dir() else []
    in_the_way = [entry for entry in entries if entry != GIT_FOLDER]
    return not_empty(folder, in_the_way) if in_the_way else None


def initialise(
    folder: Path, answers: TenantAnswers, *, git: bool = True, action: str | None = None
) -> Added:
    """Writes the repository, or nothing and says what is wrong.

    The files are checked before they are moved to `folder`, so that a value that cannot be, such as
    an unknown time zone, is told at its line. OSError where the system refuses.
    """
    found = refused(folder) or name_refused("a tenant", answers.name)
    if found is not None:
        return Added(found=(found,))
    if git and shutil.which("git") is None:
        return Added(found=(_no_git(),))
    files = repository_files(answers, action)
    with staged(folder) as stage:
        write_below(stage, files)
        tree, findings = open_working_tree(stage)
        assert tree is not None
        findings = compile_tree(tree, findings).diagnostics
        if has_errors(findings):
            return Added(found=findings, tree=tree)
        if git and not (folder / GIT_FOLDER).exists() and not _inside_a_repository(folder):
            _git(stage, "init", "--quiet", f"--initial-branch={BRANCH}")
        move_into_place(stage, folder)
    return Added(tuple(sorted(files)))


def _no_git() -> Diagnostic:
    return Diagnostic(
        "HB755",
        "git is not installed here, and a configuration lives in git",
        hint="install git, or give --no-git and put the folder into git yourself",
    )


def _inside_a_repository(folder: Path) -> bool:
    """A repository inside another one would be lost to the outer one's git."""
    return any((parent / GIT_FOLDER).exists() for parent in folder.resolve().parents)


def _git(folder: Path, *arguments: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
    subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, env=environment
    )
