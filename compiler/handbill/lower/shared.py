"""What all tenants of a repository are lowered with, read once however many tenants there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.vocabulary.vocabulary import Vocabulary, extend_vocabulary, read_vocabulary
from handbill.lower.templates import TemplateLibrary
from handbill.plan.model import Channel
from handbill.resolve.model import ResolvedRepository
from handbill.source.layout import DocumentKind, classify
from handbill.source.memory import FORGETFUL, Recall
from handbill.source.tree import SourceTree


@dataclass(frozen=True, slots=True)
class Shared:
    """`vocabulary` is the platform's; `additions` are the schema files that tenants add. `channels`
    are those without errors."""

    repository: ResolvedRepository
    tree: SourceTree
    paths: frozenset[str]
    vocabulary: Vocabulary
    additions: Mapping[str, Mapping[str, bytes]] = field(repr=False)
    channels: Mapping[str, Channel] = field(default_factory=dict, repr=False)

    def vocabulary_of(self, tenant: str) -> tuple[Vocabulary, tuple[Diagnostic, ...]]:
        """The platform's fields with the tenant's own."""
        added = self.additions.get(tenant)
        return extend_vocabulary(self.vocabulary, added) if added else (self.vocabulary, ())

    def templates_of(self, group: str | None) -> TemplateLibrary:
        """The templates as a tenant of `group` sees them."""
        return TemplateLibrary(
            self.tree, self.paths, frozenset(self.repository.channels), group=group
        )


def read_shared(
    repository: ResolvedRepository, tree: SourceTree, remembered: Recall = FORGETFUL
) -> tuple[Shared, tuple[Diagnostic, ...]]:
    """Errors are those of the platform's vocabulary, which every tenant needs."""
    schemas: dict[str | None, dict[str, bytes]] = {None: {}}
    for path in tree.paths:
        if path.endswith(".json"):
            place = classify(path)
            if place is not None and place.kind is DocumentKind.VOCABULARY:
                schemas.setdefault(place.tenant, {})[path] = tree.read(path)
    vocabulary, found = remembered.of_shared("vocabulary", partial(read_vocabulary, schemas[None]))
    additions = {tenant: files for tenant, files in schemas.items() if tenant is not None}
    return Shared(repository, tree, frozenset(tree.paths), vocabulary, additions), found
