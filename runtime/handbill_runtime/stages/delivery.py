"""The delivery stage: claimed messages leave, in batches per channel and provider.

`sending` is durable before the network is touched, and every message gets exactly one answer
afterwards. What the provider surely did not take is tried again, later and at the next provider of
the list; what it may have taken is never sent again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from handbill.plan.model import Rate, Sender
from handbill_runtime.drivers.body import reads_secret
from handbill_runtime.drivers.driver import (
    Accepted,
    Answer,
    Endpoint,
    Envelope,
    Refused,
    Retry,
    Uncertain,
)
from handbill_runtime.drivers.secrets import read_secret
from handbill_runtime.errors import ProviderFault
from handbill_runtime.ledger.model import Message, Settlement, State, Suppression
from handbill_runtime.stages.compiled import CompiledPlan
from handbill_runtime.stages.gate import Gate, Hold, Stop
from handbill_runtime.stages.work import Work

LOG = logging.getLogger(__name__)
MAX_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=15)
UNBOUND_WAIT = timedelta(minutes=1)
"""A provider that cannot be used now (an unset secret) is looked at again after this."""
FEW = 3
"""Fewer addresses than this may well all be dead."""
LONGEST_SLEEP = 1.0
"""Seconds for which a rate is waited for before the interruption is asked again."""
_PARTS = msgspec.json.Decoder(dict[str, str])


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that may leave now, and how its plan sends it."""

    message: Message
    sender: Sender
    provider: str
    marketing: bool


async def deliver_batch(work: Work, messages: Sequence[Message]) -> None:
    """Send, hold or suppress these claimed messages; every one is settled when it returns, or still
    claimed where the work was interrupted.

    The gate is asked after every wait, never before one: only for those that may leave at once.
    """
    rest = list(messages)
    while rest:
        ready = await _next_ready(work, rest)
        if not ready:
            return
        chosen = {message.id for message in ready}
        rest = [message for message in rest if message.id not in chosen]
        await _deliver_ready(work, ready)


async def _next_ready(work: Work, messages: Sequence[Message]) -> list[Message]:
    """Those that their providers' rates and batches let go now; waits until there are some.

    Empty when interrupted, which is asked at least once a second.
    """
    while not work.interrupted():
        ready, free_at = _ready(work, messages)
        if ready or free_at is None:
            return ready
        wait = (free_at - work.clock.now()).total_seconds()
        await work.clock.sleep(min(wait, LONGEST_SLEEP))
    return []


def _ready(work: Work, messages: Sequence[Message]) -> tuple[list[Message], datetime | None]:
    """Those that may go now, and when the first of the others may."""
    now = work.clock.now()
    room: dict[tuple[str, str], int] = {}
    taken: dict[str, int] = defaultdict(int)
    ready: list[Message] = []
    waits: list[datetime] = []
    for message in messages:
        provider, rate = _way(work, message)
        key = message.channel, provider
        if key not in room:
            known = work.channels.get(message.channel)
            room[key] = max(known.batch, 1) if known else len(messages)
        if rate is not None and work.pace.free(provider, rate, now) <= taken[provider]:
            waits.append(work.pace.next_free(provider, rate, now))
        elif room[key] > 0:
            room[key] -= 1
            taken[provider] += 1
            ready.append(message)
    return ready, min(waits, default=None)


def _way(work: Work, message: Message) -> tuple[str, Rate | None]:
    """The provider whose turn it is and its rate; nothing for a message that has no way out."""
    compiled = work.tenant.by_identity(message.occurrence.identity)
    sender = compiled.plan.senders.get(message.channel) if compiled else None
    if sender is None:
        return "", None
    provider = _provider(sender, message)
    bound = work.environment.providers.get(provider)
    return provider, bound.rate if bound else None


def _provider(sender: Sender, message: Message) -> str:
    return sender.providers[message.attempts % len(sender.providers)]


async def _deliver_ready(work: Work, messages: Sequence[Message]) -> None:
    groups: dict[tuple[str, str], list[Parcel]] = defaultdict(list)
    for parcel in _open_gate(work, messages):
        groups[parcel.message.channel, parcel.provider].append(parcel)
    async with asyncio.TaskGroup() as tasks:
        for (channel, provider), parcels in groups.items():
            endpoint = _endpoint(work, channel, provider, parcels)
            if endpoint is None:
                continue
            rate = work.environment.providers[provider].rate
            if rate is not None:
                work.pace.take(provider, rate, len(parcels), work.clock.now())
            tasks.create_task(_send(work, endpoint, parcels))


def _open_gate(work: Work, messages: Sequence[Message]) -> list[Parcel]:
    now = work.clock.now()
    parcels, holds, stops = [], [], []
    with work.ledger.transaction():
        gate = Gate.read(work, messages, now)
        for message in messages:
            match gate.check(message):
                case Hold(until=until):
                    holds.append((message.id, until))
                case Stop(reason=reason):
                    stops.append((message.id, reason))
                case CompiledPlan(plan=plan):
                    sender = plan.senders[message.channel]
                    marketing = plan.category.kind == "marketing"
                    parcels.append(Parcel(message, sender, _provider(sender, message), marketing))
        work.ledger.hold(holds)
        work.ledger.suppress_messages(stops, now)
    return parcels


def _endpoint(
    work: Work, channel: str, provider: str, parcels: Sequence[Parcel]
) -> Endpoint | None:
    """None where the provider cannot be used now; its parcels are held."""
    try:
        endpoint = bind(work, channel, provider)
    except ProviderFault as fault:
        LOG.error("%s", fault)
        work.note_provider(provider, fault)
        until = work.clock.now() + UNBOUND_WAIT
        work.ledger.hold((parcel.message.id, until) for parcel in parcels)
        return None
    work.note_provider(provider, None)
    return endpoint


