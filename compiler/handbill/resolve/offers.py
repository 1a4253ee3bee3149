"""Offers, instantiated for the campaign that gives them: `{param: x}` is that campaign's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from handbill.diagnostics.diagnostic import Diagnostic, Related
from handbill.resolve.catalogue import Found
from handbill.resolve.layers import Origin, Write
from handbill.resolve.model import ResolvedOffer
from handbill.resolve.named import traced_whole, whole
from handbill.resolve.parameters import Parameter, fill_in
from handbill.resolve.typed import typed
from handbill.schema.check import check_document
from handbill.schema.models.offer import OfferDocument
from handbill.source.located import LocatedDocument, Path, Value


def offers_named_in(offer: Value) -> Iterator[tuple[str, Path]]:
    """The offers that a campaign's `offer` names, and where below it."""
    if isinstance(offer, str):
        yield offer, ()
    elif isinstance(offer, list):
        for index, case in enumerate(offer):
            if isinstance(case, dict) and isinstance(case.get("use"), str):
                yield str(case["use"]), (index, "use")


def instantiate_offer(
    found: Found, parameters: Mapping[str, Parameter], user: Origin
) -> tuple[ResolvedOffer | None, tuple[Diagnostic, ...]]:
    """The offer with the campaign's parameters filled in. `user` is where the campaign names it."""
    if found.document is None:
        return None, ()
    write, missing = fill_in(whole(found.document, found.place), parameters)
    if missing:
        return None, tuple(_used_by(each, user) for _, each in missing)
    filled = _filled(found.document, write)
    broken = check_document(filled, found.place, {}) if write.parameters else ()
    document, wrong = (None, broken) if broken else typed(OfferDocument, write.value, filled)
    if document is None:
        return None, tuple(_used_by(each, user) for each in wrong)
    root = found.place.root
    return ResolvedOffer(found.place.name, root, document, traced_whole(write)), ()


def _filled(document: LocatedDocument, write: Write) -> LocatedDocument:
    """The offer's document as if its parameters' values stood in it, each in its own place."""
    places = {path: origins[-1].range for path, origins in write.parameters.items()}
    return replace(document, value=write.value, ranges={**document.ranges, **places})


def _used_by(diagnostic: Diagnostic, user: Origin) -> Diagnostic:
    related = Related("the campaign that gives this offer", user.range)
    return replace(diagnostic, related=(*diagnostic.related, related))
