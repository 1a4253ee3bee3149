"""A whole review: what `check`, `test` and `diff` say of a change, and what policies and owners ask.

Both sides are read from git and compiled with one memory; nothing of either is run.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass, replace

import msgspec

from handbill.assertions.suite import read_suite
from handbill.ci.changed_files import changed_files
from handbill.ci.report import ReviewReport, conclude, remarks_of
from handbill.cli.findings import findings_of
from handbill.cli.rehearsal.previewing import Previewing
from handbill.cli.test_report import is_passed
from handbill.cli.testing import Tested, run_tests
from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.diagnostics.order import in_order
from handbill.diff.compare import compare_releases
from handbill.diff.model import ReleaseDiff
from handbill.diff.opening import Workplace, open_sides
from handbill.diff.revisions import Revision, resolve_merge_base, resolve_revision
from handbill.diff.sides import OpenSide
from handbill.language.reasoning.reasoner import Reasoner
from handbill.pipeline import Compiled, compile_revision
from handbill.policy.model import Review
from handbill.policy.review import judge


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`diff` is None where head does not compile at all."""

    report: ReviewReport
    compiled: Compiled
    diagnostics: tuple[Diagnostic, ...]
    tested: Tested
    diff: ReleaseDiff | None


def review_change(
    place: Workplace, base: str, head: str, at: datetime.datetime, approved_by: Collection[str] = ()
) -> Reviewed | Diagnostic:
    """Reviews `head` against where it left `base`; a Diagnostic where one of them cannot be found.

    `at` (naive UTC) is the moment that next sends and previews are told from.
    """
    left = resolve_merge_base(place.repository, base, head)
    if isinstance(left, Diagnostic):
        return left
    tip = resolve_revision(place.repository, head)
    assert isinstance(tip, Revision), "its merge base was found"
    compiled = compile_revision(place.repository, tip.commit, place.subfolder, place.memory)
    found = list(findings_of(compiled))
    tested = run_tests(compiled, lambda file: True)
    found += tested.diagnostics
    sides = open_sides(left.commit, tip.commit, place)
    if isinstance(sides, Diagnostic):
        return _reviewed(left, tip, compiled, [*found, sides], tested, None, None)
    before, after = _named(sides[0], base), _named(sides[1], head)
    diff = _compared(before, after, at)
    paths = changed_files(place.repository, left.commit, tip.commit, place.subfolder)
    judged = judge(diff, before, after, paths, approved_by)
    return _reviewed(left, tip, compiled, found, tested, diff, judged)


def _compared(before: OpenSide, after: OpenSide, at: datetime.datetime) -> ReleaseDiff:
    documents = after.compiled.documents if after.compiled else None
    personas = read_suite(documents).personas if documents is not None else {}
    with Reasoner() as reasoner, Previewing((before, after), personas, at) as previews:
        return compare_releases(before, after, reasoner, at=at, previews=previews)


def _named(side: OpenSide, label: str) -> OpenSide:
    """As it was asked for, not by the id that it was found under."""
    return replace(side, about=msgspec.structs.replace(side.about, label=label))


def _reviewed(
    base: Revision,
    head: Revision,
    compiled: Compiled,
    found: list[Diagnostic],
    tested: Tested,
    diff: ReleaseDiff | None,
    judged: Review | None,
) -> Reviewed:
    mistakes = in_order(found)
    errors = sum(each.is_error for each in mistakes)
    warnings = sum(each.severity is Severity.WARNING for each in mistakes)
    failed = sum(not each.passed for each in tested.results)
    remarks = remarks_of(errors, warnings, len(tested.results), failed, judged)
    conclusion = conclude(remarks)
    if conclusion == "success" and not is_passed(tested):
        conclusion = "failure"
    report = ReviewReport(
        conclusion=conclusion,
        release=compiled.release.digest if compiled.release is not None else None,
        base=base.commit,
        head=head.commit,
        errors=errors,
        warnings=warnings,
        tests=len(tested.results),
        tests_failed=failed,
        remarks=remarks,
    )
    everything = in_order((*mistakes, *(judged.diagnostics if judged else ())))
    return Reviewed(report, compiled, everything, tested, diff)