def bind(work: Work, channel: str, provider: str) -> Endpoint:
    """ProviderFault HB921 for a provider that the environment or the channel does not know."""
    bound = work.environment.providers.get(provider)
    known = work.channels.get(channel)
    if bound is None or known is None or bound.contract not in known.vendors:
        raise ProviderFault(
            "HB921",
            f"provider `{provider}` of channel `{channel}` is not bound in environment "
            f"`{work.environment.name}`",
            "publish again: an unbound provider is refused there",
        )
    vendor = known.vendors[bound.contract]
    secret = read_secret(bound.secret, provider)
    if not secret and reads_secret(vendor):
        raise ProviderFault(
            "HB922",
            f"provider `{provider}` needs a secret, and the environment names none",
            f"secret: env:NAME under providers.{provider} of environments/"
            f"{work.environment.name}.yaml",
        )
    return Endpoint(provider, bound.url, secret, vendor)


async def _send(work: Work, endpoint: Endpoint, parcels: Sequence[Parcel]) -> None:
    sent_at = work.clock.now()
    ids = [parcel.message.id for parcel in parcels]
    envelopes = [_envelope(work, parcel, sent_at) for parcel in parcels]
    driver = work.drivers[endpoint.vendor.driver]
    work.ledger.mark_sending(ids, endpoint.provider, sent_at)
    answers: Sequence[Answer] = []
    try:
        answers = await driver.deliver(endpoint, envelopes)
    except Exception:
        LOG.exception("the driver of %s broke off", endpoint.provider)
    finally:
        if len(answers) != len(parcels):  # also when cancelled: nobody knows what got through
            answers = [Uncertain("the driver gave no answer")] * len(parcels)
        _settle(work, endpoint, parcels, answers)


def _envelope(work: Work, parcel: Parcel, date: datetime) -> Envelope:
    message, sender = parcel.message, parcel.sender
    return Envelope(
        id=message.id,
        tenant=message.occurrence.tenant,
        campaign=message.campaign,
        address=message.address,
        sender=sender.sender,
        workspace=sender.workspace,
        parts=_PARTS.decode(message.body),
        unsubscribe_url=work.links.url(message.id) if parcel.marketing else "",
        date=date,
    )


def _settle(
    work: Work, endpoint: Endpoint, parcels: Sequence[Parcel], answers: Sequence[Answer]
) -> None:
    """What became of each is written down, if need be without the provider's own words."""
    now = work.clock.now()
    pairs = list(zip(parcels, believable(answers), strict=True))
    settlements = [_settlement(parcel.message, answer, now) for parcel, answer in pairs]
    bounces = [
        _bounce(parcel.message, now)
        for parcel, answer in pairs
        if isinstance(answer, Refused) and answer.unreachable
    ]
    try:
        _write(work, endpoint, settlements, bounces, now)
    except Exception:
        LOG.exception("an answer of %s cannot be kept in its words", endpoint.provider)
        bare = [replace(one, detail="", provider_id="") for one in settlements]
        _write(work, endpoint, bare, bounces, now)


def _write(
    work: Work,
    endpoint: Endpoint,
    settlements: Sequence[Settlement],
    bounces: Sequence[Suppression],
    now: datetime,
) -> None:
    with work.ledger.transaction():
        work.ledger.settle(settlements, endpoint.provider, now)
        work.ledger.suppress(bounces)


def believable(answers: Sequence[Answer]) -> Sequence[Answer]:
    """The answers, but where several addresses are all called dead, none is believed to be: the
    sender is blocked then, or the account or the URL is wrong."""
    dead = [isinstance(answer, Refused) and answer.unreachable for answer in answers]
    if len(answers) < FEW or not all(dead):
        return answers
    LOG.warning("%d addresses of one batch were all called dead: none is believed", len(answers))
    return [replace(one, unreachable=False) for one in answers if isinstance(one, Refused)]


def _settlement(message: Message, answer: Answer, now: datetime) -> Settlement:
    match answer:
        case Accepted(provider_id=provider_id):
            return Settlement(message.id, State.ACCEPTED, provider_id=provider_id)
        case Refused(detail=detail, unreachable=unreachable):
            reason = "unreachable" if unreachable else "refused"
            return Settlement(message.id, State.FAILED, detail, reason)
        case Uncertain(detail=detail):
            return Settlement(message.id, State.UNCERTAIN, detail, "no_answer")
        case Retry(detail=detail, after=after):
            retry_at = now + wait_before(message.id, message.attempts + 1, after)
            if message.attempts + 1 >= MAX_ATTEMPTS or retry_at > message.expires_at:
                return Settlement(message.id, State.FAILED, detail, "retries_exhausted")
            return Settlement(message.id, State.CLAIMED, detail, retry_at=retry_at)
        case _:
            assert_never(answer)


def wait_before(message: str, attempt: int, after: float | None) -> timedelta:
    """The wait after the n-th failed attempt: doubling, spread by ±25%, never before `after`.

    The spread comes from the message's id, so that a replay waits alike.
    """
    wait: timedelta = min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)
    place = int(message[:8], 16) / 0xFFFFFFFF
    return max(wait * (0.75 + place / 2), timedelta(seconds=after or 0))


def _bounce(message: Message, now: datetime) -> Suppression:
    return Suppression(
        tenant=message.occurrence.tenant,
        channel=message.channel,
        subject="address",
        value=message.address_key,
        cause="bounced",
        scope="everything",
        at=now,
        message=message.id,
    )
