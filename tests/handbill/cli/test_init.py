"""`handbill init`: what it makes passes check, test and compile at once; what stands in its way is said,
and nothing is left behind."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from handbill.cli.check import check
from handbill.cli.compile import compile as compile_command
from handbill.cli.init import init
from handbill.cli.test import test as test_command

CHANNELS = ["email", "sms", "push", "webhook"]


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(init, list(arguments), catch_exceptions=False)


def run(command: object, folder: Path) -> Result:
    return CliRunner().invoke(command, ["--root", str(folder)], catch_exceptions=False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "flags",
    [
        [],
        ["--channel", "sms"],
        ["--channel", "push", "--locale", "fr-CA", "--timezone", "America/Montreal"],
        ["--channel", "webhook", "--locale", "de-DE", "--timezone", "Europe/Berlin"],
        [word for channel in CHANNELS for word in ("--channel", channel)],
        ["--name", 'O\'Hara & "Sons" #1: Märkte', "--tenant", "x"],
    ],
    ids=["email", "sms", "push", "webhook", "all", "odd name"],
)
def test_what_it_makes_passes_at_once(tmp_path: Path, flags: list[str]) -> None:
    folder = tmp_path / "shop"
    made = ask(str(folder), *flags)
    assert made.exit_code == 0, made.output
    checked = run(check, folder)
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert checked.stdout == "1 campaign of 1 tenant: no findings\n"
    tested = run(test_command, folder)
    assert tested.exit_code == 0 and "1 test: 3 customers as expected" in tested.stdout
    assert run(compile_command, folder).exit_code == 0


def test_it_is_a_git_repository_on_main_that_ignores_keys(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    assert ask(str(folder)).exit_code == 0
    (folder / "signing.key").write_text("secret")
    shown = git(folder, "status", "--porcelain", "--branch", "--untracked-files=all")
    assert "No commits yet on main" in shown
    assert "?? tenants/shop/data/stores.csv" in shown and "signing.key" not in shown
    git(folder, "add", ".")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "the first")
    revision = CliRunner().invoke(check, ["--root", str(folder), "--rev", "main"])
    assert revision.exit_code == 0, revision.output


def test_a_folder_of_a_repository_gets_none_of_its_own(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert ask(str(tmp_path / "config" / "shop")).exit_code == 0
    assert not (tmp_path / "config" / "shop" / ".git").exists()


def test_an_empty_folder_and_a_fresh_clone_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk", "clone")
    assert ask(str(tmp_path / "clone")).exit_code == 0
    assert "On branch trunk" in git(tmp_path / "clone", "status")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    made = ask(".")
    assert made.exit_code == 0 and "cd " not in made.output
    assert sorted(os.listdir(here))[:2] == [".editorconfig", ".git"]
    assert (here / "tenants" / "here").is_dir()


def test_what_is_in_the_way_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    for name in ("a", "b", "c", "d", "e", "f", ".git"):
        (folder / name).mkdir()
    refused = ask(str(folder))
    assert refused.exit_code == 1
    assert "error[HB750]" in refused.stderr and "a, b, c, d, e and 1 more" in refused.stderr
    assert sorted(os.listdir(folder)) == [".git", "a", "b", "c", "d", "e", "f"]
    (tmp_path / "file").write_text("x")
    assert "it is no folder" in ask(str(tmp_path / "file")).stderr
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert "it is no folder" in ask(str(tmp_path / "link")).stderr


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--tenant", "Corner Shop"], "= help: corner-shop"),
        (["--tenant", "--git"], "HB751"),
        (["--tenant", "../x"], "HB751"),
        (["--timezone", "Europe/Berln"], "timezone: Europe/Berlin"),
        (["--locale", "english"], "HB305"),
        (["--currency", "dollars"], "HB305"),
        (["--site", "shop"], "https://"),
        (["--email-from", "hello"], "HB305"),
        (["--name", "\u202eevil"], "HB202"),
        (["--postal-address", ""], "HB3"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_left(
    tmp_path: Path, flags: list[str], said: str
) -> None:
    refused = ask(str(tmp_path / "new" / "shop"), *flags)
    assert refused.exit_code == 1
    assert said in refused.stderr and "nothing was written" in refused.stderr
    assert os.listdir(tmp_path) == []


def test_option_like_folders_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ask("--", "-rf").exit_code == 2
    assert ask("--nonsense").exit_code == 2
    assert os.listdir(tmp_path) == []


def test_an_action_brings_its_workflows(tmp_path: Path) -> None:
    action = f"shop/handbill@{'0' * 40}"
    assert ask(str(tmp_path / "shop"), "--action", action).exit_code == 0
    assert sorted(os.listdir(tmp_path / "shop/.github/workflows")) == [
        "comment.yml", "plan.yml", "publish.yml"
    ]  # fmt: skip
    assert ask(str(tmp_path / "other"), "--action", "shop/handbill").exit_code == 2
    assert ask(str(tmp_path / "other"), "--action", "shop/handbill@v1\n- run: x").exit_code == 2
    assert not (tmp_path / "other").exists()


def test_without_git_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = ask(str(tmp_path / "shop"))
    assert refused.exit_code == 1 and "error[HB755]" in refused.stderr
    made = ask(str(tmp_path / "shop"), "--no-git")
    assert made.exit_code == 0 and not (tmp_path / "shop" / ".git").exists()


def test_questions_are_asked_on_a_terminal_only(tmp_path: Path) -> None:
    """A real terminal: Enter takes what is offered."""
    answers = ["bakery", "The Bakery", "de-DE", "Europe/Berlin", "", "", "", "Hauptstr. 1, Ulm"]
    shown = on_a_terminal([str(tmp_path / "shop"), "--channel", "email"], answers)
    assert "Currency [EUR]" in shown and "Website [https://bakery.example]" in shown
    text = (tmp_path / "shop/tenants/bakery/tenant.yaml").read_text("utf-8")
    assert 'postal_address: "Hauptstr. 1, Ulm"' in text and "currency: EUR" in text
    silent = subprocess.run(
        [sys.executable, "-m", "handbill.cli.main", "init", str(tmp_path / "quiet")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert silent.returncode == 0 and "Currency" not in silent.stdout


def on_a_terminal(arguments: list[str], answers: list[str]) -> str:
    command = [sys.executable, "-m", "handbill.cli.main", "init", *arguments]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    waiting = list(answers)
    while True:
        ready, _, _ = select.select([ours], [], [], 60)
        assert ready, shown
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
        if shown.rstrip().endswith(b"]:") and waiting:
            os.write(ours, waiting.pop(0).encode() + b"\n")
            shown += b"\n"
    assert process.wait() == 0, shown
    os.close(ours)
    return shown.decode()


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout
