"""A whole review: what `check`, `test` and `diff` say of a change, and what policies and owners ask.

Both sides are read from git and compiled with one memory; nothing of either is run.
"""

from __future__ import annotations

import datetime
from collections import ChainMap
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import msgspec

from handbill.assertions.suite import read_suite
from handbill.ci.changed_files import changed_files
from handbill.ci.report import ReviewReport, conclude, remarks_of
from handbill.cli.findings import findings_of
from handbill.cli.hands import hands
from handbill.cli.rehearsal.previewing import Previewing
from handbill.cli.test_report import is_passed
from handbill.cli.testing import Tested, run_tests
from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.diagnostics.order import in_order
from handbill.diff.compare import compare_releases
from handbill.diff.model import AudienceCounts, ReleaseDiff, Subject
from handbill.diff.opening import Workplace, open_sides
from handbill.diff.protocols import Counts
from handbill.diff.revisions import Revision, resolve_merge_base, resolve_revision
from handbill.diff.sides import OpenSide
from handbill.language.reasoning.reasoner import Reasoner
from handbill.pipeline import Compiled, compile_revision
from handbill.policy.model import Review
from handbill.policy.review import judge
from handbill.source.layout import DocumentPlace, classify


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`diff` is None where head does not compile at all. `pictures` are those that messages of either
    side show, by name."""

    report: ReviewReport
    compiled: Compiled
    diagnostics: tuple[Diagnostic, ...]
    tested: Tested
    diff: ReleaseDiff | None
    pictures: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class WithoutNames:
    """Counts of customers, and not who they are: a report is read by more people than may know."""

    counts_of: Counts

    def counts(self, base: OpenSide, head: OpenSide, subject: Subject) -> AudienceCounts | None:
        found = self.counts_of.counts(base, head, subject)
        if found is None:
            return None
        return msgspec.structs.replace(found, joining_sample=(), leaving_sample=())


def review_change(
    place: Workplace,
    base: str,
    head: str,
    at: datetime.datetime,
    approved_by: Collection[str] = (),
    counts: Counts | None = None,
) -> Reviewed | Diagnostic:
    """Reviews `head` against where it left `base`; a Diagnostic where one of them cannot be found.

    `at` (naive UTC) is the moment that next sends and previews are told from. Of `counts` the numbers
    are reported, and no customer's id.
    """
    left = resolve_merge_base(place.repository, base, head)
    if isinstance(left, Diagnostic):
        return left
    tip = resolve_revision(place.repository, head)
    assert isinstance(tip, Revision), "its merge base was found"
    compiled = compile_revision(place.repository, tip.commit, place.subfolder, place.memory)
    paths = changed_files(place.repository, left.commit, tip.commit, place.subfolder)
    found = [each for each in findings_of(compiled) if _is_news(each, paths)]
    sides = open_sides(left, tip, place)
    if isinstance(sides, Diagnostic):
        tested = run_tests(compiled, lambda file: True)
        found += [*tested.diagnostics, sides]
        return _reviewed(left, tip, compiled, found, tested, None, None, {})
    before, after = _named(sides[0], base), _named(sides[1], head)
    counted = WithoutNames(counts) if counts is not None else None
    tested = run_tests(compiled, tests_reached(before, after, paths))
    found += tested.diagnostics
    diff = _compared(before, after, at, counted)
    judged = judge(diff, before, after, paths, approved_by, counted)
    pictures = _pictures(before, after)
    return _reviewed(left, tip, compiled, found, tested, diff, judged, pictures)


def _is_news(found: Diagnostic, paths: Collection[str]) -> bool:
    """A note is about how things are, so it is told where a file that it stands in was touched."""
    if found.severity is not Severity.NOTE or found.range is None:
        return True
    return found.range.file in paths


def tests_reached(
    before: OpenSide, after: OpenSide, paths: Collection[str]
) -> Callable[[str], bool]:
    """Whether a test could come out otherwise than before: what its retailer is made of changed, or
    one of the tests' own files. All of them could where channels or personas changed."""
    shared = before.release.channels != after.release.channels
    if shared or any(place.tenant is None for place in _for_tests(paths)):
        return lambda file: True
    reached = {place.tenant for place in _for_tests(paths)} | {
        name
        for name in {*before.release.tenants, *after.release.tenants}
        if before.release.tenants.get(name) != after.release.tenants.get(name)
        or before.drafts.get(name) != after.drafts.get(name)
    }
    reached |= {*after.about.failed}

    def is_reached(file: str) -> bool:
        place = classify(file)
        return place is not None and place.tenant in reached

    return is_reached


def _for_tests(paths: Collection[str]) -> list[DocumentPlace]:
    """Of tests, snapshots and personas, which are in no plan."""
    places = [classify(path) for path in paths]
    return [place for place in places if place is not None and not place.kind.is_released]


def _pictures(*sides: OpenSide) -> Mapping[str, bytes]:
    releases = [side.compiled.release for side in sides if side.compiled is not None]
    found = [release.assets for release in releases if release is not None]
    return ChainMap(*found)  # type: ignore[arg-type]  # nothing is written to it


def _compared(
    before: OpenSide, after: OpenSide, at: datetime.datetime, counts: Counts | None
) -> ReleaseDiff:
    documents = after.compiled.documents if after.compiled else None
    personas = read_suite(documents).personas if documents is not None else {}
    with Reasoner() as reasoner, Previewing((before, after), personas, at) as previews:
        return compare_releases(
            before, after, reasoner, at=at, previews=previews, counts=counts, hands=hands()
        )


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
    pictures: Mapping[str, bytes],
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
    return Reviewed(report, compiled, everything, tested, diff, pictures)
