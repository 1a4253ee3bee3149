"""What all campaigns of one tenant are resolved in: the tenant itself, and everything shared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handbill.resolve.catalogue import Catalogue
from handbill.resolve.model import ResolvedAudience, ResolvedChannel
from handbill.resolve.named import Shelves, resolve_audiences
from handbill.resolve.retailer import Retailer
from handbill.schema.contracts import ChannelContract


@dataclass(frozen=True, slots=True)
class Setting:
    """`known_audiences` remembers what was looked up before, by blueprint."""

    retailer: Retailer
    catalogue: Catalogue
    channels: Mapping[str, ResolvedChannel]
    contracts: Mapping[str, ChannelContract]
    known_audiences: dict[str | None, Mapping[str, ResolvedAudience]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def tenant(self) -> str:
        return self.retailer.name

    @property
    def sends_on(self) -> tuple[str, ...]:
        """The tenant's channels."""
        return tuple(self.retailer.document.channels)

    def shelves(self, blueprint: str | None = None) -> Shelves:
        return Shelves(self.tenant, self.retailer.group, blueprint)

    def audiences(self, blueprint: str | None = None) -> Mapping[str, ResolvedAudience]:
        """The named audiences that a campaign of the blueprint (or of none) may use."""
        if blueprint not in self.known_audiences:
            found = resolve_audiences(self.catalogue, self.shelves(blueprint))
            self.known_audiences[blueprint] = found
        return self.known_audiences[blueprint]
