"""Jumps that are held whatever the policies say: audiences that grow too much, many campaigns that end at
once, a tenant that vanishes. One of the platform's approvers lets them pass."""

from __future__ import annotations

from collections.abc import Iterator

from handbill.diagnostics.diagnostic import Diagnostic, Related, Severity, SourceRange
from handbill.diff.model import AudienceChange, Entry, ReleaseDiff
from handbill.policy.approvals import Approvals
from handbill.policy.change_values import ENDS, Counting, audience_change, counts_of, growth_of
from handbill.policy.judging import with_subjects
from handbill.policy.model import Judgement, Named
from handbill.policy.places import beginning
from handbill.policy.sides import Sides
from handbill.policy.vocabulary import PERCENT, PERCENT_SCALE, PLAN
from handbill.policy.wording import listed, one_of, shown
from handbill.source.layout import PLATFORM_FILE

GROWTH, REMOVALS, TENANTS = "review.audience_growth", "review.removals", "tenants"
MAY_GROW = ("widened", "mixed", "disjoint", "unknown")


def judge_holds(
    diff: ReleaseDiff, sides: Sides, approvals: Approvals, counting: Counting | None = None
) -> Iterator[tuple[Judgement, Diagnostic]]:
    for entry in diff.entries:
        change = audience_change(entry)
        if change is not None and entry.kind == "changed":
            yield from _growths(entry, change, sides, approvals, counting)
    yield from _removals(diff, sides, approvals)
    for tenant in sides.gone:
        yield _gone(tenant, diff, sides, approvals)


def _growths(
    entry: Entry,
    change: AudienceChange,
    sides: Sides,
    approvals: Approvals,
    counting: Counting | None,
) -> Iterator[tuple[Judgement, Diagnostic]]:
    """Each subject that was counted by itself, the others together."""
    unknown = []
    limit = sides.limits.growth
    for subject in entry.subjects:
        counts = counts_of(subject, entry, counting)
        named = _named(subject.tenant, subject.campaign, subject.file, sides)
        if counts is None:
            unknown.append(named)
        elif growth_of(counts) > limit * 10**PERCENT_SCALE:
            says = (
                f"this audience grows by {shown(growth_of(counts), PERCENT)}%, from "
                f"{counts.before:,} to {counts.after:,}; the limit is {limit:,}%"
            )
            yield _held("HB708", GROWTH, says, (named,), sides, approvals)
    if unknown and change.relation in MAY_GROW:
        says = f"nobody counted by how much this audience grows; the limit is {limit:,}%"
        yield _held("HB714", GROWTH, says, tuple(unknown), sides, approvals)


def _removals(
    diff: ReleaseDiff, sides: Sides, approvals: Approvals
) -> Iterator[tuple[Judgement, Diagnostic]]:
    subjects = tuple(
        sorted(
            _named(each.tenant, each.campaign, each.file, sides)
            for entry in diff.entries
            if entry.kind in ENDS
            for each in entry.subjects
        )
    )
    if len(subjects) > sides.limits.removals:
        says = (
            f"this change ends {len(subjects):,} campaigns at once; "
            f"the limit is {sides.limits.removals:,}"
        )
        yield _held("HB709", REMOVALS, says, subjects, sides, approvals)


def _gone(
    tenant: str, diff: ReleaseDiff, sides: Sides, approvals: Approvals
) -> tuple[Judgement, Diagnostic]:
    ended = sorted(
        each.campaign
        for entry in diff.entries
        for each in entry.subjects
        if each.tenant == tenant and entry.kind in ENDS
    )
    subjects = tuple(Named(tenant, campaign) for campaign in ended)
    with_them = f", with {listed(ended)}" if ended else ""
    says = f"this change takes the tenant `{tenant}` away{with_them}"
    return _held("HB710", TENANTS, says, subjects, sides, approvals)


def _named(tenant: str, campaign: str, file: str, sides: Sides) -> Named:
    known = sides.places.named(tenant, campaign)
    return known if known.file else Named(tenant, campaign, file)


def _held(
    code: str,
    limit: str,
    says: str,
    subjects: tuple[Named, ...],
    sides: Sides,
    approvals: Approvals,
) -> tuple[Judgement, Diagnostic]:
    by, undecided = sides.limits.by, code == "HB714"
    place = _place_of(limit, sides)
    judgement = Judgement(
        policy=limit,
        level="warn" if undecided and not sides.limits.strict else "approve",
        verdict="undecided" if undecided else "applies",
        subjects=subjects,
        place=place,
        message=says,
        by=by,
        approved=approvals.by_one_of(by),
    )
    where = sides.places.of(subjects[0], [(PLAN, "everyone")]) if limit == GROWTH else None
    found = Diagnostic(
        code,
        says,
        where or place or beginning(PLATFORM_FILE),
        _severity(judgement),
        hint=_hint(judgement),
        related=(Related("the limit", place),) if place is not None and where is not None else (),
        tenant=subjects[0].tenant if limit != REMOVALS and subjects else None,
    )
    return judgement, with_subjects(found, subjects)


def _severity(judgement: Judgement) -> Severity:
    """Growth that nobody counted, under a limit that nobody wrote, is only a note."""
    held = judgement.level == "approve" and not judgement.approved
    return Severity.ERROR if held else Severity.NOTE


def _place_of(limit: str, sides: Sides) -> SourceRange | None:
    document = sides.limits.document
    if document is None or not limit.startswith("review."):
        return None
    path = tuple(limit.split("."))
    return document.ranges.get(path)


def _hint(judgement: Judgement) -> str:
    if judgement.approved:
        return "it has been approved"
    if judgement.level == "warn":
        return COUNT
    asks = f"ask {one_of(judgement.by)} to approve" if judgement.by else NOBODY
    if judgement.verdict == "undecided":
        return f"{COUNT}, or {asks}"
    return asks


COUNT = "run the diff with --customers, which counts"
NOBODY = 'name who may approve it in handbill.yaml: review: {by: ["@ORGANIZATION/TEAM"]}'
