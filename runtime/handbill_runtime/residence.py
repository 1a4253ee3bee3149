"""In which time zones a tenant's customers live, read again only when the customers' file changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from handbill_runtime.stages.compiled import CompiledTenant
from handbill_runtime.stages.customers import CUSTOMERS, open_customers
from handbill_runtime.stages.sources import data_folder

FileState: TypeAlias = tuple[tuple[str, int, int], ...]


@dataclass(slots=True)
class Residence:
    """Zones by tenant, each with the state of the file that they were read from."""

    _known: dict[str, tuple[FileState, tuple[str, ...]]] = field(default_factory=dict)

    def zones(self, tenant: CompiledTenant, data_root: str, now: datetime) -> tuple[str, ...]:
        """At least the tenant's own. Raises DataFault where the data cannot be read."""
        name = tenant.tenant.name
        state = _state(tenant, data_root)
        known = self._known.get(name)
        if known is None or known[0] != state or not state:
            with open_customers(tenant, data_root, now, plans=()) as customers:
                self._known[name] = known = (state, customers.zones())
        return known[1]


def _state(tenant: CompiledTenant, data_root: str) -> FileState:
    """Changes whenever the customers' file does; empty where there is none."""
    declared = tenant.tenant.datasets.get(CUSTOMERS)
    if declared is not None and declared.table is not None:
        return ((declared.table, 0, 0),)
    found = []
    for suffix in ("parquet", "csv"):
        try:
            status = (data_folder(data_root, tenant.tenant.name) / f"{CUSTOMERS}.{suffix}").stat()
        except OSError:
            continue
        found.append((suffix, status.st_mtime_ns, status.st_size))
    return tuple(found)
