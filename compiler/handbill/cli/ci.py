"""`handbill ci`: the whole review of a change, in CI or at home; `handbill ci comment` tells of it."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import rich_click as click

from handbill.cli.customers_place import customers_option, data_root_of
from handbill.cli.output import counted, fail, show
from handbill.cli.run import Instant
from handbill.cli.workspace import find_root, git_location, line_reader, root_option
from handbill.diagnostics.diagnostic import Diagnostic

if TYPE_CHECKING:
    from handbill.ci.github import GitHub
    from handbill.ci.surroundings import EndedRun, Surroundings
    from handbill.cli.rehearsal.counting import RealCounts
    from handbill.cli.reviewing import Reviewed
    from handbill.diff.opening import Workplace

FOLDER = "handbill-review"
T = TypeVar("T")


@click.group(invoke_without_command=True)
@click.option("--base", default="", help="What to compare with: where HEAD left it is the base.")
@click.option("--head", default="", help="What to review; HEAD outside of CI.")
@root_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Where the report goes; {FOLDER} in RUNNER_TEMP or the folder for temporary files.",
)
@click.option("--at", type=Instant(), help="The moment that next sends are told from; now.")
@click.option(
    "--approved-by", multiple=True, help="A person or team that has approved, besides GitHub's."
)
@customers_option
@click.pass_context
def ci(
    context: click.Context,
    base: str,
    head: str,
    root: Path,
    out: Path | None,
    at: datetime | None,
    approved_by: tuple[str, ...],
    customers: str | None,
) -> None:
    """Review a change: mistakes, tests, what customers will get, and who has to approve.

    Everything is taken from GitHub's environment; elsewhere say --base. Exit code 1 says that it cannot
    be merged so.
    """
    if context.invoked_subcommand is not None:
        return
    from handbill.ci.surroundings import read_surroundings
    from handbill.cli.reviewing import review_change

    around = _or_fail(read_surroundings(os.environ))
    base, head = base or around.base, head or around.head or "HEAD"
    if not base:
        _fail_with(_no_base())
    folder = find_root(root)
    place = _place(folder)
    moment = (at or datetime.now(UTC)).replace(tzinfo=None)
    approved = (*approved_by, *_approvers(around, head))
    counts = _counts(customers, moment)
    reviewed = _or_fail(review_change(place, base, head, moment, approved, counts))
    for tenant, fault in counts.faults.items() if counts is not None else ():
        click.echo(f"{tenant}: its customers could not be counted: {fault}", err=True)
    target = out or Path(os.environ.get("RUNNER_TEMP") or tempfile.gettempdir()) / FOLDER
    _write(reviewed, around, place.subfolder, target)
    _show(reviewed, around, place.subfolder, target)
    sys.exit(0 if reviewed.report.conclusion == "success" else 1)


@ci.command()
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

    around = _or_fail(read_surroundings(os.environ))
    if not around.token or not around.repository:
        _fail_with(_no_token(around))
    run = _or_fail(read_ended_run(os.environ))
    text = _or_fail(_comment_text(artifact, run))
    try:
        with GitHub(around.api_url, around.repository, around.token) as api:
            _comment(api, run.head, text, author)
    except ApiError as error:
        _fail_with(_refused(str(error)))


# ── reviewing ────────────────────────────────────────────────────────────────────────────────────


def _place(folder: Path) -> Workplace:
    from handbill.diff.opening import Workplace

    repository, subfolder = git_location(folder)
    return Workplace(folder, repository, subfolder)


def _counts(customers: str | None, at: datetime) -> RealCounts | None:
    if customers is None:
        return None
    from handbill.cli.rehearsal.counting import RealCounts

    return RealCounts(data_root_of(customers), at.replace(tzinfo=UTC))


def _approvers(around: Surroundings, head: str) -> tuple[str, ...]:
    """Those who approved on GitHub, where there is a pull request and a token to ask with."""
    from handbill.ci.github import ApiError, GitHub
    from handbill.ci.pull_request import approvers

    if not (around.on_github and around.token and around.pull_request and around.repository):
        return ()
    try:
        with GitHub(around.api_url, around.repository, around.token) as api:
            return approvers(api, around.pull_request, head, around.author)
    except ApiError as error:
        _fail_with(_refused(str(error)))


def _write(reviewed: Reviewed, around: Surroundings, subfolder: str, target: Path) -> None:
    from handbill.ci.comment import comment_text
    from handbill.ci.job import write_outputs, write_summary
    from handbill.ci.report import (
        COMMENT,
        DIFF,
        JUNIT,
        PAGE,
        REVIEW,
        SARIF,
        encoded,
        write_artifact,
    )
    from handbill.cli.test_report import junit_report
    from handbill.diagnostics.render_sarif import render_sarif
    from handbill.diff.renderers.html import render_html

    report, diff = reviewed.report, reviewed.diff
    read_lines = line_reader(reviewed.compiled.tree)
    files = {
        REVIEW: encoded(report),
        COMMENT: comment_text(report, diff, around.run_url),
        SARIF: render_sarif(reviewed.diagnostics, read_lines, subfolder),
        JUNIT: junit_report(reviewed.tested),
    }
    if diff is not None:
        files |= {DIFF: encoded(diff), PAGE: render_html(diff, reviewed.pictures)}
    write_artifact(target, files)
    if around.summary is not None:
        write_summary(around.summary, _summary(reviewed))
    if around.output is not None:
        outputs = {
            "release": report.release or "",
            "base": report.base,
            "changed": str(diff.changed if diff is not None else 0),
            "conclusion": report.conclusion,
        }
        write_outputs(around.output, outputs)


def _summary(reviewed: Reviewed) -> str:
    from handbill.ci.comment import comment_text
    from handbill.ci.job import SUMMARY_ROOM
    from handbill.diff.renderers.markdown import render_markdown

    if reviewed.diff is None:
        return comment_text(reviewed.report, None)
    return render_markdown(reviewed.diff, reviewed.report.remarks, limit=SUMMARY_ROOM)


def _show(reviewed: Reviewed, around: Surroundings, subfolder: str, target: Path) -> None:
    from handbill.ci.job import quiet
    from handbill.cli.test_report import text_report
    from handbill.diagnostics.render_github import render_github
    from handbill.diagnostics.render_text import render_text

    found, report = reviewed.diagnostics, reviewed.report
    tests = text_report(reviewed.tested, False)
    if around.on_github:
        read_lines = line_reader(reviewed.compiled.tree)
        click.echo(quiet(f"{render_text(found, read_lines)}{tests}"), nl=False)
        rest = "the log of this step and results.sarif have them all"
        click.echo(render_github(found, subfolder, rest), nl=False)
    else:
        show(found, line_reader(reviewed.compiled.tree), "text")
        click.echo(tests)
    changed = reviewed.diff.changed if reviewed.diff is not None else "unknown"
    click.echo(f"findings: {counted(found) or 'none'}; plans that change: {changed}")
    click.echo(f"{report.conclusion}: the report is in {target}")


# ── commenting ───────────────────────────────────────────────────────────────────────────────────


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


# ── what is missing ──────────────────────────────────────────────────────────────────────────────


def _or_fail(value: T | Diagnostic) -> T:
    if isinstance(value, Diagnostic):
        _fail_with(value)
    return value


def _fail_with(found: Diagnostic) -> NoReturn:
    fail(found.code, found.message, found.hint)


def _no_base() -> Diagnostic:
    return Diagnostic(
        "HB740",
        "nothing says what to compare with: this is neither a pull request nor a push on GitHub",
        hint="handbill ci --base main --head HEAD --out review",
    )


def _no_token(around: Surroundings) -> Diagnostic:
    missing = "GITHUB_TOKEN" if not around.token else "GITHUB_REPOSITORY"
    return Diagnostic(
        "HB742",
        f"{missing} is not set, so GitHub cannot be asked or told anything",
        hint="in the workflow: env: GITHUB_TOKEN: ${{ github.token }}, with pull-requests: write",
    )


def _refused(why: str) -> Diagnostic:
    return Diagnostic(
        "HB746",
        f"GitHub's API did not do it: {why}",
        hint="see the job's permissions (pull-requests); else run it again later",
    )
