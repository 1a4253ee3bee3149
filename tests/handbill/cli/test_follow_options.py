from __future__ import annotations

from pathlib import Path

import rich_click as click
from click.testing import CliRunner

from handbill.cli.follow_options import FollowOptions, follow_options


def test_all_options_come_as_one_value() -> None:
    found: list[FollowOptions] = []

    @click.command()
    @click.option("--own")
    @follow_options
    def command(own: str, following: FollowOptions) -> None:
        found.append(following)
        assert own == "x"

    result = CliRunner().invoke(command, ["--own", "x"])
    assert result.exit_code == 0, result.output
    plain = found[0]
    assert (plain.watch, plain.branch, plain.interval, plain.remote) == (False, "main", 0.005, None)
    arguments = ["--own", "x", "--watch", "--remote", "origin", "--poll", "2", "--state", "/x"]
    assert CliRunner().invoke(command, arguments).exit_code == 0
    assert (found[1].watch, found[1].remote, found[1].poll) == (True, "origin", 2.0)
    assert found[1].state == Path("/x")


def test_the_help_names_them() -> None:
    @click.command()
    @follow_options
    def command(following: FollowOptions) -> None: ...

    text = CliRunner().invoke(command, ["--help"]).output
    for option in (
        "--remote",
        "--listen",
        "--github-secret",
        "--gitlab-secret",
        "--hints",
        "--log",
    ):
        assert option in text
