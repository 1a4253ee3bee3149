"""The policies, asked of a diff: one judgement for each policy and change of which it speaks.

A policy about `plan` alone is judged by `handbill check`, of every plan; here it counts only where it
asks for an approval or where the change loosens it, and only of plans that change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.diff.model import Entry, ReleaseDiff, Subject
from handbill.language.expressions.reads import Path
from handbill.plan.values import Value
from handbill.policy.approvals import Approvals
from handbill.policy.change_values import COUNTED, ENDS, Counting, change_values, counts_of
from handbill.policy.deciding import decide
from handbill.policy.model import Judgement, Named
from handbill.policy.plan_values import plan_values
from handbill.policy.sides import Sides
from handbill.policy.vocabulary import PLAN
from handbill.policy.wording import listed, one_of, policy_finding
from handbill.policy.written import WrittenPolicy


@dataclass(frozen=True, slots=True)
class Asked:
    """One policy asked of the subjects of one entry that answer alike."""

    policy: WrittenPolicy
    undecided: bool
    subjects: tuple[Named, ...]
    values: Mapping[Path, Value]
    unknown: frozenset[Path]


def judge_policies(
    diff: ReleaseDiff, sides: Sides, approvals: Approvals, counting: Counting | None = None
) -> Iterator[tuple[Judgement, Diagnostic]]:
    """In the order of the policies, then of the diff's entries."""
    for policy in sides.policies:
        if policy.condition is None:
            continue  # a mistake, which `check` explains
        for entry in diff.entries:
            for asked in _asked(policy, entry, diff, sides, counting):
                yield _judged(asked, sides, approvals)


def _asked(
    policy: WrittenPolicy,
    entry: Entry,
    diff: ReleaseDiff,
    sides: Sides,
    counting: Counting | None,
) -> Iterator[Asked]:
    """The subjects that answer alike together: first those of which it surely speaks."""
    if not policy.is_about_changes:
        is_checked = policy.level != "approve" and policy.name not in sides.dropped
        if is_checked or entry.kind in ENDS:
            return
    answers: dict[bool, list[Asked]] = {}
    for subjects in _judged_alike(policy, entry):
        asked = _ask(policy, subjects, entry, diff, sides, counting)
        if asked is not None:
            answers.setdefault(asked.undecided, []).append(asked)
    for _, alike in sorted(answers.items()):
        everyone = tuple(name for each in alike for name in each.subjects)
        yield replace(alike[0], subjects=everyone)


def _judged_alike(policy: WrittenPolicy, entry: Entry) -> Iterable[tuple[Subject, ...]]:
    """Each subject by itself where the policy reads its plan or its counts, else all at once."""
    if any(path[0] == PLAN or path[-1] in COUNTED for path in policy.reads):
        return [(each,) for each in entry.subjects]
    return [entry.subjects]


def _ask(
    policy: WrittenPolicy,
    subjects: tuple[Subject, ...],
    entry: Entry,
    diff: ReleaseDiff,
    sides: Sides,
    counting: Counting | None,
) -> Asked | None:
    """None where the policy does not speak."""
    change = change_values(entry, diff, counts_of(subjects[0], entry, counting))
    plan, no_plan = _plan(subjects[0], policy, sides)
    values, unknown = {**change.values, **plan}, change.unknown | no_plan
    assert policy.condition is not None
    answer = decide(policy.condition, values, unknown)
    if answer is False:
        return None
    named = tuple(_named(each, sides) for each in subjects)
    return Asked(policy, answer is None, named, values, unknown & policy.reads)


def _plan(
    subject: Subject, policy: WrittenPolicy, sides: Sides
) -> tuple[Mapping[Path, Value], frozenset[Path]]:
    wanted = frozenset(path for path in policy.reads if path[0] == PLAN)
    judged = sides.plan(subject.tenant, subject.campaign) if wanted else None
    if judged is None:
        return {}, wanted
    return plan_values(judged, policy.reads), frozenset()


def _named(subject: Subject, sides: Sides) -> Named:
    known = sides.places.named(subject.tenant, subject.campaign)
    return known if known.file else Named(subject.tenant, subject.campaign, subject.file)


def _judged(asked: Asked, sides: Sides, approvals: Approvals) -> tuple[Judgement, Diagnostic]:
    policy = asked.policy
    by = policy.by
    if asked.undecided and policy.level == "deny":
        by = sides.limits.by
    approved = approvals.by_one_of(by)
    judgement = Judgement(
        policy=policy.name,
        level=policy.level,
        verdict="undecided" if asked.undecided else "applies",
        subjects=asked.subjects,
        place=policy.range,
        message=policy.message or policy.when,
        by=by,
        approved=approved,
    )
    made = _undecided if asked.undecided else _applies
    return judgement, made(asked, judgement, sides)


def _applies(asked: Asked, judgement: Judgement, sides: Sides) -> Diagnostic:
    policy, first = asked.policy, asked.subjects[0]
    where = sides.places.of(first, policy.reads)
    severity, hint = _weight(judgement)
    found = policy_finding(policy, where, severity, asked.values, hint, first.tenant)
    return with_subjects(found, asked.subjects)


def _weight(judgement: Judgement) -> tuple[Severity, str | None]:
    match judgement.level:
        case "deny":
            return Severity.ERROR, "take this change back"
        case "warn":
            return Severity.WARNING, None
        case "approve" if judgement.approved:
            return Severity.NOTE, "it has been approved"
        case "approve":
            return Severity.ERROR, f"ask {one_of(judgement.by)} to approve"


def _undecided(asked: Asked, judgement: Judgement, sides: Sides) -> Diagnostic:
    """What is not known is never taken for harmless."""
    policy, first = asked.policy, asked.subjects[0]
    unread = ", ".join(sorted(f"`{'.'.join(path)}`" for path in asked.unknown))
    held = policy.level != "warn" and not judgement.approved
    severity = Severity.ERROR if held else Severity.WARNING
    hint = "run the diff with --customers, which counts"
    if held and judgement.by:
        hint += f", or ask {one_of(judgement.by)} to approve"
    found = Diagnostic(
        "HB703",
        f"the policy `{policy.name}` cannot be decided: {unread} is not known",
        sides.places.of(first, policy.reads) or policy.range,
        severity,
        hint=hint,
        notes=(policy.when,),
        tenant=first.tenant,
    )
    return with_subjects(found, asked.subjects)


def with_subjects(found: Diagnostic, subjects: tuple[Named, ...]) -> Diagnostic:
    """Names the campaigns where it is about more than one."""
    if len(subjects) < 2:
        return found
    names = f"it is about {listed(str(each) for each in subjects)}"
    alone = len({each.tenant for each in subjects}) == 1
    return replace(found, notes=(*found.notes, names), tenant=found.tenant if alone else None)
