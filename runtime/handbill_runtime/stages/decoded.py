"""Plans that are decoded just now: few of many, the ones that were used last.

A plan that is asked for and not among them is read from its pack, proved and compiled again, and
before the first use of a plan that nobody has tried yet it is tried. Any thread may ask.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from handbill.plan.model import Digest
from handbill.plan.outline import PlanOutline
from handbill_runtime.stages.sharing import SharedValues

if TYPE_CHECKING:
    from handbill_runtime.stages.compiled import CompiledPlan

MOST_PLANS = 2_000
MOST_BYTES = 256 * 1024 * 1024
"""Of their canonical bytes; in memory a plan takes one to three times as much."""


class DecodedPlans:
    """At most `most_plans`, and at most `most_bytes`; one is kept however large it is."""

    def __init__(self, most_plans: int = MOST_PLANS, most_bytes: int = MOST_BYTES) -> None:
        self._most_plans, self._most_bytes = most_plans, most_bytes
        self._plans: OrderedDict[Digest, tuple[CompiledPlan, int]] = OrderedDict()
        self._bytes = 0
        self.shared = SharedValues()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._plans)

    def get(self, digest: Digest) -> CompiledPlan | None:
        with self._lock:
            if digest not in self._plans:
                return None
            self._plans.move_to_end(digest)
            return self._plans[digest][0]

    def add(self, compiled: CompiledPlan, size: int) -> CompiledPlan:
        """The plan that is kept under this digest: this one, unless another thread was faster."""
        with self._lock:
            if compiled.digest in self._plans:
                return self._plans[compiled.digest][0]
            self._plans[compiled.digest] = (compiled, size)
            self._bytes += size
            while len(self._plans) > 1 and (
                len(self._plans) > self._most_plans or self._bytes > self._most_bytes
            ):
                _, (_, dropped) = self._plans.popitem(last=False)
                self._bytes -= dropped
            return compiled


class PlanSource(Protocol):
    """Where a tenant's plans are read from. Raises a PlanFault where one cannot be had."""

    def plan(self, outline: PlanOutline) -> CompiledPlan:
        """Kept among the decoded plans."""
        ...

    def plans(self, outlines: Sequence[PlanOutline]) -> Sequence[CompiledPlan]:
        """In this order; those that were not decoded before are not kept."""
        ...


class LazyPlans(Mapping[str, "CompiledPlan"]):
    """A tenant's plans by campaign name, each decoded when it is asked for; see `PlanSource`."""

    def __init__(self, outlines: Mapping[str, PlanOutline], source: PlanSource) -> None:
        self.outlines = outlines
        self._source = source

    def __getitem__(self, name: str) -> CompiledPlan:
        return self._source.plan(self.outlines[name])

    def several(self, names: Sequence[str]) -> Sequence[CompiledPlan]:
        """For a single look at many."""
        return self._source.plans([self.outlines[name] for name in names])

    def __contains__(self, name: object) -> bool:
        return name in self.outlines

    def __iter__(self) -> Iterator[str]:
        return iter(self.outlines)

    def __len__(self) -> int:
        return len(self.outlines)
