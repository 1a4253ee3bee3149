"""The whole compiler: a git commit, or a working tree, becomes a release.

Each stage takes its input and returns its output beside what it found. Findings accumulate; a stage
stops only where its own input is missing, and a tenant with errors never stops another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.lower.bringing_out import BringingOut, lower_bringing_out
from handbill.lower.environment import lower_environment
from handbill.lower.release import CompiledRelease
from handbill.lower.repository import lower_repository
from handbill.plan.model import Environment
from handbill.resolve.model import ResolvedRepository
from handbill.resolve.resolve import resolve_repository
from handbill.schema.documents import check_documents
from handbill.schema.formats import check_format
from handbill.source.documents import Documents, load_documents
from handbill.source.git import open_revision
from handbill.source.memory import FORGETFUL, Memory
from handbill.source.tree import SourceTree


@dataclass(frozen=True, slots=True)
class Compiled:
    """What one revision compiled to. `release` is None where nothing at all could be compiled.

    `tree` is what was read, for showing source lines; None where even that failed.
    """

    tree: SourceTree | None
    repository: ResolvedRepository | None
    release: CompiledRelease | None
    environments: Mapping[str, Environment]
    diagnostics: tuple[Diagnostic, ...]
    documents: Documents | None = None
    """What passed the schema stage, tests and personas among it."""
    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """Tenant → campaign → its file, of a build that resolved only what changed."""
    bringing_out: Mapping[str, BringingOut] = field(default_factory=dict)
    """Environment → its rings and freezes."""
    groups: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Tenant → its group, of those that have one."""

    def file_of(self, tenant: str, campaign: str) -> str:
        """The campaign's file, the tenant's own before its group's; "" where there is none."""
        if campaign in self.files.get(tenant, {}):
            return self.files[tenant][campaign]
        owner = self.repository.tenants.get(tenant) if self.repository else None
        found = owner.campaigns.get(campaign) if owner else None
        return f"{found.root}/campaigns/{campaign}.yaml" if found else ""

    @property
    def has_errors(self) -> bool:
        return has_errors(self.diagnostics)


def compile_revision(
    repository: Path, revision: str, subfolder: str = "", memory: Memory | None = None
) -> Compiled:
    """Compiles what git holds at `revision`; the working tree is not looked at.

    `memory` makes the next compile of the same repository cheap; the result is the same without.
    """
    tree, found = open_revision(repository, revision, subfolder)
    if tree is None:
        return Compiled(None, None, None, {}, found)
    return compile_tree(tree, found, memory)


def compile_tree(
    tree: SourceTree, found: tuple[Diagnostic, ...] = (), memory: Memory | None = None
) -> Compiled:
    """source → documents → checked → resolved → lowered."""
    remembered = memory.of(tree) if memory else FORGETFUL
    loaded, in_files = load_documents(tree, remembered)
    if newer := check_format(loaded):
        return Compiled(tree, None, None, {}, (*found, *newer))
    checked, in_schema = check_documents(loaded, remembered)
    resolved, in_layers = resolve_repository(checked.documents, checked.places, remembered)
    release, in_plans = lower_repository(resolved, tree, remembered)
    if memory:
        memory.forget_unused()
    environments = {
        name: lower_environment(name, document) for name, document in resolved.environments.items()
    }
    everything = (*found, *in_files, *in_schema, *in_layers, *in_plans)
    return Compiled(
        tree,
        resolved,
        release,
        environments,
        everything,
        checked,
        bringing_out={
            name: lower_bringing_out(document) for name, document in resolved.environments.items()
        },
        groups={
            name: each.group
            for name, each in {**resolved.partial, **resolved.tenants}.items()
            if each.group
        },
    )
