"""docs/why.md shows what `handbill why` really prints about the files beside it."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess

import pages
import pytest
from pages import BASE, DOCS, UPDATE, filled, read_page

PAGE = read_page(DOCS / "why.md")
ANN = {
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@shop.example",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@shop.example",
    "GIT_AUTHOR_DATE": "2026-11-02T09:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-02T09:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def over_a_commit(files: dict[str, str], folder: pathlib.Path) -> None:
    """What every retailer shares is committed, the page's own files are not."""
    shutil.copytree(BASE, folder)
    for command in (
        "init --quiet --initial-branch=main",
        "add channels schemas handbill.yaml environments",
        "commit --quiet -m Base",
    ):
        subprocess.run(["git", *command.split()], cwd=folder, env={**os.environ, **ANN}, check=True)
    pages.lay_out(files, folder)


def test_outputs_are_real(tmp_path: pathlib.Path, pytestconfig: pytest.Config) -> None:
    text = filled(PAGE, tmp_path, over_a_commit)
    if pytestconfig.getoption("--update-golden"):
        PAGE.path.write_text(text, encoding="utf-8")
    assert text == PAGE.path.read_text(encoding="utf-8"), UPDATE


def test_what_the_page_says_of_each_output() -> None:
    for said in ("Ann, 2026-11-02", "not committed", "reaches 1 campaign of 1 tenant", "reads it"):
        assert said in PAGE.text, said
