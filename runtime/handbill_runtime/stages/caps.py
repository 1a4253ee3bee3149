"""Caps: at most so many marketing messages to a customer in any rolling period.

Checked in the transaction that claims, against everything sent or in hand, so that two campaigns
at the same moment cannot both take the last place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from handbill.plan.model import Plan, Rate
from handbill_runtime.ledger.model import Message, Touch
from handbill_runtime.stages.work import Work


class Caps:
    """The marketing messages that count for the customers of one batch."""

    def __init__(self, touches: Mapping[str, Sequence[Touch]], now: datetime) -> None:
        self._touches = {customer: list(found) for customer, found in touches.items()}
        self._now = now

    @staticmethod
    def read(work: Work, messages: Sequence[Message], now: datetime) -> Caps:
        seconds = 0
        for identity in {message.occurrence.identity for message in messages}:
            compiled = work.tenant.by_identity(identity)
            if compiled is not None:
                seconds = max([seconds, *(rate.seconds for rate in _rates(compiled.plan))])
        if not seconds:
            return Caps({}, now)
        customers = {message.customer for message in messages}
        since = now - timedelta(seconds=seconds)
        return Caps(work.ledger.recent(work.tenant.tenant.name, customers, since), now)

    def forbid(self, plan: Plan, message: Message) -> bool:
        """Whether one more message to this customer would break a cap of the plan."""
        touches = self._touches.get(message.customer, [])
        on_channel = [touch for touch in touches if touch.channel == message.channel]
        return any(self._is_full(rate, touches) for rate in plan.caps) or any(
            self._is_full(rate, on_channel) for rate in plan.senders[message.channel].caps
        )

    def take(self, message: Message) -> None:
        """Count a message that is being claimed."""
        self._touches.setdefault(message.customer, []).append(Touch(message.channel, None))

    def _is_full(self, rate: Rate, touches: Iterable[Touch]) -> bool:
        since = self._now - timedelta(seconds=rate.seconds)
        count = sum(1 for touch in touches if touch.sent_at is None or touch.sent_at > since)
        return count >= rate.count


def _rates(plan: Plan) -> Iterable[Rate]:
    yield from plan.caps
    for sender in plan.senders.values():
        yield from sender.caps
