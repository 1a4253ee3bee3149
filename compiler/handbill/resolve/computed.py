"""Computed fields: the platform's, the group's and the tenant's `fields.yaml` as one set of layers.

The innermost layer that computes a name has the word; a null takes the name away. What the
expressions mean is for the language.
"""

from __future__ import annotations

from collections.abc import Iterator

from handbill.resolve.catalogue import Catalogue, Found
from handbill.resolve.layers import Origin, Write
from handbill.resolve.merge import merge
from handbill.resolve.named import layer_of
from handbill.resolve.traced import Traced
from handbill.schema.laws import Law
from handbill.source.layout import DocumentKind
from handbill.source.located import Path

ROOT = "customer"


def computed_fields(catalogue: Catalogue, tenant: str, group: str | None) -> tuple[Traced, bool]:
    """The fields by path, ("customer", "display_name"), and whether every file of them is sound."""
    roots = ("", *((f"groups/{group}",) if group else ()), f"tenants/{tenant}")
    files = [
        found for root in roots for found in catalogue.named(DocumentKind.FIELDS, root).values()
    ]
    writes = [write for found in files for write in _writes(found)]
    cells, _ = merge(writes, _law)
    return Traced(cells), all(found.document is not None for found in files)


def _law(path: Path) -> Law:
    return Law.MERGE


def _writes(found: Found) -> Iterator[Write]:
    document = found.document
    if document is None or not isinstance(document.value, dict):
        return
    for name, value in document.value.items():
        origin = Origin(layer_of(found.place), found.place.root, (name,), document)
        yield Write((ROOT, str(name).removeprefix(f"{ROOT}.")), value, origin)
