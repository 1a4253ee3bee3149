"""What an operator asks for: what goes together, what needs a reason, and the question at a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import rich_click as click
from click.testing import CliRunner

from handbill.cli.wishes import Wishes, refuse_while_following, wishes_options
from handbill.publish.orders import FIRST, NO_FIRST, Orders


@click.command()
@wishes_options
def command(wishes: Wishes) -> None:
    click.echo(repr(wishes.orders == Orders(first=wishes.first)) + f" {wishes.first!r}")


def ask(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        ((), NO_FIRST),
        (("--first",), FIRST),
        (("--first", "sha256:1"), "sha256:1"),
        (("--first=",), NO_FIRST),
    ],
)
def test_first_is_a_word_or_a_digest(arguments: tuple[str, ...], first: str) -> None:
    assert ask(*arguments) == (0, f"True {first!r}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--at-once",), "--at-once needs --reason"),
        (("--despite-freeze",), "--despite-freeze needs --reason"),
        (("--tenant", "ann", "--reason", "x"), "--tenant goes with --at-once"),
    ],
)
def test_what_passes_over_a_rule_needs_its_reason(arguments: tuple[str, ...], said: str) -> None:
    code, output = ask(*arguments)
    assert code == 2 and said in output


def test_wishes_are_orders_and_a_name_counts_only_with_a_reason() -> None:
    wishes = Wishes("wrong price", "ann", True, ("dan",), True, ("old-1",), FIRST)
    assert wishes.orders == Orders(
        at_once=True,
        only=frozenset({"dan"}),
        despite_freeze=True,
        ignored_runtimes=frozenset({"old-1"}),
        by="ann",
        why="wrong price",
        first=FIRST,
    )
    assert Wishes(by="ann").orders.by == ""


@pytest.mark.parametrize(
    ("wishes", "source"),
    [
        (Wishes(), "staging"),
        (Wishes("x", at_once=True), None),
        (Wishes("x", despite_freeze=True), None),
    ],
)
def test_a_follower_passes_over_nothing(wishes: Wishes, source: str | None) -> None:
    with pytest.raises(click.UsageError, match="no --watch"):
        refuse_while_following(wishes, source)
    refuse_while_following(Wishes("x", ignored_runtimes=("old-1",)), None)


def at_a_terminal(arguments: list[str], answer: bytes) -> tuple[int, str]:
    """Exit code and everything that the terminal showed."""
    main, terminal = pty.openpty()
    handbill = Path(sys.executable).parent / "handbill"
    process = subprocess.Popen(
        [handbill, *arguments], stdin=terminal, stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    shown, answered = b"", False
    while True:
        try:
            data = os.read(main, 4096)
        except OSError:  # Linux: the other end is closed
            data = b""
        if not data:
            break
        shown += data
        if not answered and b"Is this meant?" in shown:
            os.write(main, answer)
            answered = True
    os.close(main)
    return process.wait(), shown.decode()


@pytest.mark.parametrize(("answer", "code", "pointers"), [(b"y\n", 0, 1), (b"n\n", 1, 0)])
def test_a_person_at_a_terminal_is_asked_whether_a_new_environment_is_meant(  # type: ignore[no-untyped-def]
    published, answer: bytes, code: int, pointers: int
) -> None:
    place = ["--env", "staging", "--repo", str(published.folder), "--key", str(published.key)]
    done, shown = at_a_terminal(["publish", *place], answer)
    assert done == code, shown
    assert shown.count("Is this meant?") == 1
    assert ("HB847" in shown) == (code == 1)
    assert len(list(published.store.rglob("pointer"))) == pointers
