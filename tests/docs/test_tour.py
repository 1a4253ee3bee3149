"""docs/tour: three pull requests on the sample retailers, and what is really said about each.

A scratch repository with a bare remote: `main` is pushed, a branch has the patch, and the commands of
the page run in a clone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from pages import DOCS, ROOT, UPDATE

from handbill.cli.demo.scratch import CONFIGURATION

TOUR = DOCS / "tour"
PAGE = TOUR / "README.md"
AT = "2026-11-24T09:00Z"
PULL_REQUESTS = ("1-subject", "2-audience", "3-platform-default")
_OUTPUT = re.compile(
    r"<!-- begin: (?P<name>[\w/.-]+) -->\n(?P<fence>`{3,})(?P<language>\w*)\n.*?"
    r"(?P=fence)\n<!-- end -->",
    re.DOTALL,
)


class Scratch:
    """A bare remote and a clone of it whose commits are the same on every machine."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "clone"
        self._environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": "2026-11-24T08:00:00Z",
            "GIT_COMMITTER_DATE": "2026-11-24T08:00:00Z",
            **{
                f"GIT_{who}_{what}": value
                for who in ("AUTHOR", "COMMITTER")
                for what, value in (("NAME", "Mira"), ("EMAIL", "mira@shop.example"))
            },
        }
        for name in list(self._environment):
            if name.startswith("GITHUB_") or name == "NO_COLOR":
                del self._environment[name]
        self.run(folder, "git", "init", "-q", "--bare", "-b", "main", "remote.git")
        self.run(folder, "git", "clone", "-q", "remote.git", "clone")
        for name in (*CONFIGURATION, "environments"):
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, self.clone / name)
            elif source.is_file():
                shutil.copy(source, self.clone / name)
        self.git("checkout", "-q", "-b", "main")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "The sample retailers")
        self.git("push", "-q", "origin", "main")

    def run(self, folder: Path, *command: str, expect: int | None = 0) -> str:
        done = subprocess.run(
            command, cwd=folder, env=self._environment, capture_output=True, text=True, check=False
        )
        assert expect is None or done.returncode == expect, done.stderr
        return done.stdout + done.stderr

    def git(self, *arguments: str) -> str:
        return self.run(self.clone, "git", *arguments)

    def propose(self, name: str) -> None:
        self.git("checkout", "-q", "-b", name, "main")
        self.git("apply", str(TOUR / name / "change.patch"))
        self.git("commit", "-q", "-a", "-m", f"The pull request of {name}")
        self.git("push", "-q", "origin", name)

    def outputs(self, name: str) -> Mapping[str, str]:
        """What the page shows of one pull request."""
        diff = ("handbill", "diff", "origin/main...HEAD", "--at", AT)
        ci = ("handbill", "ci", "--base", "origin/main", "--at", AT, "--out", "../review")
        said = self.run(self.clone, *diff, expect=None)
        reviewed = self.run(self.clone, *ci, expect=None)
        comment = (self.clone.parent / "review" / "comment.md").read_text(encoding="utf-8")
        return {
            f"{name}/change.patch": (TOUR / name / "change.patch").read_text(encoding="utf-8"),
            f"{name}/diff": f"$ {' '.join(diff)}\n{said}",
            f"{name}/review": f"$ {' '.join(ci)}\n{reviewed}",
            f"{name}/comment": comment,
        }


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    scratch = Scratch(tmp_path_factory.mktemp("tour"))
    found: dict[str, str] = {}
    for name in PULL_REQUESTS:
        scratch.propose(name)
        found |= scratch.outputs(name)
    return found


def test_the_three_pull_requests_give_what_the_page_shows(
    outputs: Mapping[str, str], pytestconfig: pytest.Config
) -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = {found["name"] for found in _OUTPUT.finditer(text)}
    assert shown <= outputs.keys()
    assert {f"{name}/{part}" for name in PULL_REQUESTS for part in ("diff", "review")} <= shown

    def filled(found: re.Match[str]) -> str:
        fence, language = found["fence"], found["language"]
        body = outputs[found["name"]]
        return f"<!-- begin: {found['name']} -->\n{fence}{language}\n{body}{fence}\n<!-- end -->"

    new = _OUTPUT.sub(filled, text)
    if pytestconfig.getoption("--update-golden"):
        PAGE.write_text(new, encoding="utf-8")
    assert new == PAGE.read_text(encoding="utf-8"), UPDATE


def test_each_reaches_what_it_should_and_nothing_else(outputs: Mapping[str, str]) -> None:
    assert "1 campaign of fresh-fields changes; 42 plans are identical" in outputs["1-subject/diff"]
    assert (
        "1 campaign of valle-market changes; 42 plans are identical" in outputs["2-audience/diff"]
    )
    assert "in the same way" in outputs["3-platform-default/diff"]
