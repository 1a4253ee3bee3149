"""What all campaigns of one tenant are resolved in: the tenant itself, and everything shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handbill.resolve.catalogue import Catalogue
from handbill.resolve.model import ResolvedAudience, ResolvedChannel
from handbill.resolve.named import Shelves, resolve_audiences
from handbill.resolve.retailer import Retailer
from handbill.schema.contracts import ChannelContract


@dataclass(frozen=True, slots=True)
class Setting:
    retailer: Retailer
    catalogue: Catalogue
    channels: Mapping[str, ResolvedChannel]

    @property
    def tenant(self) -> str:
        return self.retailer.name

    @property
    def contracts(self) -> dict[str, ChannelContract]:
        return {name: ChannelContract(name, each.contract) for name, each in self.channels.items()}

    @property
    def sends_on(self) -> tuple[str, ...]:
        """The tenant's channels."""
        return tuple(self.retailer.document.channels)

    def shelves(self, blueprint: str | None = None) -> Shelves:
        return Shelves(self.tenant, self.retailer.group, blueprint)

    def audiences(self, blueprint: str | None = None) -> dict[str, ResolvedAudience]:
        return resolve_audiences(self.catalogue, self.shelves(blueprint))
