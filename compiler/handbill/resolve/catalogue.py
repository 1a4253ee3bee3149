"""The documents of a repository, sorted by what they are and whose they are.

A YAML file that has a place but no document could not be read, or broke its schema; it was reported
then. Here it is `broken`: whoever needs it fails without a second report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handbill.source.layout import DocumentKind, DocumentPlace
from handbill.source.located import LocatedDocument


@dataclass(frozen=True, slots=True)
class Found:
    """A document, or None where its file is broken."""

    file: str
    place: DocumentPlace
    document: LocatedDocument | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The YAML files by kind, root and name. Asking costs the same however many there are."""

    found: tuple[Found, ...]
    by_root: Mapping[tuple[DocumentKind, str], Mapping[str, Found]] = field(repr=False)
    by_kind: Mapping[DocumentKind, Mapping[str, Found]] = field(repr=False)
    broken: Mapping[str, tuple[str, ...]] = field(repr=False)
    """Root → its broken files."""

    def named(self, kind: DocumentKind, root: str = "") -> Mapping[str, Found]:
        """The files of one kind in one root, by name."""
        return self.by_root.get((kind, root), {})

    def main(self, kind: DocumentKind) -> Mapping[str, Found]:
        """`tenant.yaml`, `group.yaml` and the like by the name of their folder."""
        return self.by_kind.get(kind, {})


def catalogue_of(
    documents: Mapping[str, LocatedDocument], places: Mapping[str, DocumentPlace]
) -> Catalogue:
    """Sort the documents; the order in which they were read leaves no trace."""
    return sorted_catalogue(
        Found(file, place, documents.get(file))
        for file, place in sorted(places.items(), key=lambda item: item[0])
        if place.kind.is_yaml and place.kind.is_released
    )


def sorted_catalogue(files: Iterable[Found]) -> Catalogue:
    """The files, in order of their paths, as a catalogue."""
    found = tuple(files)
    by_root: dict[tuple[DocumentKind, str], dict[str, Found]] = {}
    by_kind: dict[DocumentKind, dict[str, Found]] = {}
    broken: dict[str, tuple[str, ...]] = {}
    for each in found:
        place = each.place
        by_root.setdefault((place.kind, place.root), {})[place.name] = each
        by_kind.setdefault(place.kind, {})[place.name] = each
        if each.document is None:
            broken[place.root] = (*broken.get(place.root, ()), each.file)
    return Catalogue(found, by_root, by_kind, broken)
