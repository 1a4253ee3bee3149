"""How large every campaign's messages can become, per channel, over all variants and locales.

Read off a compiled release alone, so that it can be said of any release: the audience's conditions
are in the plan, the vendors' requests in the channels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handbill.language.bounds.payload import Payload
from handbill.language.bounds.rendering import Rendering, extent_of, world_of
from handbill.language.bounds.sms import segments_of
from handbill.language.bounds.world import Bound
from handbill.language.expressions.facts import Assumption
from handbill.lower.recipient import Recipient
from handbill.plan.model import Channel, Parts, Plan, Tenant
from handbill.plan.types import StringType

KILOBYTE = 1_024


@dataclass(frozen=True, slots=True)
class Size:
    """The most that any message on a channel can become; None where it does not apply."""

    segments: int | None = None
    """Of SMS."""
    payload: int | None = None
    """Bytes of the largest vendor's request."""
    html: int | None = None
    """Bytes of the HTML."""

    def most(self, other: Size) -> Size:
        return Size(
            _most(self.segments, other.segments),
            _most(self.payload, other.payload),
            _most(self.html, other.html),
        )

    def __str__(self) -> str:
        """`≤ 2 segments`, `≤ 812 bytes`, `≤ 38 KB`: the one that counts on the channel."""
        if self.segments is not None:
            return f"≤ {self.segments} segment{'s' if self.segments != 1 else ''}"
        if self.html is not None:
            return f"≤ {-(-self.html // KILOBYTE)} KB"
        return "" if self.payload is None else f"≤ {self.payload:,} bytes"


def sizes_of(plan: Plan, tenant: Tenant, channels: Mapping[str, Channel]) -> dict[str, Size]:
    """By channel, in the order of their names."""
    assumptions = assumptions_of(plan)
    found: dict[str, Size] = {}
    for name, parts in _messages(plan):
        recipient = _recipient(name, plan, tenant)
        size = _size(parts, channels[name], recipient, assumptions)
        found[name] = size.most(found[name]) if name in found else size
    return dict(sorted(found.items()))


def _messages(plan: Plan) -> Iterator[tuple[str, Parts]]:
    for variant in plan.variants:
        for by_channel in variant.messages.values():
            for channel, content in by_channel.items():
                for parts in content.locales.values():
                    yield channel, parts


def assumptions_of(plan: Plan) -> tuple[Assumption, ...]:
    """What everybody meets who gets a message of the plan."""
    excluded = (Assumption(rule, False) for rule in plan.audience.exclude.values())
    return (Assumption(plan.audience.include, True), *excluded)


def _recipient(channel: str, plan: Plan, tenant: Tenant) -> Recipient:
    sender = plan.senders[channel]
    customers = tenant.datasets.get("customers")
    column = customers.addresses.get(channel, "") if customers else ""
    types = {each.name: each.type for each in customers.columns} if customers else {}
    address = types.get(column)
    known = address if isinstance(address, StringType) else StringType(0)
    return Recipient(plan.tenant, plan.campaign, sender.sender, sender.workspace, known, column)


def _size(
    parts: Parts, channel: Channel, recipient: Recipient, assumptions: tuple[Assumption, ...]
) -> Size:
    segments = html = None
    for name, contract in channel.parts.items():
        if name in parts and contract.max_segments is not None:
            extent = extent_of(parts[name], assumptions)
            segments = _most(segments, segments_of(extent).most)
        if name in parts and contract.kind == "html":
            html = _most(html, extent_of(parts[name], assumptions).high.bytes)
    return Size(segments, _payload(parts, channel, recipient, assumptions), html)


def _payload(
    parts: Parts, channel: Channel, recipient: Recipient, assumptions: tuple[Assumption, ...]
) -> int | None:
    world = world_of(assumptions, Rendering())
    texts = recipient.names() | {("parts", name): Bound(ops, world) for name, ops in parts.items()}
    requests = [vendor.request for vendor in channel.vendors.values() if vendor.request is not None]
    bounds = [
        Payload(request.body, request.encoding, frozenset(parts)).bounds(texts)[1]
        for request in requests
    ]
    return max(bounds, default=None)


def _most(first: int | None, second: int | None) -> int | None:
    if first is None or second is None:
        return first if second is None else second
    return max(first, second)
