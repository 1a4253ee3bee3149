"""The claims of a configuration, examined: what no customer can meet is reported where it is written.

A text that several campaigns share is reported only if it is so for each of them: an exclusion of the
group's that one campaign does not need is no mistake. What cannot be decided is never reported as one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from handbill.diagnostics.diagnostic import Diagnostic, Severity, SourceRange
from handbill.language.reasoning.claims import Claim, ClaimKind, Claims
from handbill.language.reasoning.conflict import conflicting
from handbill.language.reasoning.declared import (
    Declarations,
    declared_by,
    fields_of,
    question_about,
)
from handbill.language.reasoning.question import UNCONFIRMED, Impossible, Question, Unknown
from handbill.language.reasoning.reasoner import Answer, Reasoner
from handbill.language.reasoning.wording import worded
from handbill.plan.types import ListType

QUESTION_MILLISECONDS = 1_000
NEVER_TAKEN, ALWAYS_TAKEN = "HB544", "HB545"
BUDGET_SECONDS = 20.0
"""For one configuration; what is left then is undecided."""


@dataclass(frozen=True, slots=True)
class _Instance:
    """A claim, and the campaign that makes it."""

    claim: Claim
    of: Claims


def prove(
    claims: Iterable[Claims],
    reasoner: Reasoner,
    budget_seconds: float = BUDGET_SECONDS,
    concerns: Callable[[str], bool] | None = None,
) -> tuple[Diagnostic, ...]:
    """What is wrong with the claims of some campaigns, in the order of their places; with `concerns`
    only with those in files of which it says yes."""
    examination = _Examination(reasoner, time.monotonic() + budget_seconds)
    groups: dict[tuple[SourceRange, ClaimKind, str], list[_Instance]] = {}
    for each in claims:
        for claim in each.each():
            if concerns is not None and not concerns(claim.range.file):
                continue
            key = (claim.range, claim.kind, claim.subject)
            groups.setdefault(key, []).append(_Instance(claim, each))
    found = [examination.verdict(group) for _, group in sorted(groups.items(), key=_place)]
    return tuple(_once([each for each in found if each is not None]))


def _place(
    group: tuple[tuple[SourceRange, ClaimKind, str], list[_Instance]],
) -> tuple[SourceRange, ClaimKind, str]:
    return group[0]


def _once(found: Sequence[Diagnostic]) -> Iterable[Diagnostic]:
    """An audience in which nobody is needs nothing said of its parts, and what nobody comes to
    nothing more."""
    empty = {(each.tenant, each.range and each.range.file) for each in found if each.is_error}
    never = {each.range for each in found if each.code == NEVER_TAKEN}
    said: set[tuple[str, str | None, SourceRange | None]] = set()
    for each in found:
        # Of a rule that nobody meets, not again that its exclusions leave nobody.
        if (each.code, each.tenant, each.range) in said:
            continue
        if each.is_error:
            said.add((each.code, each.tenant, each.range))
        where = (each.tenant, each.range and each.range.file)
        again = each.code == ALWAYS_TAKEN and each.range in never
        if each.is_error or (where not in empty and not again):
            yield each


class _Examination:
    def __init__(self, reasoner: Reasoner, until: float) -> None:
        self._reasoner, self._until = reasoner, until
        self._declared: dict[int, Declarations] = {}

    def verdict(self, group: Sequence[_Instance]) -> Diagnostic | None:
        """A finding where the claim is wrong for every campaign that makes it."""
        undecided: Diagnostic | None = None
        if any(self._reasoner.plain_answer(self._question(each)) for each in group):
            return None
        for instance in group:
            match self._answer(instance):
                case Impossible():
                    pass
                case Unknown(reason=reason) if is_worth_saying(instance.claim, reason):
                    undecided = _undecided(instance, reason)
                case _:
                    return undecided
        return undecided or self._finding(group)

    def _answer(self, instance: _Instance) -> Answer:
        if time.monotonic() > self._until:
            return Unknown("the configuration has too many open questions")
        return self._reasoner.answer(self._question(instance))

    def _question(self, instance: _Instance) -> Question:
        condition = instance.claim.condition
        return question_about(condition, self._declarations(instance), QUESTION_MILLISECONDS)

    def _declarations(self, instance: _Instance) -> Declarations:
        vocabulary = instance.of.vocabulary
        if id(vocabulary) not in self._declared:
            self._declared[id(vocabulary)] = declared_by(vocabulary)
        return self._declared[id(vocabulary)]

    def _finding(self, group: Sequence[_Instance]) -> Diagnostic:
        first = group[0]
        found = _worded(first.claim)
        if all(each.claim.conditions == first.claim.conditions for each in group):
            found = replace(found, notes=self._evidence(first))
        tenants = {each.of.tenant for each in group}
        return replace(found, tenant=first.of.tenant if len(tenants) == 1 else None)

    def _evidence(self, instance: _Instance) -> tuple[str, ...]:
        """The conditions that exclude one another, and no more of them than it takes."""
        declarations = self._declarations(instance)
        parts = conflicting(instance.claim.conditions, declarations, self._reasoner)
        texts = [worded(part) for part in parts]
        shown = [f"`{text}`" for text in texts if text is not None]
        if not shown:
            return ()
        if len(shown) < len(texts):
            others = "another condition" if len(texts) - len(shown) == 1 else "the other conditions"
            return (f"nobody meets {', '.join(shown)} together with {others}",)
        if len(shown) == 1:
            return (f"{shown[0]} holds for nobody",)
        return (f"nobody meets {', '.join(shown[:-1])} and {shown[-1]} together",)


def is_worth_saying(claim: Claim, reason: str) -> bool:
    """Of audiences alone; and of rules about rows, for which an example is hardest to find, not that
    none was found."""
    about_rows = any(isinstance(each.type, ListType) for each in fields_of(claim.condition))
    return claim.kind is ClaimKind.LEFT and not (reason == UNCONFIRMED and about_rows)


def _undecided(instance: _Instance, reason: str) -> Diagnostic:
    return Diagnostic(
        "HB549",
        "whether anybody can be in this audience is not known",
        instance.claim.range,
        Severity.NOTE,
        notes=(f"because {reason}",),
        tenant=instance.of.tenant,
    )


_WORDS: Mapping[ClaimKind, tuple[str, Severity, str, str]] = {
    ClaimKind.INCLUDED: (
        "HB540",
        Severity.ERROR,
        "nobody can be in this audience",
        "change one of the conditions",
    ),
    ClaimKind.LEFT: (
        "HB540",
        Severity.ERROR,
        "the exclusions leave nobody in this audience",
        "include more, or exclude less",
    ),
    ClaimKind.NOT_EVERYONE: (
        "HB541",
        Severity.WARNING,
        "this holds for every customer",
        "say `everyone`, if that is what you mean",
    ),
    ClaimKind.EXCLUDED: (
        "HB542",
        Severity.WARNING,
        "`{subject}` excludes nobody: who is included never meets it",
        "remove it, or change it",
    ),
    ClaimKind.OFFERED: (
        "HB543",
        Severity.WARNING,
        "nobody gets `{subject}`: no customer of this audience comes to this choice and meets it",
        "remove it, or move it before the choice that takes its customers",
    ),
    ClaimKind.TAKEN: (
        NEVER_TAKEN,
        Severity.WARNING,
        "this never holds for a customer who gets here, so what it guards is never sent",
        "remove it, or change the condition",
    ),
    ClaimKind.NOT_TAKEN: (
        ALWAYS_TAKEN,
        Severity.WARNING,
        "this holds for every customer who gets here",
        "remove the condition",
    ),
}


def _worded(claim: Claim) -> Diagnostic:
    code, severity, message, hint = _WORDS[claim.kind]
    if claim.kind is ClaimKind.NOT_TAKEN and claim.otherwise:
        message, hint = f"{message}, so the `else` is never sent", "remove the `else`"
    return Diagnostic(
        code,
        message.format(subject=claim.subject),
        claim.range,
        severity,
        hint,
    )
