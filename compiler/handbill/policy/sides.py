"""The two sides of a review: what each says about policies, limits and owners, and its plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from handbill.diagnostics.diagnostic import SourceRange
from handbill.pipeline import Compiled
from handbill.policy.check import policies_of
from handbill.policy.owners import Owned, Ownership, ownership_of
from handbill.policy.places import Places
from handbill.policy.released import JudgedPlan, plans_of
from handbill.policy.written import WrittenPolicy
from handbill.resolve.model import ResolvedRepository
from handbill.schema.models.review import AUDIENCE_GROWTH, REMOVALS, ReviewLimits
from handbill.source.layout import PLATFORM_FILE
from handbill.source.located import LocatedDocument


@dataclass(frozen=True, slots=True)
class Limits:
    """What is held: growth in percent above `growth`, more than `removals` campaigns at once.

    `strict`: the platform wrote the limit of growth itself, so growth that nobody can tell is held too.
    """

    growth: int
    removals: int
    by: tuple[str, ...]
    strict: bool
    document: LocatedDocument | None


@dataclass(frozen=True)
class Sides:
    """`base` decides wherever it can be read: a change does not judge itself by rules that it brings.

    A side that nothing is known of but its release is `Compiled(None, None, None, {}, ())`.
    """

    base: Compiled
    head: Compiled

    @cached_property
    def places(self) -> Places:
        return Places(self.head.repository)

    @cached_property
    def policies(self) -> tuple[WrittenPolicy, ...]:
        """The base's, and those of head whose names are new; each placed where head has it."""
        old, _ = policies_of(self.base)
        new, _ = policies_of(self.head)
        at_head = {each.name: each.range for each in new}
        kept = [_placed(each, at_head) for each in old]
        names = {each.name for each in old}
        return (*kept, *(each for each in new if each.name not in names))

    @cached_property
    def limits(self) -> Limits:
        """`review` of the base's handbill.yaml, of head's where base has none to read."""
        deciding = self._deciding
        platform = deciding.repository.platform if deciding.repository is not None else None
        written = (platform.review if platform is not None else None) or ReviewLimits()
        owners: Owned = self.ownership.platform
        return Limits(
            growth=written.audience_growth or AUDIENCE_GROWTH,
            removals=REMOVALS if written.removals is None else written.removals,
            by=tuple(written.by or owners.by),
            strict=written.audience_growth is not None,
            document=_platform_document(deciding),
        )

    @cached_property
    def ownership(self) -> Ownership:
        """The base's; head's for whom only head has."""
        base, head = ownership_of(self.base.documents), ownership_of(self.head.documents)
        platform = base.platform if self._deciding is self.base else head.platform
        return Ownership(platform, {**head.folders, **base.folders})

    @cached_property
    def plans(self) -> Mapping[tuple[str, str], JudgedPlan]:
        """By tenant and campaign: head's, and base's of what head does not have."""
        found: dict[tuple[str, str], JudgedPlan] = {}
        for side in (self.base, self.head):
            if side.release is not None:
                found |= plans_of(side.release)
        return found

    @property
    def repositories(self) -> tuple[ResolvedRepository, ...]:
        found = (self.base.repository, self.head.repository)
        return tuple(each for each in found if each is not None)

    @cached_property
    def gone(self) -> tuple[str, ...]:
        """Tenants of which head has not even a folder."""
        if self.base.repository is None or self.head.repository is None:
            return ()
        head = self.head.repository
        left = {*head.tenants, *head.partial, *head.failed}
        return tuple(sorted({*self.base.repository.tenants} - left))

    @property
    def _deciding(self) -> Compiled:
        repository = self.base.repository
        return self.base if repository is not None and repository.platform else self.head


def _placed(policy: WrittenPolicy, at_head: Mapping[str, SourceRange]) -> WrittenPolicy:
    return replace(policy, range=at_head.get(policy.name, policy.range))


def _platform_document(compiled: Compiled) -> LocatedDocument | None:
    documents = compiled.documents
    return None if documents is None else documents.documents.get(PLATFORM_FILE)
