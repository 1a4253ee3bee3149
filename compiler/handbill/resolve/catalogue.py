"""The documents of a repository, sorted by what they are and whose they are.

A YAML file that has a place but no document could not be read, or broke its schema; it was reported
then. Here it is `broken`: whoever needs it fails without a second report.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

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
    """`paths` are all files of the tree; `found` are the YAML files by kind, root and name."""

    paths: frozenset[str]
    found: Mapping[tuple[DocumentKind, str, str], Found]

    def named(self, kind: DocumentKind, root: str = "") -> dict[str, Found]:
        """The files of one kind in one root, by name."""
        return {
            name: found
            for (each, where, name), found in self.found.items()
            if each is kind and where == root
        }

    def main(self, kind: DocumentKind) -> dict[str, Found]:
        """`tenant.yaml`, `group.yaml` and the like by the name of their folder."""
        return {name: found for (each, _, name), found in self.found.items() if each is kind}

    def vendors(self, channel: str) -> dict[str, Found]:
        return self.named(DocumentKind.VENDOR, f"channels/{channel}")

    def broken_in(self, root: str) -> Iterator[str]:
        """The broken files of a root."""
        for (_, where, _), found in self.found.items():
            if where == root and found.document is None:
                yield found.file


def catalogue_of(
    documents: Mapping[str, LocatedDocument],
    places: Mapping[str, DocumentPlace],
    paths: Collection[str],
) -> Catalogue:
    """Sort the documents; the order in which they were read leaves no trace."""
    found = {
        (place.kind, place.root, place.name): Found(file, place, documents.get(file))
        for file, place in sorted(places.items(), key=lambda item: item[0])
        if place.kind.is_yaml
    }
    return Catalogue(frozenset(paths), found)
