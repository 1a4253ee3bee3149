"""The generation stage: planned messages get their final words, or a reason why they get none.

One transaction per batch. Everything that may have changed since the selection is looked at again:
the plan, the hour, the suppression list, the caps. Afterwards the body never changes. Messages are
of the plan that is active now (see `moving`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TypeAlias

import msgspec

from handbill.plan.model import Channel
from handbill.plan.segments import sms_size
from handbill.plan.values import Row, Value
from handbill_runtime.ledger.model import Claim, Message
from handbill_runtime.stages.caps import Caps
from handbill_runtime.stages.compiled import CompiledPlan, RenderedParts
from handbill_runtime.stages.gate import Gate, Hold, Stop
from handbill_runtime.stages.hours import instant_of
from handbill_runtime.stages.work import Work

Decision: TypeAlias = Claim | Hold | Stop
LOG = logging.getLogger(__name__)


def generate_batch(work: Work, messages: Sequence[Message]) -> None:
    """Claim, hold or suppress every one of these planned messages, durably, at once."""
    now = work.clock.now()
    with work.ledger.transaction():
        gate = Gate.read(work, messages, now)
        caps = Caps.read(work, messages, now)
        decisions = [(message.id, _decide(work, message, gate, caps, now)) for message in messages]
        _write(work, decisions, now)


def _write(work: Work, decisions: Iterable[tuple[str, Decision]], now: datetime) -> None:
    claims, holds, stops = [], [], []
    for identifier, decision in decisions:
        match decision:
            case Claim():
                claims.append(decision)
            case Hold(until=until):
                holds.append((identifier, until))
            case Stop(reason=reason):
                stops.append((identifier, reason))
    work.ledger.claim(claims, now)
    work.ledger.hold(holds)
    work.ledger.suppress_messages(stops, now)


def _decide(work: Work, message: Message, gate: Gate, caps: Caps, now: datetime) -> Decision:
    compiled = gate.check(message)
    if isinstance(compiled, Hold | Stop):
        return compiled
    if not compiled.has_content(message.variant, message.channel):
        return Stop("plan_withdrawn")
    if message.marketing and caps.forbid(compiled.plan, message):
        return Stop("cap")
    claim = _write_words(work, compiled, message, now)
    if isinstance(claim, Claim):
        caps.take(message)
    return claim


def _write_words(
    work: Work, compiled: CompiledPlan, message: Message, now: datetime
) -> Claim | Stop:
    context: dict[tuple[str, ...], Value] = {
        ("run", "date"): message.run_date,
        ("unsubscribe_url",): work.links.url(message.id),
        ("view_url",): work.links.view.url(message.id),
        ("assets_url",): work.environment.assets_url.rstrip("/"),
        ("message", "id"): message.id,
    }
    expires_at = message.expires_at
    try:
        row = compiled.row(message.snapshot)
        ends = choose_offer(compiled, message.variant, message.zone, row, context)
        if isinstance(ends, Stop):
            return ends
        if ends is not None:
            if ends <= now:
                return Stop("offer_ended")
            expires_at = min(expires_at, ends)
        parts = compiled.render(message.variant, message.channel, message.locale, row, context)
    except Exception:  # the compiler proved that none can occur; one must not stop the others
        LOG.exception("message %s of plan %s does not render", message.id, compiled.digest)
        return Stop("render_failed")
    if breach := contract_breach(work.channels.get(message.channel), parts):
        return Stop(breach)
    return Claim(
        message.id,
        msgspec.json.encode(parts),
        compiled.digest,
        message.variant,
        message.locale,
        expires_at,
        _page(work, message, parts),
    )


def _page(work: Work, message: Message, parts: RenderedParts) -> str:
    """The part of kind HTML where it links to itself; nothing else is kept for browsers."""
    contract = work.channels.get(message.channel)
    link = work.links.view.url(message.id)
    for name, part in (contract.parts if contract else {}).items():
        if part.kind == "html" and link in parts.get(name, ""):
            return parts[name]
    return ""


def choose_offer(
    compiled: CompiledPlan,
    variant_name: str,
    zone: str,
    row: Row,
    context: dict[tuple[str, ...], Value],
) -> datetime | Stop | None:
    """Put the offer's place into the context; the answer is when the offer is over, if ever, for a
    customer of this zone."""
    variant = compiled.variant(variant_name)
    if variant is None or not variant.offers:
        return None
    place = compiled.offer_index(variant_name, row, context)
    if place is None:
        return Stop("no_offer")
    context["offer", "index"] = place
    last = variant.offers[place - 1].not_after
    if last is None:
        return None
    return min(
        _end_of(last, compiled.plan.timezone),
        _end_of(last, zone),
    )


def _end_of(day: str, zone: str) -> datetime:
    return instant_of((date.fromisoformat(day) + timedelta(days=1)).isoformat(), zone)


def contract_breach(channel: Channel | None, parts: RenderedParts) -> str | None:
    """`incomplete` or `too_long` when the rendered parts break the channel's contract.

    Parts that the contract does not have (a mail's derived text) do not count.
    """
    if channel is None:
        return None
    for name, contract in channel.parts.items():
        value = parts.get(name, "")
        if contract.required and not value.strip():
            return "incomplete"
        if (
            contract.maximum is not None
            and contract.kind != "int"
            and len(value) > contract.maximum
        ):
            return "too_long"
        most = contract.max_segments
        if most is not None and sms_size(value).segments > most:
            return "too_long"
    size = sum(len(value.encode()) for name, value in parts.items() if name in channel.parts)
    if channel.max_bytes is not None and size > channel.max_bytes:
        return "too_long"
    return None
