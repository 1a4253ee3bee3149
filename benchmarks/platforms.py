"""Large repositories with a warm cache beside, and commits that each change one text of one campaign.

Making one takes minutes at a hundred thousand campaigns. With `--prepared DIR` they are kept there, and
the next run goes on where this one ended: the repository is the same, and what is compiled is still
remembered.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fleet import commit_all, git
from benchmarks.generate import generate
from benchmarks.outcome import Setting

EACH = 100
START = "refs/tags/start"
_COMPLETE = "complete"
_SUBJECT = re.compile(r'^(    subject: ").*(")$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Platform:
    """A repository whose `main` is at START, and the cache in which START is compiled."""

    root: Path
    cache: Path
    campaigns: int
    run: str = field(default_factory=lambda: os.urandom(4).hex())
    """In every edited text: what an earlier run compiled is not this one's."""

    @property
    def files(self) -> Sequence[Path]:
        """The campaigns' files, relative to the root."""
        found = sorted(self.root.glob("tenants/*/campaigns/*.yaml"))
        return [path.relative_to(self.root) for path in found]

    def edited(self, file: Path, number: int) -> str:
        text = (self.root / file).read_text(encoding="utf-8")
        changed, count = _SUBJECT.subn(rf"\g<1>Edit {number} of {self.run}\g<2>", text)
        if count != 1:
            raise ValueError(f"{file} has {count} subjects")
        return changed

    def commit_edit(self, file: Path, number: int, branch: str = "main") -> str:
        """Puts one commit on top of the branch, without the work tree; its id."""
        return commit_file(
            self.root, str(file), self.edited(file, number), f"Edit {number}", branch
        )

    def spread_over(self, count: int) -> list[Path]:
        """So many files of as many retailers as there are."""
        files = self.files
        step = max(1, len(files) // count) | 1
        return [files[number * step % len(files)] for number in range(count)]


def commit_file(root: Path, path: str, text: str, message: str, branch: str = "main") -> str:
    """One commit with one changed file on top of `branch`, at a cost that the repository's size
    does not matter to."""
    data = text.encode()
    lines = [
        f"commit refs/heads/{branch}",
        "committer Bench <bench@handbill.example> now",
        f"data {len(message.encode())}\n{message}",
        f"from refs/heads/{branch}^0",
        f"M 100644 inline {path}",
        f"data {len(data)}",
    ]
    subprocess.run(
        ["git", "fast-import", "--quiet", "--date-format=now"],
        cwd=root,
        input="\n".join(lines).encode() + b"\n" + data + b"\n",
        check=True,
    )
    return git(root, "rev-parse", f"refs/heads/{branch}").strip()


def open_platform(setting: Setting, campaigns: int, each: int = EACH) -> Platform:
    """Made where it is not there yet; compiled where that is not remembered."""
    tenants = max(1, campaigns // each)
    folder = (setting.prepared or setting.folder) / f"plain-{tenants}x{each}"
    platform = Platform(folder / "repository", folder / "cache", tenants * each)
    if not (folder / _COMPLETE).exists():
        folder.mkdir(parents=True)
        platform.root.mkdir()
        generate(setting.sample, platform.root, tenants, each)
        git(platform.root, "update-ref", START, commit_all(platform.root))
        (folder / _COMPLETE).touch()
    git(platform.root, "update-ref", "refs/heads/main", START)
    command = (sys.executable, "-m", "handbill.cli.main", "compile", "--root", str(platform.root))
    environment = {**os.environ, "HANDBILL_CACHE": str(platform.cache)}
    out = setting.folder / "compiled"
    subprocess.run(
        (*command, "--rev", START, "--out", str(out)),
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return platform
