"""Which plan of one side belongs to which of the other: by tenant and identity, then by name.

Plans with equal digests are the same and are only counted. A campaign that took another name and says
what it `was` is one campaign.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handbill.diff.model import Subject
from handbill.diff.plan_pairs import decode_pair, identity_of
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
class Matched:
    pairs: tuple[Pair, ...]
    plans: int
    identical: int
    not_compared: tuple[str, ...]
    tenants_changed: tuple[str, ...]
    """Tenants whose own object differs and is there on both sides."""


def match_sides(base: OpenSide, head: OpenSide) -> Matched:
    """Everything that differs, by tenant and campaign."""
    held = {each.tenant for each in base.about.held}
    left_out = tuple(
        sorted({*base.about.failed, *head.about.failed} - (held - {*head.about.failed}))
    )
    names = sorted({*base.release.tenants, *head.release.tenants} - set(left_out))
    pairs: list[Pair] = []
    plans = identical = 0
    changed: list[str] = []
    for name in names:
        if _is_same(base, head, name):
            count = len(_plans(head.tenant(name)))
            identical, plans = identical + count, plans + count
            continue
        before, after = base.tenant(name), head.tenant(name)
        same = _shared(_plans(before), _plans(after))
        found = tuple(_pairs(base, head, name, same))
        pairs += found
        identical += len(same)
        plans += len(same) + len(found)
        if before is not None and after is not None:
            changed.append(name)
    return Matched(tuple(pairs), plans, identical, left_out, tuple(changed))


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


def _identities(plans: Mapping[str, bytes]) -> dict[str, str]:
    return {name: identity_of(data) for name, data in plans.items()}


def _differing(side: OpenSide, tenant: str, same: frozenset[str]) -> dict[str, bytes]:
    """Name → bytes of each plan that is not the same on both sides."""
    found = {}
    for name in sorted(_plans(side.tenant(tenant)).keys() - same):
        data = side.plan_bytes(tenant, name)
        assert data is not None
        found[name] = data
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
    before: tuple[str, bytes] | None,
    after: tuple[str, bytes] | None,
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
