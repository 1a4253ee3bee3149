"""The channels of a repository, as the rest of the compiler asks about them."""

from __future__ import annotations

import contextlib
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
    """One channel: what its messages consist of. `html` is the name of its html part, if any.

    `known` is False where the channel's file is broken: then nothing is said about its messages.
    """

    name: str
    document: ChannelDocument
    known: bool = True

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
    """The contracts of all channels; one whose channel.yaml could not be read or is not valid is not
    `known`, so that its one mistake is not repeated wherever the channel is used."""
    contracts: dict[str, ChannelContract] = {}
    for path, place in sorted(places.items()):
        if place.kind is DocumentKind.CHANNEL and place.channel:
            contracts[place.channel] = _contract(place.channel, documents.get(path))
    return contracts


def _contract(name: str, document: LocatedDocument | None) -> ChannelContract:
    if document is not None:
        with contextlib.suppress(ValidationError, RecursionError):
            return ChannelContract(name, ChannelDocument.model_validate(document.value))
    nothing = ChannelDocument.model_construct(address="unknown", parts={})
    return ChannelContract(name, nothing, known=False)
