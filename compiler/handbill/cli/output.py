"""Showing findings: to people on stderr, to programs as JSON, SARIF or GitHub's annotations on stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import rich_click as click

from handbill.cli.workspace import ReadLines
from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.diagnostics.render_github import render_github
from handbill.diagnostics.render_json import render_json
from handbill.diagnostics.render_text import render_text

output_option = click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs (versioned).",
)

findings_option = click.option(
    "--output",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="For people; for programs (versioned); as annotations of a workflow on GitHub; as SARIF 2.1.0.",
)


def show(
    diagnostics: Sequence[Diagnostic], read_lines: ReadLines, output: str, folder: str = ""
) -> None:
    """Writes every finding once; NO_COLOR and a stream that is no terminal get no colours.

    `folder` is where the configuration stands in its git repository, as GitHub names files.
    """
    if output == "json":
        click.echo(render_json(diagnostics))
    elif output == "github":
        click.echo(render_github(diagnostics, folder), nl=False)
    elif output == "sarif":
        from handbill.diagnostics.render_sarif import render_sarif

        click.echo(render_sarif(diagnostics, read_lines, folder), nl=False)
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


def write_report(text: str, out: Path | None) -> None:
    """Prints it, or writes the file `out` and says so. A file that cannot be written whole stays as it
    was; an OSError names it."""
    if out is None:
        click.echo(text, nl=False)
        return
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(out)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(out)) from error
    finally:
        beside.unlink(missing_ok=True)
    click.echo(out)
