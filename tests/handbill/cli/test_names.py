"""Completion of names: by click's own classes, and once by a real bash."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from handbill.cli.main import handbill

BASE = Path(__file__).parents[2] / "golden" / "base"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A broken configuration: nothing of it is read."""
    folder = tmp_path / "config"
    shutil.copytree(BASE, folder)
    (folder / "handbill.yaml").write_text("broken: [")
    (folder / "tenants" / "corner-shop").mkdir()
    (folder / "blueprints" / "winback").mkdir(parents=True)
    (folder / "groups" / "harvest-co").mkdir(parents=True)
    monkeypatch.chdir(folder / "tenants")
    return folder


def offered(*words: str) -> list[str]:
    """What is offered for the last word."""
    complete = ShellComplete(handbill, {}, "handbill", "_HANDBILL_COMPLETE")
    return [item.value for item in complete.get_completions([*words[:-1]], words[-1])]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("wh",), ["why"]),
        (("why", ""), ["corner-shop/", "fresh-fields/"]),
        (("why", "fr"), ["fresh-fields/"]),
        (("why", "fresh-fields/h"), ["fresh-fields/hello"]),
        (("why", "../x"), []),
        (("audience", "fresh-fields/hello", "c"), ["corner-shop/"]),
        (("new", "campaign", "c"), ["corner-shop/"]),
        (("new", "campaign", "corner-shop/x", "--uses", ""), ["winback"]),
        (("new", "tenant", "x", "--group", ""), ["harvest-co"]),
        (("publish", "--env", ""), ["staging"]),
        (("completion", "f"), ["fish"]),
    ],
)
def test_names_of_the_configuration(words: tuple[str, ...], expected: list[str]) -> None:
    assert offered(*words) == expected


def test_revisions_come_from_git(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert offered("check", "--rev", "") == ["HEAD"]
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    for command in (["init", "-q", "-b", "main"], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run(["git", *identity, *command], cwd=folder, check=True)
    subprocess.run(["git", "tag", "monday"], cwd=folder, check=True)
    assert sorted(offered("check", "--rev", "m")) == ["main", "monday"]
    assert offered("check", "--rev", "-x") == []
    monkeypatch.setenv("PATH", "/nonexistent")
    assert offered("check", "--rev", "") == []


def test_another_folder_and_none(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert offered("why", "") == []
    assert offered("why", "--root", str(folder), "fr") == ["fresh-fields/"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(shell: str) -> None:
    made = CliRunner().invoke(handbill, ["completion", shell])
    assert made.exit_code == 0 and "_HANDBILL_COMPLETE" in made.output


def test_a_real_bash_completes(folder: Path) -> None:
    program = Path(sys.executable).parent / "handbill"
    script = f"""
    export PATH={program.parent}:$PATH
    eval "$(handbill completion bash)"
    COMP_WORDS=(handbill why fresh-fields/h) COMP_CWORD=2
    _handbill_completion handbill; echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, env={**os.environ}
    )
    assert done.stdout.strip() == "fresh-fields/hello", done.stderr
