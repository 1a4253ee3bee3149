"""docs/diff.md shows what `handbill diff` really prints about the files beside it."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess

import pages
import pytest
from pages import BASE, DOCS, UPDATE, filled, read_page

PAGE = read_page(DOCS / "diff.md")
ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@shop.example",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@shop.example",
    "GIT_AUTHOR_DATE": "2026-11-02T09:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-02T09:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def over_a_commit(files: dict[str, str], folder: pathlib.Path) -> None:
    """The base as `main`, and `files` over it in the folder."""
    shutil.copytree(BASE, folder)
    for command in ("init --quiet --initial-branch=main", "add --all", "commit --quiet -m Base"):
        environment = {**os.environ, **ENVIRONMENT}
        subprocess.run(["git", *command.split()], cwd=folder, env=environment, check=True)
    pages.lay_out(files, folder)


def test_outputs_are_real(tmp_path: pathlib.Path, pytestconfig: pytest.Config) -> None:
    text = filled(PAGE, tmp_path, over_a_commit)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE


def test_what_the_page_says_of_each_output() -> None:
    """Outputs are written by machine: what must be in them is said here."""
    assert "HB000" not in PAGE.text
    for said in (
        "1 campaign of fresh-fields changes",
        "1 campaign of fresh-fields starts; 1 plan is identical",
        "{+until Sunday+}",
        "fewer customers: nobody new, and some no longer",
        "limits.per_customer: 4 per 7 days → 3 per 7 days",
        "error[HB505]",
    ):
        assert said in PAGE.text, said
