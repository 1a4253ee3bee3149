"""Named audiences and offers: found by name in the tenant's folder, its group's, the campaign's
blueprint's or the platform's, the nearest first; so a tenant may bring its own in place of a
blueprint's default.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handbill.resolve.catalogue import Catalogue, Found
from handbill.resolve.layers import Layer, Origin, Write
from handbill.resolve.merge import Cell
from handbill.resolve.model import ResolvedAudience
from handbill.resolve.traced import Traced
from handbill.schema.models.audience import AudienceDocument
from handbill.source.layout import DocumentKind, DocumentPlace
from handbill.source.located import LocatedDocument


@dataclass(frozen=True, slots=True)
class Shelves:
    """Where one campaign looks for names, nearest first. Without `blueprint`: any campaign."""

    tenant: str
    group: str | None
    blueprint: str | None = None

    @property
    def roots(self) -> tuple[str, ...]:
        group = (f"groups/{self.group}",) if self.group else ()
        blueprint = (f"blueprints/{self.blueprint}",) if self.blueprint else ()
        return (f"tenants/{self.tenant}", *group, *blueprint, "")


def layer_of(place: DocumentPlace) -> Layer:
    """The layer of a root."""
    if place.tenant:
        return Layer.TENANT
    if place.group:
        return Layer.GROUP
    return Layer.BLUEPRINT if place.blueprint else Layer.PLATFORM


def visible(catalogue: Catalogue, kind: DocumentKind, shelves: Shelves) -> dict[str, Found]:
    """Every document of the kind that the shelves hold, by name; broken ones as well."""
    found: dict[str, Found] = {}
    for root in reversed(shelves.roots):
        found |= catalogue.named(kind, root)
    return found


def whole(document: LocatedDocument, place: DocumentPlace) -> Write:
    """A whole document as one write."""
    return Write((), document.value, Origin(layer_of(place), place.root, (), document))


def traced_whole(write: Write) -> Traced:
    return Traced({(): Cell(write.value, (write,), (write,))})


def resolve_audience(found: Found) -> ResolvedAudience | None:
    """A named audience, or None where its file is broken."""
    if found.document is None:
        return None
    return ResolvedAudience(
        name=found.place.name,
        root=found.place.root,
        document=AudienceDocument.model_validate(found.document.value),
        traced=traced_whole(whole(found.document, found.place)),
    )


def resolve_audiences(catalogue: Catalogue, shelves: Shelves) -> dict[str, ResolvedAudience]:
    """Those that are not broken."""
    found = visible(catalogue, DocumentKind.AUDIENCE, shelves)
    resolved = {name: resolve_audience(each) for name, each in found.items()}
    return {name: each for name, each in resolved.items() if each is not None}


def expressions_of(audience: ResolvedAudience) -> Iterator[Origin]:
    """Where the expressions of a named audience stand."""
    yield audience.traced.origin(("include",))
    for name in audience.document.exclude:
        yield audience.traced.origin(("exclude", name))
