"""From a tree to its documents: every YAML file parsed, every file placed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.source.layout import DocumentPlace, classify, place_of_refused
from handbill.source.located import LocatedDocument
from handbill.source.memory import FORGETFUL, Recall
from handbill.source.tree import SourceTree
from handbill.source.watched import Unit, stopped, working_on
from handbill.source.yaml import load_document


@dataclass(frozen=True, slots=True)
class Documents:
    """Path → parsed document, and path → place. `places` also holds files that are no YAML (tables,
    templates, assets, vocabulary) and YAML files that were refused or could not be read: a path with
    a YAML place and no document has an error."""

    documents: Mapping[str, LocatedDocument]
    places: Mapping[str, DocumentPlace]

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Paths of YAML files that were refused or could not be read."""
        return tuple(
            path
            for path, place in self.places.items()
            if place.kind.is_yaml and path not in self.documents
        )


def load_documents(
    tree: SourceTree, remembered: Recall = FORGETFUL
) -> tuple[Documents, tuple[Diagnostic, ...]]:
    """Parses every YAML file of `tree`, in the order of its paths."""
    documents: dict[str, LocatedDocument] = {}
    places: dict[str, DocumentPlace] = {}
    found: list[Diagnostic] = []
    for path in tree.paths:
        place = classify(path)
        if place is None:
            continue
        places[path] = place
        if place.kind.is_yaml:
            parse = partial(_parse, tree, path)
            document, problems = remembered.of_file("parse", path, parse)
            found.extend(problems)
            if document is not None:
                documents[path] = document
    for path in tree.refused:
        place = place_of_refused(path)
        if place is not None:
            places.setdefault(path, place)
    return Documents(documents, places), tuple(found)


def _parse(tree: SourceTree, path: str) -> tuple[LocatedDocument | None, tuple[Diagnostic, ...]]:
    unit = Unit(path, tree.blob_id(path))
    if (found := stopped(unit)) is not None:
        return None, (found,)
    with working_on(unit):
        return load_document(path, tree.read(path))
