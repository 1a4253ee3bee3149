"""What a publisher that follows a branch does about rings and freezes between two commits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.bringing_out import AT_ONCE
from handbill.pipeline import Compiled
from handbill.publish.orders import NO_ORDERS, Orders
from handbill.publish.publication import Outcome, Publication
from handbill.publish.publisher import Publisher
from handbill.publish.rollout import tend_rollout


def orders_of(compiled: object, environment: str, wishes: Orders = NO_ORDERS) -> Orders:
    """`wishes` with the rings and freezes that the commit's environment file has, and its groups."""
    if not isinstance(compiled, Compiled):
        return wishes
    bringing_out = compiled.bringing_out.get(environment, AT_ONCE)
    return replace(wishes, bringing_out=bringing_out, groups=compiled.groups)


@dataclass
class Tending:
    """Goes by the newest commit's rings and freezes. A step that is refused is reported once."""

    environment: str
    wishes: Orders = NO_ORDERS
    _orders: Orders = field(default=NO_ORDERS, init=False)
    _refused: tuple[Diagnostic, ...] = field(default=(), init=False)

    def orders_for(self, compiled: object) -> Orders:
        self._orders = orders_of(compiled, self.environment, self.wishes)
        return self._orders

    def tend(self, publisher: Publisher) -> Publication | None:
        """The step that was taken, None where none was due. Raises a StoreError."""
        done = tend_rollout(publisher, publisher.clock(), self._orders.bringing_out)
        if done is None or done.outcome is not Outcome.REFUSED:
            self._refused = ()
            return done
        if done.diagnostics == self._refused:
            return None
        self._refused = done.diagnostics
        return done
