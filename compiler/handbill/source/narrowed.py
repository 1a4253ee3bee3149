"""A tree of which only some tenants are looked at: what the tenants share, and their own files.

No tenant's plans depend on another's files, so that what concerns one tenant can be read, checked and
compiled without the rest; and no campaign's plan depends on its tenant's other campaigns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from handbill.source.layout import NAME, tenant_of
from handbill.source.tree import SourceTree

TENANTS, GROUPS = "tenants", "groups"
TENANTS_CAMPAIGN = re.compile(r"tenants/[a-z][a-z0-9_-]*/campaigns/[a-z][a-z0-9_-]*\.yaml")
_CAMPAIGN = re.compile(r"(?:tenants|groups)/[^/]+/campaigns/[^/]+\.yaml")
_FORMER_NAMES = re.compile(rb"was[\"']?\s*:|\\\\")
"""May write `was`, by which one campaign speaks about another: also as a text with escapes."""


def others(names: Collection[str], wanted: Collection[str] | None) -> tuple[str, ...]:
    """Those of the folders `names` that are not `wanted` and can be passed over: none where two
    names are one on many computers, which is a mistake that only both of them show."""
    folded = {unicodedata.normalize("NFC", name).casefold() for name in names}
    if wanted is None or len(folded) < len(names):
        return ()
    return tuple(name for name in names if name not in wanted and NAME.match(name))


@dataclass(frozen=True, slots=True)
class NarrowedTree:
    """Some of the files of `whole`."""

    whole: SourceTree
    paths: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def revision(self) -> str:
        return self.whole.revision

    def read(self, path: str) -> bytes:
        return self.whole.read(path)

    def blob_id(self, path: str) -> str:
        return self.whole.blob_id(path)


def of_campaigns(tree: SourceTree, wanted: Collection[str]) -> SourceTree:
    """The tree without all other campaigns' files. `wanted` are paths of tenants' campaign files;
    what may claim a name of another campaign stays with all whose names it could be."""
    if any(_FORMER_NAMES.search(tree.read(path)) for path in wanted if path in tree.paths):
        return tree
    names = {path.rpartition("/")[2] for path in wanted}

    def matters(path: str) -> bool:
        if path in wanted or not _CAMPAIGN.fullmatch(path):
            return True
        shares_the_name = path.startswith(f"{GROUPS}/") and path.rpartition("/")[2] in names
        return shares_the_name or _FORMER_NAMES.search(tree.read(path)) is not None

    return NarrowedTree(tree, tuple(filter(matters, tree.paths)), tree.refused)


def of_tenants(tree: SourceTree, tenants: Collection[str]) -> SourceTree:
    """The tree without the files of all other tenants."""

    def belongs(path: str) -> bool:
        tenant = tenant_of(path)
        return tenant is None or tenant in tenants

    paths, refused = filter(belongs, tree.paths), filter(belongs, tree.refused)
    return NarrowedTree(tree, tuple(paths), tuple(refused))
