"""`handbill ci comment`: what a review found, as the one comment of its pull request."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.ci_refusals import fail_with, no_token, or_fail, refused
from handbill.cli.output import show
from handbill.cli.workspace import line_reader
from handbill.diagnostics.diagnostic import Diagnostic

if TYPE_CHECKING:
    from handbill.ci.github import GitHub
    from handbill.ci.surroundings import EndedRun


@click.command()
@click.option(
    "--artifact",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="The folder that `handbill ci` wrote in another run.",
)
@click.option(
    "--author",
    default="github-actions[bot]",
    show_default=True,
    help="Whose comment it is: the one that the token belongs to.",
)
def comment(artifact: Path, author: str) -> None:
    """Write a review to its pull request, as the one comment that is updated.

    The artifact is read as an enemy's: the pull request is the one that GitHub says.
    """
    from handbill.ci.github import ApiError, GitHub
    from handbill.ci.surroundings import read_ended_run, read_surroundings

    around = or_fail(read_surroundings(os.environ))
    if not around.token or not around.repository:
        fail_with(no_token(around))
    run = or_fail(read_ended_run(os.environ))
    text = or_fail(_comment_text(artifact, run))
    try:
        with GitHub(around.api_url, around.repository, around.token) as api:
            _comment(api, run.head, text, author)
    except ApiError as error:
        fail_with(refused(str(error)))


def _comment_text(artifact: Path, run: EndedRun) -> str | Diagnostic:
    from handbill.ci.artifact import not_ours, read_artifact
    from handbill.ci.comment import comment_text
    from handbill.ci.report import DIFF, REVIEW

    read = read_artifact(artifact)
    if isinstance(read, Diagnostic):
        return read
    report, diff = read
    if report.head != run.head:
        return not_ours(REVIEW, "it is about another commit than the run is")
    try:
        return comment_text(report, diff, run.url)
    except (ValueError, RecursionError) as error:
        return not_ours(DIFF, str(error))


def _comment(api: GitHub, head: str, text: str, author: str) -> None:
    from handbill.ci.comment import write_comment
    from handbill.ci.pull_request import pull_request_of

    number = pull_request_of(api, head)
    if isinstance(number, Diagnostic):
        show([number], line_reader(None), "text")
        sys.exit(1 if number.is_error else 0)
    written = write_comment(api, number, text, author)
    click.echo(f"comment on #{number}: {written}")
