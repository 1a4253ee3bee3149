"""No two environments share what decides about customers: a ledger, or a store.

A staging run that writes into production's ledger would decide whom production still sends to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handbill.diagnostics.diagnostic import Diagnostic, Related
from handbill.schema.urls import place_of
from handbill.source.layout import DocumentKind, DocumentPlace
from handbill.source.located import LocatedDocument

_WHY = {
    "ledger": "a run of one would decide whom the other still sends to",
    "store": "what one publishes and keeps would lie with the other's",
}


def check_environments(
    documents: Mapping[str, LocatedDocument], places: Mapping[str, DocumentPlace]
) -> Iterator[Diagnostic]:
    """Findings about documents that are sound each by itself, at the later of two."""
    seen: dict[tuple[str, str], LocatedDocument] = {}
    for path, document in sorted(documents.items()):
        if places[path].kind is not DocumentKind.ENVIRONMENT:
            continue
        assert isinstance(document.value, dict)
        for field, why in _WHY.items():
            place = place_of(str(document.value[field]))
            other = seen.setdefault((field, place), document)
            if other is not document:
                yield Diagnostic(
                    "HB321",
                    f"{places[other.file].name} and {places[path].name} have the same {field}: {why}",
                    document.range_of((field,)),
                    hint=f"give each environment a {field} of its own",
                    related=(Related("the other one", other.range_of((field,))),),
                )
