"""The demo's own git repository: a copy of the configuration, and an environment that stays here."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

CONFIGURATION = (
    "handbill.yaml",
    "fields.yaml",
    "assets",
    "audiences",
    "blueprints",
    "channels",
    "groups",
    "personas",
    "schemas",
    "templates",
    "tenants",
)
BRANCH = "main"
ENVIRONMENT = "demo"
SECRET_FILE = "secret"
_DEMO = "demo@handbill.example"
_IDENTITY = ("-c", "user.name=Demo", "-c", f"user.email={_DEMO}")
VISITOR = {"user.name": "You", "user.email": "you@handbill.example"}
"""Who commits to the scratch repository by hand: this machine may not know who its user is."""
_QUIET = ("-c", "gc.auto=0", "-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null")


@dataclass(frozen=True, slots=True)
class Ports:
    smtp: int
    http: int
    links: int


def environment_yaml(folder: Path, ports: Ports) -> str:
    """environments/demo.yaml with everything on this machine, below `folder`."""
    here = "http://127.0.0.1"
    secret = f'"file:{folder / SECRET_FILE}"'
    return f"""\
# Written by `handbill demo`: one machine, nothing real.
recipients: everyone
data: {{root: "{(folder / "data").as_uri()}/{{tenant}}"}}
store: {(folder / "store").as_uri()}
ledger: sqlite://{folder / "ledger.db"}
public_url: {here}:{ports.links}
assets_url: {here}:{ports.links}/assets
providers:
  mail: {{contract: smtp, url: "smtp://127.0.0.1:{ports.smtp}"}}
  fcm: {{contract: fcm, url: "{here}:{ports.http}/fcm/v1", secret: {secret}}}
  text: {{contract: twilio, url: "{here}:{ports.http}/twilio", secret: {secret}}}
  counter: {{contract: json, url: "{here}:{ports.http}/counter", secret: {secret}}}
"""


class ScratchRepository:
    """A git repository at `path` with one branch, for one demo."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self, configuration: Path, environment: str) -> str:
        """Copies the configuration, commits it, and returns the commit."""
        self.path.mkdir(parents=True)
        for name in CONFIGURATION:
            source = configuration / name
            if source.is_dir():
                shutil.copytree(source, self.path / name)
            elif source.is_file():
                shutil.copy(source, self.path / name)
        folder = self.path / "environments"
        folder.mkdir()
        (folder / f"{ENVIRONMENT}.yaml").write_text(environment, encoding="utf-8")
        self._git("init", "--quiet", f"--initial-branch={BRANCH}")
        for key, value in VISITOR.items():
            self._git("config", key, value)
        return self.commit("The sample retailers")

    def replace(self, file: str, old: str, new: str) -> None:
        """Edits one file as a person would. The text must be there exactly once."""
        path = self.path / file
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise ValueError(f"{file} does not hold `{old}` exactly once")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def commit(self, message: str) -> str:
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", message)
        return self._git("rev-parse", "HEAD").strip()

    def holds_work(self) -> bool:
        """Whether somebody else than the demo has committed here, or edited without committing."""
        if not (self.path / ".git").exists():
            return False
        try:
            if not self._git("rev-list", "--all", "--max-count=1"):
                return False  # a demo that was ended before its first commit
            committers = set(self._git("log", "--all", "HEAD", "--format=%ce").split())
            edits = self._git("status", "--porcelain", "--untracked-files=all")
        except subprocess.CalledProcessError:
            return True  # nobody can tell
        return bool(committers - {_DEMO} or edits)

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *_IDENTITY, *_QUIET, *arguments],
            cwd=self.path,
            env={name: value for name, value in os.environ.items() if name[:4] != "GIT_"},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout
