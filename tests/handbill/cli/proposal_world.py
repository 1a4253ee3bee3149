"""A clone with a proposal in it, and `handbill ci` run about it, at home or in GitHub's surroundings."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from github_stand_in import REPOSITORY

from handbill.cli.ci import ci

BASE = Path(__file__).parents[2] / "golden" / "base"
CAMPAIGN = "tenants/fresh-fields/campaigns/hello.yaml"
SUBJECT = "Double points this weekend"


@dataclass
class Proposal:
    """`folder` is a clone in which `topic` is checked out; `environment` is GitHub's."""

    folder: Path
    out: Path
    environment: dict[str, str] = field(default_factory=dict)

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments]
        done = subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, file: str, text: str) -> str:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-qm", "an edit")
        return self.git("rev-parse", "HEAD")

    def subject(self, new: str) -> str:
        text = (self.folder / CAMPAIGN).read_text("utf-8")
        return self.commit(CAMPAIGN, text.replace(SUBJECT, new))

    def ci(self, *arguments: str) -> Result:
        at = ["--at", "2026-11-24T09:00Z"]
        command = ["--root", str(self.folder), "--out", str(self.out), *at, *arguments]
        return self.run(*command)

    def run(self, *arguments: str) -> Result:
        environment: dict[str, str | None] = {
            **dict.fromkeys(("GITHUB_ACTIONS", "GITHUB_EVENT_PATH", "GITHUB_TOKEN")),
            **self.environment,
        }
        return CliRunner().invoke(ci, arguments, env=environment, catch_exceptions=False)

    def report(self) -> Any:
        return json.loads((self.out / "review.json").read_text("utf-8"))

    def on_github(self, event: Any, api_url: str = "http://127.0.0.1:1") -> None:
        path = self.out.parent / "event.json"
        path.write_text(json.dumps(event), encoding="utf-8")
        self.environment = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_SHA": "9" * 40,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_SERVER_URL": "https://git.example",
            "GITHUB_API_URL": api_url,
            "GITHUB_RUN_ID": "99",
            "GITHUB_STEP_SUMMARY": str(self.out.parent / "summary"),
            "GITHUB_OUTPUT": str(self.out.parent / "output"),
            "RUNNER_TEMP": str(self.out.parent),
        }

    def pull_request(self) -> dict[str, Any]:
        base, head = self.git("rev-parse", "main"), self.git("rev-parse", "HEAD")
        ends = {"base": {"sha": base}, "head": {"sha": head}}
        return {"pull_request": {"number": 7, "user": {"login": "dora"}, **ends}}


def new_proposal(tmp_path: Path) -> Proposal:
    folder = tmp_path / "config"
    shutil.copytree(BASE, folder)
    world = Proposal(folder, tmp_path / "out")
    world.git("init", "-q", "-b", "main")
    world.git("add", "-A")
    world.git("commit", "-qm", "the first")
    world.git("checkout", "-q", "-b", "topic")
    return world
