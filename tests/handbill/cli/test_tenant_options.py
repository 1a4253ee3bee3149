from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from handbill.cli.init import init
from handbill.cli.new import new
from handbill.cli.tenant_options import tenant_options

ASKED = ["title", "locale", "timezone", "currency", "site", "email_from", "postal_address"]


@click.command()
@tenant_options
def told(**given: str | None) -> None:
    for name, value in given.items():
        click.echo(f"{name}={value}")


def test_what_nobody_said_is_none() -> None:
    assert CliRunner().invoke(told).stdout.split() == [f"{name}=None" for name in ASKED]


def test_what_is_said_is_passed_on() -> None:
    options = [f"--{name.replace('_', '-')}" for name in ("name", *ASKED[1:])]
    given = [word for option in options for word in (option, option.strip("-"))]
    values = [line.partition("=")[2] for line in CliRunner().invoke(told, given).stdout.split()]
    assert values == [option.strip("-") for option in options]


@pytest.mark.parametrize("command", [init, new.commands["tenant"]])
def test_both_commands_ask_it_in_this_order(command: click.Command) -> None:
    names = [parameter.name for parameter in command.params]
    assert [name for name in names if name in ASKED] == ASKED
