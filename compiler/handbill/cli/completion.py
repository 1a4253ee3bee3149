"""`handbill completion`: the script by which a shell completes commands, options and names."""

from __future__ import annotations

import rich_click as click
from click.shell_completion import get_completion_class

PROGRAM = "handbill"
VARIABLE = "_HANDBILL_COMPLETE"
SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the script for SHELL. For bash: eval "$(handbill completion bash)" in ~/.bashrc."""
    from handbill.cli.main import handbill

    made = get_completion_class(shell)
    assert made is not None
    click.echo(made(handbill, {}, PROGRAM, VARIABLE).source())
