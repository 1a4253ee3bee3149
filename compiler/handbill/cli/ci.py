"""`handbill ci`: the whole review of a change, in CI or at home; `handbill ci comment` tells of it."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from handbill.cli.ci_comment import comment
from handbill.cli.ci_refusals import fail_with, no_base, or_fail, refused
from handbill.cli.customers_place import customers_option, data_root_of
from handbill.cli.output import counted, show
from handbill.cli.run import Instant
from handbill.cli.workspace import find_root, git_location, line_reader, root_option

if TYPE_CHECKING:
    from handbill.ci.surroundings import Surroundings
    from handbill.cli.rehearsal.counting import RealCounts
    from handbill.cli.reviewing import Reviewed
    from handbill.diff.opening import Workplace

FOLDER = "handbill-review"


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

    around = or_fail(read_surroundings(os.environ))
    head_asked = head
    base, head = base or around.base, head or around.head or "HEAD"
    if not base:
        fail_with(no_base())
    folder = find_root(root)
    place = _place(folder)
    if not head_asked and not around.on_github:
        _tell_of_edits(place)
    moment = (at or datetime.now(UTC)).replace(tzinfo=None)
    approved = (*approved_by, *_approvers(around, head))
    counts = _counts(customers, moment)
    reviewed = or_fail(review_change(place, base, head, moment, approved, counts))
    for tenant, fault in counts.faults.items() if counts is not None else ():
        click.echo(f"{tenant}: its customers could not be counted: {fault}", err=True)
    target = out or Path(os.environ.get("RUNNER_TEMP") or tempfile.gettempdir()) / FOLDER
    _write(reviewed, around, place.subfolder, target)
    _show(reviewed, around, place.subfolder, target)
    sys.exit(0 if reviewed.report.conclusion == "success" else 1)


ci.add_command(comment)


def _place(folder: Path) -> Workplace:
    from handbill.diff.opening import Workplace

    repository, subfolder = git_location(folder)
    return Workplace(folder, repository, subfolder)


def _tell_of_edits(place: Workplace) -> None:
    """Only what is committed is reviewed; who has just edited may not think of it."""
    from handbill.source.git_history import Commits, open_commits

    commits = open_commits(place.repository)
    if isinstance(commits, Commits) and commits.has_edits():
        click.echo("note: edits that are not committed are not reviewed", err=True)


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
        fail_with(refused(str(error)))


def _write(reviewed: Reviewed, around: Surroundings, subfolder: str, target: Path) -> None:
    from handbill.ci.comment import comment_text
    from handbill.ci.job import write_outputs, write_summary
    from handbill.ci.report import (
        COMMENT,
        DIFF,
        JUNIT,
        PAGE,
        REVIEW,
        REVIEWED,
        SARIF,
        encoded,
        reviewed_plans,
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
        record = reviewed_plans(report, diff)
        files |= {REVIEWED: encoded(record)} if record is not None else {}
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
    tests = text_report(reviewed.tested, False, only_failures=True)
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
