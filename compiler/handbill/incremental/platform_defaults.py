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
from handbill.plan.canonical import JsonValue, canonical_bytes
from handbill.plan.model import Holdout, Sender
from handbill.resolve.model import OwnLimits
from handbill.resolve.own_limits import PlatformLimits, limits_of_platform
from handbill.schema.scalars import parse_share
from handbill.source.located import LocatedDocument

APART = frozenset({"limits", "holdout", "owners", "review", "policies"})
"""Of handbill.yaml, what reaches plans beside their contents, or reviews alone. (A lock is not among
them: it can refuse what a retailer writes.)"""

_parts = msgspec.json.Decoder(dict[str, msgspec.Raw])
_senders = msgspec.json.Decoder(dict[str, Sender])
_holdout = msgspec.json.Decoder(Holdout)
_encoder = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True)
class PlatformDefaults:
    """One handbill.yaml. `content` is a digest of all of it but what is APART; where lines stand does
    not matter."""

    content: str
    limits: PlatformLimits

    def plan(self, before: bytes, own: OwnLimits, held_out: str) -> bytes:
        """The canonical bytes of the plan `before`, of the same content, under these defaults.
        `held_out` is the share of all marketing as the tenant's layers have it.

        What does not change is copied as it stands: it is canonical by itself.
        """
        plan = _parts.decode(before)
        caps, quiet = self.limits.with_own(own)
        senders = {
            channel: msgspec.structs.replace(sender, quiet_hours=windows(quiet[channel]))
            for channel, sender in _senders.decode(plan["senders"]).items()
        }
        holdout = _holdout.decode(plan["holdout"])
        holdout = msgspec.structs.replace(holdout, across=parse_share(held_out))
        changed: dict[str, JsonValue] = {"senders": senders, "holdout": holdout}
        del plan["senders"], plan["holdout"]
        plan.pop("caps", None)  # as a plan leaves it out where it has none
        if caps:
            changed["caps"] = rates(caps)
        parts = {name: msgspec.Raw(canonical_bytes(each)) for name, each in changed.items()}
        return _encoder.encode(plan | parts)


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
