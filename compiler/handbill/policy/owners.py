"""Who owns what, as the documents say: a tenant its plans, a group and a blueprint their files, the
platform all that nobody else owns.

A tenant without owners of its own is its group's matter, and then the platform's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import SourceRange
from handbill.source.documents import Documents
from handbill.source.layout import PLATFORM_FILE, DocumentKind, classify
from handbill.source.located import LocatedDocument

PLATFORM = "the platform"
OWNING = {
    DocumentKind.TENANT: "tenant",
    DocumentKind.GROUP: "group",
    DocumentKind.BLUEPRINT: "blueprint",
}
"""Beside the platform's file what names owners, and how messages call it."""


@dataclass(frozen=True, slots=True)
class Owned:
    """Something with owners. `name` as messages call it (`tenant fresh-fields`), `place` where the list
    stands; an empty `by` has no owners."""

    name: str
    by: tuple[str, ...] = ()
    place: SourceRange | None = None


@dataclass(frozen=True, slots=True)
class Ownership:
    """By folder (`tenants/fresh-fields`); a tenant's entry is its own, its group's or none."""

    platform: Owned
    folders: Mapping[str, Owned]

    def of_tenant(self, tenant: str) -> Owned:
        """Who answers for a tenant's plans; named by the tenant, whoever it is."""
        found = self.folders.get(f"tenants/{tenant}", self.platform)
        return Owned(f"tenant {tenant}", found.by, found.place)

    def of_path(self, path: str) -> Owned:
        """Who owns a file; the platform everything outside the folders that somebody owns."""
        found = self.folders.get(folder_of(path))
        return found if found is not None and found.by else self.platform


def folder_of(path: str) -> str:
    """`tenants/fresh-fields` for a file below it."""
    return "/".join(path.split("/")[:2])


def ownership_of(documents: Documents | None) -> Ownership:
    """What the sound documents say; a broken one says nothing."""
    if documents is None:
        return Ownership(Owned(PLATFORM), {})
    sound = documents.documents
    platform = _owned(PLATFORM, sound.get(PLATFORM_FILE))
    folders = {
        place.root: _owned(f"{OWNING[place.kind]} {place.name}", document)
        for path, document in sorted(sound.items())
        if (place := classify(path)) is not None and place.kind in OWNING
    }
    for root, owned in list(folders.items()):
        if root.startswith("tenants/"):
            folders[root] = owned if owned.by else _inherited(root, owned, sound, folders, platform)
    return Ownership(platform, folders)


def _owned(name: str, document: LocatedDocument | None) -> Owned:
    value = document.value if document is not None else None
    by = value.get("owners") if isinstance(value, dict) else None
    if document is None or not isinstance(by, list):
        return Owned(name)
    return Owned(name, tuple(str(each) for each in by), document.range_of(("owners",)))


def _inherited(
    root: str,
    own: Owned,
    sound: Mapping[str, LocatedDocument],
    folders: Mapping[str, Owned],
    platform: Owned,
) -> Owned:
    value = sound[f"{root}/tenant.yaml"].value
    group = value.get("group") if isinstance(value, dict) else None
    found = folders.get(f"groups/{group}", platform)
    found = found if found.by else platform
    return Owned(own.name, found.by, found.place)
