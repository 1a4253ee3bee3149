"""A side of a review as policies see it: its plans decoded, each with what it is judged by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Literal, TypeAlias

import msgspec

from handbill.lower.release import CompiledRelease
from handbill.plan.model import Channel, Digest, Plan, Tenant

Wanted: TypeAlias = Callable[[str, str], bool]
"""Tenant and campaign → whether they are asked about."""
_plans, _tenants, _channel = (
    msgspec.json.Decoder(Plan),
    msgspec.json.Decoder(Tenant),
    msgspec.json.Decoder(Channel),
)


@dataclass(frozen=True, slots=True)
class JudgedPlan:
    """A plan with its tenant's object and the channels that it is measured against."""

    plan: Plan
    tenant: Tenant
    channels: Mapping[str, Channel]
    status: Literal["active", "paused", "draft"]


def each_plan(
    release: CompiledRelease, wanted: Wanted | None = None
) -> Iterator[tuple[tuple[str, str], JudgedPlan]]:
    """Every plan by tenant and campaign, drafts too, decoded when its turn comes and forgotten then;
    with `wanted` only those."""
    channels = _channels(release)
    for name, digest in release.release.tenants.items():
        pack = release.packs[digest]
        tenant = _tenants.decode(pack[digest])
        released = ((campaign, pack[its], False) for campaign, its in tenant.plans.items())
        drafts = ((each, data, True) for each, data in release.drafts.get(name, {}).items())
        for campaign, data, is_draft in chain(released, drafts):
            if wanted is None or wanted(name, campaign):
                plan = decoded(data)
                status = "draft" if is_draft else plan.status
                yield (name, campaign), JudgedPlan(plan, tenant, channels, status)


@lru_cache(maxsize=256)
def decoded(data: bytes) -> Plan:
    """A plan that was just compiled. Remembered, as several examinations follow one another."""
    return _plans.decode(data)


def _channels(release: CompiledRelease) -> dict[str, Channel]:
    own: Mapping[Digest, bytes] = release.packs[release.digest]
    found = {}
    for name, digest in release.release.channels.items():
        found[name] = _channel.decode(own[digest])
    return found
