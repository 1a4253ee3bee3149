"""What an operator or the environment's file says about how to publish, besides what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handbill.lower.bringing_out import AT_ONCE, BringingOut, Freeze
from handbill.plan.pointer import Pointer
from handbill.store.instant import utc_text

FIRST, NO_FIRST = "first", ""


@dataclass(frozen=True, slots=True)
class Orders:
    """Without any a release reaches everybody at once.

    `groups` is tenant → group, for rings. `at_once`: no rings this time; with `only` it is these
    tenants that get the release, and nobody else. `despite_freeze` publishes during one.
    `ignored_runtimes` are dead ones that need not be able to execute it. `by` and `why`, where given,
    stand in the history instead of the commit's own. `first`: whether the environment may be a new
    one: FIRST, or NO_FIRST, or the digest of the release that it may begin with. `source`: of a
    promotion, the pointer whose release this is. `waited`: the end of a freeze that held this back.
    """

    bringing_out: BringingOut = AT_ONCE
    groups: Mapping[str, str] = field(default_factory=dict)
    at_once: bool = False
    only: frozenset[str] | None = None
    despite_freeze: bool = False
    ignored_runtimes: frozenset[str] = frozenset()
    by: str = ""
    why: str = ""
    first: str = FIRST
    source: Pointer | None = None
    waited: datetime | None = None

    @property
    def promoted(self) -> str:
        return f"{self.source.environment} {self.source.sequence}" if self.source else ""

    def said(self, why: str, now: datetime) -> str:
        """What the history says: the operator's reason, else `why`; and which rule was passed over."""
        text = self.why or why
        freeze = self.bringing_out.freeze_at(now) if self.despite_freeze else None
        if freeze is not None:
            return f"despite the freeze until {freeze.until} ({freeze.reason}): {text}"
        if self.at_once:
            whom = f" to {', '.join(sorted(self.only))}" if self.only else ""
            return f"at once{whom}: {text}"
        if self.waited is not None:
            return f"{text} (waited for a freeze until {utc_text(self.waited)})"
        return text

    def freeze_at(self, now: datetime) -> Freeze | None:
        return None if self.despite_freeze else self.bringing_out.freeze_at(now)


NO_ORDERS = Orders()
