"""A side of a review as policies see it: its plans decoded, each with what it is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from handbill.lower.release import CompiledRelease
from handbill.plan.canonical import decode_object
from handbill.plan.model import Channel, Digest, Plan, Tenant


@dataclass(frozen=True, slots=True)
class JudgedPlan:
    """A plan with its tenant's object and the channels that it is measured against."""

    plan: Plan
    tenant: Tenant
    channels: Mapping[str, Channel]
    status: Literal["active", "paused", "draft"]


def plans_of(release: CompiledRelease) -> dict[tuple[str, str], JudgedPlan]:
    """Every plan by tenant and campaign, drafts too."""
    channels = _channels(release)
    found: dict[tuple[str, str], JudgedPlan] = {}
    for name, digest in release.release.tenants.items():
        pack = release.packs[digest]
        tenant = decode_object(pack[digest])
        assert isinstance(tenant, Tenant)
        for campaign, its in tenant.plans.items():
            plan = _plan(pack[its])
            found[name, campaign] = JudgedPlan(plan, tenant, channels, plan.status)
        for campaign, data in release.drafts.get(name, {}).items():
            found[name, campaign] = JudgedPlan(_plan(data), tenant, channels, "draft")
    return found


def _plan(data: bytes) -> Plan:
    plan = decode_object(data)
    assert isinstance(plan, Plan)
    return plan


def _channels(release: CompiledRelease) -> dict[str, Channel]:
    own: Mapping[Digest, bytes] = release.packs[release.digest]
    found = {}
    for name, digest in release.release.channels.items():
        channel = decode_object(own[digest])
        assert isinstance(channel, Channel)
        found[name] = channel
    return found
