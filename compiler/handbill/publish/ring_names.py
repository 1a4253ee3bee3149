"""Whether the tenants and groups that rings and freezes name are there.

Only where all tenants were read: a look at one tenant knows nothing of the others. To a publisher such
a mistake is no reason to stop: a ring without somebody is a smaller ring.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.suggest import closest
from handbill.pipeline import Compiled
from handbill.source.layout import DocumentKind, classify
from handbill.source.located import LocatedDocument, Path


def check_ring_names(
    compiled: Compiled, concerns: Callable[[str], bool] | None = None
) -> tuple[Diagnostic, ...]:
    """Nothing about environments' files of which `concerns` says no."""
    if compiled.documents is None or compiled.repository is None:
        return ()
    named: dict[DocumentKind, set[str]] = {}
    environments: list[LocatedDocument] = []
    for path, document in sorted(compiled.documents.documents.items()):
        place = classify(path)
        if place is None:
            continue
        named.setdefault(place.kind, set()).add(place.name)
        if place.kind is DocumentKind.ENVIRONMENT and (concerns is None or concerns(path)):
            environments.append(document)
    tenants = named.get(DocumentKind.TENANT, set()) | compiled.repository.failed
    groups = named.get(DocumentKind.GROUP, set())
    return tuple(
        found for document in environments for found in _unknown(document, tenants, groups)
    )


def _unknown(
    document: LocatedDocument, tenants: Collection[str], groups: Collection[str]
) -> Iterator[Diagnostic]:
    value: Any = document.value
    rings = (value.get("rollout") or {}).get("rings") or ()
    for index, ring in enumerate(rings):
        path = ("rollout", "rings", index)
        yield from _missing(document, (*path, "tenants"), ring, "tenants", "tenant", tenants)
        yield from _missing(document, (*path, "groups"), ring, "groups", "group", groups)
    freezes = value.get("freeze") or ()
    for index, freeze in enumerate(freezes):
        yield from _missing(
            document, ("freeze", index, "except"), freeze, "except", "tenant", tenants
        )


def _missing(
    document: LocatedDocument,
    path: Path,
    holder: Mapping[str, Any],
    field: str,
    kind: str,
    known: Collection[str],
) -> Iterator[Diagnostic]:
    for index, name in enumerate(holder.get(field) or ()):
        if name not in known:
            near = closest(name, known)
            yield Diagnostic(
                "HB843",
                f"there is no {kind} `{name}`",
                document.range_of((*path, index)),
                hint=f"did you mean `{near}`?" if near else f"delete it, or add {kind}s/{name}/",
            )
