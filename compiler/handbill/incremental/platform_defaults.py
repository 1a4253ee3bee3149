"""Campaigns under changed defaults of the platform: caps, quiet hours and the share that is held out.

What a campaign says, and to whom, does not follow from them, so its record is kept under a second key
without them, and its plan is given the new ones. That is done only where nothing was found that could
depend on them: such a campaign is compiled again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.incremental.records import CampaignRecord
from handbill.lower.terms import rates, windows
from handbill.plan.canonical import canonical_bytes
from handbill.plan.model import Plan
from handbill.resolve.model import OwnLimits
from handbill.resolve.own_limits import PlatformLimits, limits_of_platform
from handbill.schema.scalars import parse_share
from handbill.source.located import LocatedDocument

APART = frozenset({"limits", "holdout", "owners", "review", "policies"})
"""Of handbill.yaml, what reaches plans beside their contents, or reviews alone. (A lock is not among
them: it can refuse what a retailer writes.)"""

_decoder = msgspec.json.Decoder(Plan)


@dataclass(frozen=True, slots=True)
class PlatformDefaults:
    """One handbill.yaml. `content` is a digest of all of it but what is APART; where lines stand does
    not matter."""

    content: str
    limits: PlatformLimits

    def plan(self, before: bytes, own: OwnLimits, held_out: str) -> bytes:
        """The plan `before`, of the same content, under these defaults. `held_out` is the share of
        all marketing as the tenant's layers have it."""
        plan = _decoder.decode(before)
        caps, quiet = self.limits.with_own(own)
        senders = {
            channel: msgspec.structs.replace(sender, quiet_hours=windows(quiet[channel]))
            for channel, sender in plan.senders.items()
        }
        holdout = msgspec.structs.replace(plan.holdout, across=parse_share(held_out))
        return canonical_bytes(
            msgspec.structs.replace(plan, caps=rates(caps), senders=senders, holdout=holdout)
        )


def platform_defaults(platform: LocatedDocument) -> PlatformDefaults | None:
    """None where what it says can be compared by no law: that is for whoever compiles to tell."""
    value = platform.value if isinstance(platform.value, dict) else {}
    read = repr({key: each for key, each in value.items() if key not in APART})
    digest = hashlib.sha256(read.encode("utf-8", "surrogateescape")).hexdigest()
    limits = limits_of_platform(platform)
    return PlatformDefaults(digest, limits) if limits.fit else None


def is_apart(record: CampaignRecord, platform_file: str) -> bool:
    """Whether the record holds under any defaults, its plan with those in it: nothing that was found
    speaks of the platform's file, and no layer takes limits away."""
    return (
        record.plan is not None
        and record.identity is not None
        and record.own_limits is not None
        and not any(platform_file in repr(each) for each in _found(record))
    )


def _found(record: CampaignRecord) -> Iterator[Diagnostic]:
    yield from record.in_file
    yield from record.in_layers
    yield from record.in_plan
    yield from record.unreadable.values()
