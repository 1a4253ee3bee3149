"""Which plan of one side belongs to which of the other: by tenant and identity, then by name.

Plans with equal digests are the same and are only counted. A campaign that took another name and says
what it `was` is one campaign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handbill.diff.model import Subject
from handbill.diff.plan_pairs import WrittenPlan, decode_pair
from handbill.diff.sides import OpenSide
from handbill.plan.model import Digest, Plan, Tenant


@dataclass(frozen=True, slots=True)
class Pair:
    """A campaign whose plan differs; a plan is None on the side without it. Where all messages are the
    same on both sides, neither plan has its `variants`, nor its `fields` where those are the same too.

    `draft_before` and `draft_after` are its plan on a side where it is not released yet.
    """

    subject: Subject
    before: Plan | None
    after: Plan | None
    owner_before: Tenant | None
    owner_after: Tenant | None
    draft_before: bool = False
    draft_after: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """`differing`: tenants of which something differs, in order. `identical` counts the plans of the
    others; nothing is said of those that are `left_out`."""

    differing: tuple[str, ...]
    identical: int
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """Of one tenant: the plans that differ, and how many do not."""

    pairs: tuple[Pair, ...]
    identical: int


def tenants_to_compare(base: OpenSide, head: OpenSide) -> Compared:
    """What is to be matched, tenant by tenant."""
    held = {each.tenant for each in base.about.held}
    left_out = {*base.about.failed, *head.about.failed} - (held - {*head.about.failed})
    names = sorted({*base.release.tenants, *head.release.tenants} - left_out)
    same = [name for name in names if _is_same(base, head, name)]
    differing = tuple(name for name in names if not _is_same(base, head, name))
    identical = sum(len(_plans(head.tenant(name))) for name in same)
    return Compared(differing, identical, tuple(sorted(left_out)))


def match_tenant(base: OpenSide, head: OpenSide, name: str) -> Matched:
    """Everything of one tenant that differs, by campaign."""
    same = _shared(_plans(base.tenant(name)), _plans(head.tenant(name)))
    return Matched(tuple(_pairs(base, head, name, same)), len(same))


def _is_same(base: OpenSide, head: OpenSide, tenant: str) -> bool:
    return base.release.tenants.get(tenant) == head.release.tenants.get(tenant)


def _plans(tenant: Tenant | None) -> Mapping[str, Digest]:
    return tenant.plans if tenant is not None else {}


def _shared(before: Mapping[str, Digest], after: Mapping[str, Digest]) -> frozenset[str]:
    return frozenset(name for name, digest in before.items() if after.get(name) == digest)


def _pairs(base: OpenSide, head: OpenSide, tenant: str, same: frozenset[str]) -> Iterator[Pair]:
    before, after = _differing(base, tenant, same), _differing(head, tenant, same)
    partner = _partners(_identities(before), _identities(after))
    for name in after:
        old = partner.get(name)
        was = None if old is None else (old, before[old])
        plans = _decoded(base, head, tenant, was, (name, after[name]))
        yield _pair(base, head, tenant, old, name, plans)
    taken = set(partner.values())
    for name in before:
        if name not in taken:
            plans = _decoded(base, head, tenant, (name, before[name]), None)
            yield _pair(base, head, tenant, name, None, plans)


def _partners(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Name after → name before, of campaigns with one identity, and else with one name."""
    by_identity = {identity: name for name, identity in before.items()}
    partner = {
        name: by_identity[identity] for name, identity in after.items() if identity in by_identity
    }
    left = before.keys() - partner.values()
    return partner | {name: name for name in after if name not in partner and name in left}


def _identities(plans: Mapping[str, WrittenPlan]) -> dict[str, str]:
    return {name: plan.identity for name, plan in plans.items()}


def _differing(side: OpenSide, tenant: str, same: frozenset[str]) -> dict[str, WrittenPlan]:
    """Name → each plan that is not the same on both sides."""
    found = {}
    for name in sorted(_plans(side.tenant(tenant)).keys() - same):
        data = side.plan_bytes(tenant, name)
        assert data is not None
        found[name] = WrittenPlan(data)
    return found


def _pair(
    base: OpenSide,
    head: OpenSide,
    tenant: str,
    before: str | None,
    after: str | None,
    plans: tuple[Plan | None, Plan | None],
) -> Pair:
    name = after or before
    assert name is not None
    old, new = base.tenant(tenant), head.tenant(tenant)
    subject = Subject(
        tenant=tenant,
        campaign=name,
        before=_plans(old).get(before) if before else None,
        after=_plans(new).get(after) if after else None,
        file=head.file_of(tenant, name) or base.file_of(tenant, before or name),
    )
    return Pair(subject, *plans, old, new, before is None, after is None)


def _decoded(
    base: OpenSide,
    head: OpenSide,
    tenant: str,
    before: tuple[str, WrittenPlan] | None,
    after: tuple[str, WrittenPlan] | None,
) -> tuple[Plan | None, Plan | None]:
    """Each of `before` and `after` is a campaign's name and its plan."""
    match before, after:
        case None, (name, _):
            return base.draft(tenant, name), head.plan(tenant, name)
        case (name, _), None:
            return base.plan(tenant, name), head.draft(tenant, name)
        case (_, one), (_, other):
            return decode_pair(one, other)
    raise AssertionError("one of them is there")
