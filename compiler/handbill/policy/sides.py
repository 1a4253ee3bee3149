"""The two sides of a review: what each says about policies, limits and owners, and its plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from handbill.diagnostics.diagnostic import SourceRange
from handbill.diff.sides import OpenSide
from handbill.pipeline import Compiled
from handbill.policy.check import policies_of
from handbill.policy.owners import Owned, Ownership, ownership_of
from handbill.policy.places import Places
from handbill.policy.released import JudgedPlan
from handbill.policy.written import WrittenPolicy
from handbill.resolve.model import ResolvedRepository
from handbill.schema.models.review import AUDIENCE_GROWTH, REMOVALS, ReviewLimits
from handbill.source.layout import PLATFORM_FILE
from handbill.source.located import LocatedDocument

NOTHING_KNOWN = Compiled(None, None, None, {}, ())


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
    Of a store's environment only the plans are known, so there the other side decides."""

    base: OpenSide
    head: OpenSide

    @cached_property
    def places(self) -> Places:
        return Places(_of(self.head).repository)

    @cached_property
    def policies(self) -> tuple[WrittenPolicy, ...]:
        """The base's, and those of head whose names are new; each placed where head has it."""
        old, _ = policies_of(_of(self.base))
        new, _ = policies_of(_of(self.head))
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
        """The base's. What only head has is the platform's of the base, whomever head names for it;
        where that has no owners, it is theirs whom head names."""
        base, head = (ownership_of(_of(side).documents) for side in (self.base, self.head))
        platform = base.platform if self._deciding is self.base.compiled else head.platform
        new = head.folders
        if base.platform.by:
            new = {
                root: replace(each, by=platform.by, place=platform.place)
                for root, each in new.items()
            }
        return Ownership(platform, {**new, **base.folders})

    @cached_property
    def dropped(self) -> frozenset[str]:
        """Policies of the base that head no longer has, by any name: `check` of head does not ask them."""
        old, _ = policies_of(_of(self.base))
        new, _ = policies_of(_of(self.head))
        kept = {(each.level, each.when) for each in new}
        return frozenset(each.name for each in old if (each.level, each.when) not in kept)

    def plan(self, tenant: str, campaign: str) -> JudgedPlan | None:
        """Head's, else base's, a draft too; None where neither has it."""
        for side in (self.head, self.base):
            found = _plan(side, tenant, campaign)
            if found is not None:
                return found
        return None

    @property
    def repositories(self) -> tuple[ResolvedRepository, ...]:
        found = (_of(self.base).repository, _of(self.head).repository)
        return tuple(each for each in found if each is not None)

    @cached_property
    def gone(self) -> tuple[str, ...]:
        """Tenants that head does not have, not even with errors."""
        if self.head.about.digest is None:
            return ()
        left = {*self.head.release.tenants, *self.head.about.failed}
        return tuple(sorted(set(self.base.release.tenants) - left))

    @property
    def _deciding(self) -> Compiled:
        base = _of(self.base)
        known = base.repository is not None and base.repository.platform is not None
        return base if known else _of(self.head)


def _of(side: OpenSide) -> Compiled:
    return side.compiled or NOTHING_KNOWN


def _plan(side: OpenSide, tenant: str, campaign: str) -> JudgedPlan | None:
    owner, plan = side.tenant(tenant), side.plan(tenant, campaign)
    draft = side.draft(tenant, campaign) if plan is None else None
    found = plan or draft
    if owner is None or found is None:
        return None
    channels = {name: side.channel(name) for name in found.senders}
    known = {name: each for name, each in channels.items() if each is not None}
    return JudgedPlan(found, owner, known, found.status if plan else "draft")


def _placed(policy: WrittenPolicy, at_head: Mapping[str, SourceRange]) -> WrittenPolicy:
    return replace(policy, range=at_head.get(policy.name, policy.range))


def _platform_document(compiled: Compiled) -> LocatedDocument | None:
    documents = compiled.documents
    return None if documents is None else documents.documents.get(PLATFORM_FILE)
