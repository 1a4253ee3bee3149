"""What is asked again just before a message gets its words, and again just before it leaves.

Between selection and sending hours can pass: a plan is paused, a customer unsubscribes, quiet hours
begin. A gate answers for a batch, from one look at the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from handbill.plan.model import Plan
from handbill_runtime.ledger.model import Message
from handbill_runtime.stages.compiled import CompiledPlan
from handbill_runtime.stages.hours import instant_of, next_sending_time, waiting_reason
from handbill_runtime.stages.reach import Allowed, SuppressionList
from handbill_runtime.stages.work import Work


@dataclass(frozen=True, slots=True)
class Hold:
    """Not yet: look again at `until`, which is later than now."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """Never: suppressed with this reason."""

    reason: str


Answer: TypeAlias = CompiledPlan | Hold | Stop


class Gate:
    """Answers for the messages it was read for."""

    def __init__(self, work: Work, suppressions: SuppressionList, now: datetime) -> None:
        self._work = work
        self._suppressions = suppressions
        self._now = now
        self._allowed = Allowed(work.environment, work.tenant.tenant.seeds)
        self._hours: dict[tuple[str, str, str], datetime | None] = {}

    @staticmethod
    def read(work: Work, messages: Sequence[Message], now: datetime) -> Gate:
        suppressions = work.ledger.suppressions(
            work.tenant.tenant.name,
            {message.customer for message in messages},
            {message.address_key for message in messages},
        )
        return Gate(work, SuppressionList(suppressions), now)

    def check(self, message: Message) -> Answer:
        """The active plan when the message may go on, else Hold or Stop."""
        compiled = self._work.tenant.by_identity(message.occurrence.identity)
        if compiled is None or message.channel not in compiled.plan.senders:
            return Stop("plan_withdrawn")
        plan = compiled.plan
        if plan.status == "paused":
            return Stop("plan_paused")
        if self._now > message.expires_at or self._has_ended(plan):
            return Stop("expired")
        if not self._allowed.includes(message.channel, message.address_key):
            return Stop("not_a_recipient")
        reason = self._suppressions.reason(
            plan.category, message.channel, message.customer, message.address_key
        )
        if reason is not None:
            return Stop(reason)
        return self._check_hours(compiled, message)

    def _has_ended(self, plan: Plan) -> bool:
        return plan.ends is not None and self._now >= instant_of(plan.ends, plan.timezone)

    def _check_hours(self, compiled: CompiledPlan, message: Message) -> Answer:
        sender = compiled.plan.senders[message.channel]
        key = (compiled.digest, message.channel, message.zone)
        if key not in self._hours:
            self._hours[key] = next_sending_time(sender, message.zone, self._now)
        at = self._hours[key]
        if at == self._now:
            return compiled
        if at is None or at > message.expires_at:
            return Stop(waiting_reason(sender, message.zone, self._now))
        return Hold(at)
