"""Showing findings: to people on stderr, to programs as JSON on stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import rich_click as click

from handbill.cli.workspace import ReadLines
from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.diagnostics.render_json import render_json
from handbill.diagnostics.render_text import render_text

output_option = click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs (versioned).",
)


def show(diagnostics: Sequence[Diagnostic], read_lines: ReadLines, output: str) -> None:
    """Writes every finding once; NO_COLOR and a stream that is no terminal get no colours."""
    if output == "json":
        click.echo(render_json(diagnostics))
    elif diagnostics:
        click.echo(
            render_text(diagnostics, read_lines, color=_colour(sys.stderr.isatty())), err=True
        )


def _colour(terminal: bool) -> bool:
    return terminal and not os.environ.get("NO_COLOR")


def counted(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`, without what there is none of."""
    parts = []
    for severity in Severity:
        number = sum(1 for each in diagnostics if each.severity is severity)
        if number:
            parts.append(f"{number} {severity.value}{'s' if number > 1 else ''}")
    return ", ".join(parts)


def fail(code: str, message: str, hint: str | None) -> NoReturn:
    """Says what the outside world did wrong, and ends with exit code 1."""
    click.echo(f"error[{code}]: {message}", err=True)
    if hint:
        click.echo(f"  = help: {hint}", err=True)
    sys.exit(1)
