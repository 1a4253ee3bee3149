"""What a runtime keeps in memory of each plan: enough to know when it is due and whether it may run.

An outline is made from a plan's verified bytes, once, and is bound to their digest. It is made from
the bytes' beginning, because everything but the words that are sent comes first there; the plan
itself is decoded, whole and strictly, before anything of it is used.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from handbill.plan.canonical import ObjectError, decode_object
from handbill.plan.ir import OPERATION_SET
from handbill.plan.model import PLAN_FORMAT, Digest, Plan, Sender, Trigger
from handbill_runtime.errors import PlanFault

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


def refuse_foreign_format(plan: Plan | PlanOutline) -> None:
    """PlanFault HB930 for a plan of another format or operation set than this runtime's."""
    if (plan.format, plan.operations) != (PLAN_FORMAT, OPERATION_SET):
        raise PlanFault(
            "HB930",
            f"the plan of `{plan.campaign}` has format {plan.format}.{plan.operations}; "
            f"this runtime executes {PLAN_FORMAT}.{OPERATION_SET}",
            "upgrade the runtime, or publish with the compiler of its version",
        )


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
