"""What a simulation says: how many messages leave in each hour of a period, and what is odd about it.

Counts only: no customer is named. Encoded by msgspec, this is the JSON report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

REPORT_VERSION = 1
FindingKind: TypeAlias = Literal[
    "never_reaches", "starves", "expires", "overlaps", "over", "not_due", "trouble"
]


class SimulateStruct(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    pass


class Send(SimulateStruct, frozen=True, kw_only=True):
    """Messages of one campaign that leave on one channel within one hour."""

    tenant: str
    campaign: str
    channel: str
    hour: str
    """Local to the tenant: `2026-12-03T10`."""
    messages: int


class ChannelOutcome(SimulateStruct, frozen=True, kw_only=True):
    """`planned` = sent + waiting + those in `suppressed` (reason → messages)."""

    planned: int
    sent: int
    waiting: int = 0
    """At the end of the period: for an hour of the day, or their turn at the provider."""
    suppressed: Mapping[str, int] = {}


class CampaignOutcome(SimulateStruct, frozen=True, kw_only=True):
    """One campaign over the whole period; the counts are customers, once for each occurrence."""

    tenant: str
    campaign: str
    occurrences: tuple[str, ...]
    """Local due times of the period, `2026-12-03T10:00`; an `at` or `publish` campaign has one."""
    considered: int
    selected: int
    left_out: Mapping[str, int]
    """Reason (`exclude:staff`, `no_consent`, `held_out_global`, …) → customers."""
    channels: Mapping[str, ChannelOutcome]


class Finding(SimulateStruct, frozen=True, kw_only=True):
    """Something that whoever plans the period wants to know. `campaigns` are of one tenant."""

    kind: FindingKind
    tenant: str
    campaigns: tuple[str, ...]
    says: str


class Simulation(SimulateStruct, frozen=True, kw_only=True):
    """`begin` and `end` are UTC ISO instants; hours are local to each tenant's zone."""

    version: int = REPORT_VERSION
    label: str
    digest: str
    begin: str
    end: str
    zones: Mapping[str, str]
    """Tenant → its time zone."""
    sends: tuple[Send, ...]
    campaigns: tuple[CampaignOutcome, ...]
    quarantined: Mapping[str, Mapping[str, int]] = {}
    """Tenant → reason → rows of its customers that no run can use."""
    findings: tuple[Finding, ...]
