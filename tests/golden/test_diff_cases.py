"""Golden cases of `handbill diff`: two commits, a command, and exactly what it prints.

A case is a folder `diff/<case>/`. `tests/golden/base`, with the files of `base/` laid over it, is the
first commit; the files of `input/` over that are the second (`input/DELETE` lists paths to leave out,
`tree.txt` entries that no folder can hold, as in the other cases).

- `earlier.txt`: its presence makes plain `tests/golden/base` a commit before these two;
- `git.txt`: git commands that are run after that, one a line; `{here}` is the repository's folder;
- `arguments.txt`: what follows `handbill diff --at 2026-11-03T09:00Z`, `HEAD~1 HEAD` where it is not
  there; `folder.txt` names another folder to run it in;
- `expected.txt`: the exit code and all output. `pytest tests/golden --update-golden` writes it.
"""

from __future__ import annotations

import os
import pathlib
import shlex
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from handbill.cli.main import handbill

GOLDEN = pathlib.Path(__file__).parent
CASES = sorted(path for path in (GOLDEN / "diff").iterdir() if path.is_dir())
AT = "2026-11-03T09:00Z"
ENVIRONMENT = {
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@shop.example",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@shop.example",
    "GIT_AUTHOR_DATE": "2026-11-02T09:00:00Z",
    "GIT_COMMITTER_DATE": "2026-11-02T09:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_diff(
    case: pathlib.Path,
    tmp_path: pathlib.Path,
    pytestconfig: pytest.Config,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repository = tmp_path / "repository"
    commit_both(case, repository)
    monkeypatch.chdir(repository / text_of(case, "folder.txt", "."))
    words = shlex.split(text_of(case, "arguments.txt", "HEAD~1 HEAD"))
    done = CliRunner().invoke(handbill, ["diff", "--at", AT, *words], catch_exceptions=False)
    actual = f"exit {done.exit_code}\n{done.output}"
    expected = case / "expected.txt"
    if pytestconfig.getoption("--update-golden"):
        expected.write_text(actual, encoding="utf-8")
    assert expected.is_file(), "run pytest tests/golden --update-golden, and read what it writes"
    assert actual == expected.read_text(encoding="utf-8")


def text_of(case: pathlib.Path, name: str, otherwise: str) -> str:
    file = case / name
    return file.read_text(encoding="utf-8").strip() if file.is_file() else otherwise


def commit_both(case: pathlib.Path, repository: pathlib.Path) -> None:
    shutil.copytree(GOLDEN / "base", repository)
    git(repository, "init", "--quiet", "--initial-branch=main")
    earlier = [("nothing", "")] if (case / "earlier.txt").is_file() else []
    for overlay, entries in (*earlier, ("base", ""), ("input", text_of(case, "tree.txt", ""))):
        lay_over(case / overlay, repository)
        git(repository, "add", "--all")
        for entry in entries.splitlines():
            add_entry(repository, *[*entry.split(" ", 2), ""][:3])
        git(repository, "commit", "--quiet", "--allow-empty", "--message", "A configuration")
    for line in text_of(case, "git.txt", "").splitlines():
        git(repository, *shlex.split(line.replace("{here}", str(repository))))


def lay_over(overlay: pathlib.Path, repository: pathlib.Path) -> None:
    if not overlay.is_dir():
        return
    # with times of now: of two files of one clone, equal in size and time, git sees no edit
    shutil.copytree(overlay, repository, dirs_exist_ok=True, copy_function=shutil.copy)
    left_out = repository / "DELETE"
    if left_out.is_file():
        for path in left_out.read_text(encoding="utf-8").split():
            (repository / path).unlink()
        left_out.unlink()


def add_entry(repository: pathlib.Path, mode: str, path: str, text: str) -> None:
    """An entry of the index; its text may repeat: `x*300000`."""
    piece, _, times = text.rpartition("*")
    data = piece * int(times) if times.isdigit() and piece else text
    content = data.encode("utf-8").decode("unicode_escape").encode("latin-1")
    blob = git(repository, "hash-object", "-w", "--stdin", given=content)
    git(repository, "update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")


def git(folder: pathlib.Path, *arguments: str, given: bytes = b"") -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        input=given,
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()
