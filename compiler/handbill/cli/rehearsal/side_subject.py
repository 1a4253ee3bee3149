"""One tenant of an opened side as what tests and previews run on: only the campaigns that are asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

from handbill.assertions.subject import Subject
from handbill.diff.sides import OpenSide
from handbill.plan.model import Plan

PlanNames: TypeAlias = Callable[[str], Collection[str]]
"""Tenant → its campaigns that are asked about."""


def subject_of(side: OpenSide, tenant: str, campaigns: Collection[str]) -> Subject | None:
    """Released plans, and drafts where a campaign is one; None for a tenant that the side lacks."""
    owner = side.tenant(tenant)
    if owner is None:
        return None
    plans: dict[str, Plan] = {}
    for name in sorted(campaigns):
        plan = side.plan(tenant, name) or side.draft(tenant, name)
        if plan is not None:
            plans[name] = plan
    tables = {
        dataset.table: side.table(tenant, dataset.table)
        for dataset in owner.datasets.values()
        if dataset.table is not None
    }
    found = {name: side.channel(name) for name in side.release.channels}
    channels = {name: channel for name, channel in found.items() if channel is not None}
    return Subject(owner, plans, tables, channels)


def changed_plans(sides: Sequence[OpenSide]) -> PlanNames:
    """The campaigns of a tenant whose plans are not the same on all sides."""

    def names(tenant: str) -> Collection[str]:
        found = [_plans_of(side, tenant) for side in sides]
        every = {name for each in found for name in each}
        return {name for name in every if len({each.get(name) for each in found}) > 1}

    return names


def _plans_of(side: OpenSide, tenant: str) -> dict[str, object]:
    owner = side.tenant(tenant)
    released = dict(owner.plans) if owner is not None else {}
    return {**side.drafts.get(tenant, {}), **released}
