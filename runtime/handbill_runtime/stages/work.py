"""What every stage works with for one tenant: its plans, its environment, and the effects.

Put together in one place by whoever runs the loop; the stages only use it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from handbill.plan.model import Channel, Environment
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.errors import ProviderFault
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.signed_links import UnsubscribeLinks
from handbill_runtime.stages.clock import Clock
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant
from handbill_runtime.stages.customers import Customers
from handbill_runtime.stages.pace import Pace

NoteProvider: TypeAlias = Callable[[str, ProviderFault | None], None]
"""Its name, and why it cannot be used now; None where it can."""


class OpenCustomers(Protocol):
    def __call__(
        self, plans: Collection[CompiledPlan] | None = None
    ) -> AbstractContextManager[Customers]:
        """The tenant's data, read now, for these plans or for all."""


@dataclass(frozen=True, slots=True)
class Work:
    tenant: CompiledTenant
    environment: Environment
    channels: Mapping[str, Channel]
    ledger: Ledger
    drivers: Drivers
    clock: Clock
    pace: Pace
    """Shared by all tenants: a provider's rate is one."""
    links: UnsubscribeLinks
    open_customers: OpenCustomers
    interrupted: Callable[[], bool] = lambda: False
    """Asked between batches: when it answers True, what has not begun to leave is left for later."""
    note_provider: NoteProvider = lambda provider, fault: None
    """Told whenever a provider was to be used."""
