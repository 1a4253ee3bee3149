"""What a runtime keeps in memory of each plan: enough to know when it is due and whether it may run.

An outline follows from a plan's bytes alone: whoever makes one, publisher or runtime, makes the same.
It is bound to their digest, and made from the bytes' beginning, because everything but the words
that are sent comes first there; the plan itself is decoded, whole and strictly, before it is used.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from handbill.plan.canonical import ObjectError, decode_object
from handbill.plan.model import Digest, Plan, Sender, Trigger

_WORDS = b',"variants":['
"""Where the words begin. A quote inside a string is escaped, and nothing before holds such a list."""


class PlanOutline(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Fields as those of `Plan`; `late_seconds` is how long after its due time the last of its
    channels may still send."""

    digest: Digest
    tenant: str
    campaign: str
    identity: str
    format: int
    operations: int
    status: Literal["active", "paused"]
    priority: int
    timezone: str
    trigger: Trigger
    late_seconds: int
    starts: str | None = None
    ends: str | None = None


class _Head(msgspec.Struct, frozen=True):
    """The part of a plan that stands before its words."""

    object: str
    format: int
    operations: int
    tenant: str
    campaign: str
    identity: str
    status: Literal["active", "paused"]
    timezone: str
    trigger: Trigger
    senders: dict[str, Sender]
    priority: int = 50
    starts: str | None = None
    ends: str | None = None


_decoder = msgspec.json.Decoder(_Head)


def outline_of(plan: Plan, digest: Digest) -> PlanOutline:
    return _outline(plan, digest)


def outline_of_bytes(data: bytes, digest: Digest) -> PlanOutline:
    """Of the plan that `data`, already proved to be what `digest` names, is the bytes of.

    Raises ObjectError where these are not a plan's.
    """
    place = data.find(_WORDS)
    try:
        head = _decoder.decode(data[:place] + b"}" if place > 0 else data)
        if head.object == "plan":
            return _outline(head, digest)
    except (msgspec.DecodeError, UnicodeError):
        pass
    plan = decode_object(data)
    if not isinstance(plan, Plan):
        raise ObjectError(f"a {type(plan).__name__.lower()} where a plan belongs")
    return outline_of(plan, digest)


def _outline(plan: Plan | _Head, digest: Digest) -> PlanOutline:
    return PlanOutline(
        digest=digest,
        tenant=plan.tenant,
        campaign=plan.campaign,
        identity=plan.campaign if plan.identity == plan.campaign else plan.identity,
        format=plan.format,
        operations=plan.operations,
        status=plan.status,
        priority=plan.priority,
        timezone=plan.timezone,
        trigger=plan.trigger,
        late_seconds=max((each.expires_seconds for each in plan.senders.values()), default=0),
        starts=plan.starts,
        ends=plan.ends,
    )
