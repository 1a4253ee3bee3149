"""docs/ci.md shows what `handbill ci` really says and writes about the edit on the page."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
from collections.abc import Iterator

import pytest
from pages import DOCS, UPDATE, Page, lay_out, played, read_page

PATH = DOCS / "ci.md"
COMMENT = re.compile(r"^    <!-- handbill:review -->\n(?:(?:    .*)?\n)*", re.MULTILINE)
"""Indented, because it has fences of its own."""
ANN = {
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@shop.example",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@shop.example",
    "GIT_AUTHOR_DATE": "2026-11-02T09:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-02T09:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("GITHUB_ACTIONS", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    yield


def git(folder: pathlib.Path, *arguments: str) -> None:
    environment = {**os.environ, **ANN}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True)


def with_outputs(page: Page, folder: pathlib.Path) -> str:
    """The page with what its command prints, and the comment that it writes."""
    lay_out({}, folder)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "main")
    (section,) = [each for each in page.sections if each.consoles]
    git(folder, "checkout", "--quiet", "-b", "topic")
    lay_out(page.files_of(section), folder)
    git(folder, "commit", "--quiet", "--all", "--message", "topic")
    (console,) = section.consoles
    printed = "\n".join(played(console, folder))
    comment = (folder / "review" / "comment.md").read_text("utf-8").splitlines()
    written = "\n".join(f"    {line}".rstrip() for line in comment)
    text = page.text.replace(console.text.rstrip("\n"), printed, 1)
    return COMMENT.sub(lambda _: f"{written}\n\n", text, count=1)


def test_outputs_are_real(tmp_path: pathlib.Path, pytestconfig: pytest.Config) -> None:
    text = with_outputs(read_page(PATH), tmp_path)
    if pytestconfig.getoption("--update-golden"):
        PATH.write_text(text, encoding="utf-8")
    assert text == PATH.read_text(encoding="utf-8"), UPDATE
