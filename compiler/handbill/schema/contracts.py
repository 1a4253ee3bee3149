"""The channels of a repository, as the rest of the compiler asks about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from handbill.schema.models.channel import ChannelDocument, PartDocument
from handbill.source.layout import DocumentKind, DocumentPlace
from handbill.source.located import LocatedDocument

HTML_FIELDS = ("template", "body", "blocks")
"""How a message writes an html part, whatever the part's name."""


@dataclass(frozen=True, slots=True)
class ChannelContract:
    """One channel: what its messages consist of. `html` is the name of its html part, if any."""

    name: str
    document: ChannelDocument

    @property
    def parts(self) -> Mapping[str, PartDocument]:
        return self.document.parts

    @property
    def html(self) -> str | None:
        return next((name for name, part in self.parts.items() if part.kind == "html"), None)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of `message.<channel>`, in the contract's order."""
        named = [name for name in self.parts if name != self.html]
        return (*named, *HTML_FIELDS) if self.html else tuple(named)


def read_contracts(
    documents: Mapping[str, LocatedDocument], places: Mapping[str, DocumentPlace]
) -> dict[str, ChannelContract]:
    """The contracts of all channels whose channel.yaml is valid; `check_document` says what is
    wrong with the others."""
    contracts: dict[str, ChannelContract] = {}
    for path, document in sorted(documents.items()):
        place = places.get(path)
        if place and place.kind is DocumentKind.CHANNEL and place.channel:
            try:
                contract = ChannelDocument.model_validate(document.value)
            except (ValidationError, RecursionError):
                continue
            contracts[place.channel] = ChannelContract(place.channel, contract)
    return contracts
