"""What a review came to, as values and as the files of its artifact.

`review.json` and `diff.json` are all that a comment is later written from; the other files are for
people and for services that read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from handbill.diff.model import DiffStruct, ReleaseDiff
from handbill.diff.renderers.markdown import Remark
from handbill.plan.model import Digest
from handbill.policy.model import Judgement, Named, Review
from handbill.publish.reviewed import ReviewedPlans

REVIEW_VERSION = 1
REVIEW, DIFF, PAGE = "review.json", "diff.json", "diff.html"
COMMENT, SARIF, JUNIT = "comment.md", "results.sarif", "junit.xml"
REVIEWED = "reviewed.json"
"""What a publisher later compares with: the digests of the plans that the review showed."""
ARTIFACT = (REVIEW, DIFF, PAGE, COMMENT, SARIF, JUNIT, REVIEWED)
"""Every file that an artifact may have."""

_OUT_OF_SCOPE = "HB706"
"""Of the findings of a review the one that is neither a policy's, a limit's nor an owner's."""

Conclusion: TypeAlias = Literal["success", "failure", "held"]


class ReviewReport(DiffStruct, frozen=True, kw_only=True):
    """`held`: only approvals are missing. `release` is None where head does not compile."""

    version: int = REVIEW_VERSION
    conclusion: Conclusion
    release: str | None
    base: str
    head: str
    """Both full ids of commits."""
    errors: int
    warnings: int
    tests: int
    tests_failed: int
    remarks: tuple[Remark, ...] = ()


def remarks_of(
    errors: int, warnings: int, tests: int, tests_failed: int, review: Review | None
) -> tuple[Remark, ...]:
    """What stands in the way first, then who is asked, then what should be known."""
    remarks = [*_counted(errors, warnings, tests, tests_failed)]
    if review is not None:
        remarks += [_judged(each) for each in review.judgements]
        remarks += [
            Remark(
                level="passes" if each.approved else "asks" if each.owners else "blocks",
                says=f"{each.owned}: {'; '.join(each.because)}",
                by=each.owners,
            )
            for each in review.demands
        ]
        remarks += [
            Remark(level="blocks", says=each.message)
            for each in review.diagnostics
            if each.code == _OUT_OF_SCOPE
        ]
        remarks += [
            Remark(
                level="warns",
                says=f"{each.path} is shared, and changes these",
                subjects=each.tenants,
            )
            for each in review.reach
            if each.tenants
        ]
    order = ("blocks", "asks", "warns", "passes")
    return tuple(sorted(remarks, key=lambda remark: order.index(remark.level)))


def _counted(errors: int, warnings: int, tests: int, tests_failed: int) -> Iterator[Remark]:
    if errors:
        mistakes = "1 mistake" if errors == 1 else f"{errors:,} mistakes"
        yield Remark(level="blocks", says=f"{mistakes}, shown at their lines under Files changed")
    if tests_failed:
        yield Remark(level="blocks", says=f"{tests_failed:,} of {tests:,} tests of campaigns fail")
    elif tests:
        passed = "1 test" if tests == 1 else f"all {tests:,} tests"
        yield Remark(level="passes", says=f"{passed} of campaigns")
    if warnings:
        warned = "1 warning" if warnings == 1 else f"{warnings:,} warnings"
        yield Remark(level="warns", says=f"{warned}, shown at their lines under Files changed")


def _judged(judgement: Judgement) -> Remark:
    says = f"{judgement.policy}: {judgement.message}"
    if judgement.verdict == "undecided":
        says = f"{says} (what it reads is not known here)"
    return Remark(
        level=_level(judgement),
        says=says,
        by=judgement.by,
        subjects=tuple(_name(each) for each in judgement.subjects),
    )


def _level(judgement: Judgement) -> Literal["blocks", "asks", "warns", "passes"]:
    if judgement.level == "warn":
        return "warns"
    if judgement.level == "deny" and judgement.verdict == "applies":
        return "blocks"
    return "passes" if judgement.approved else "asks" if judgement.by else "blocks"


def _name(named: Named) -> str:
    return f"{named.tenant}/{named.campaign}" if named.campaign else named.tenant


def conclude(remarks: Iterable[Remark]) -> Conclusion:
    levels = {remark.level for remark in remarks}
    return "failure" if "blocks" in levels else "held" if "asks" in levels else "success"


def reviewed_plans(report: ReviewReport, diff: ReleaseDiff) -> ReviewedPlans | None:
    """The record of a review; None where head has no release."""
    if report.release is None:
        return None
    plans: dict[str, dict[str, Digest | None]] = {}
    for entry in diff.entries:
        for subject in entry.subjects:
            plans.setdefault(subject.tenant, {})[subject.campaign] = subject.after
    return ReviewedPlans(release=report.release, base=report.base, head=report.head, plans=plans)


def write_artifact(folder: Path, files: Mapping[str, str]) -> None:
    """Replaces the files of an artifact in `folder`; one that is not given is removed."""
    assert set(files) <= set(ARTIFACT)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ARTIFACT:
        (folder / name).unlink(missing_ok=True)
        if name in files:
            data = files[name].encode("utf-8", "replace")
            (folder / name).write_bytes(data)


def encoded(value: ReviewReport | ReleaseDiff | ReviewedPlans) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()
