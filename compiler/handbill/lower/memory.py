"""What a publisher remembers from one commit to the next: the tenants that did not change.

A lowered tenant is a pure function of its own files and of the files that all tenants share, so the
git object ids of both are its key: nothing else can make an entry wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.tenant import LoweredTenant
from handbill.source.layout import tenant_of
from handbill.source.tree import SourceTree

Lowered: TypeAlias = tuple[LoweredTenant | None, tuple[Diagnostic, ...]]


@dataclass(slots=True)
class Memory:
    """Holds what the last compile used, and nothing older."""

    _kept: dict[str, Lowered] = field(default_factory=dict)
    _used: dict[str, Lowered] = field(default_factory=dict)

    def recall(self, key: str, lower: Callable[[], Lowered]) -> Lowered:
        """The entry of `key`, or what `lower` makes of it now."""
        lowered = self._kept.get(key) or self._used.get(key) or lower()
        self._used[key] = lowered
        return lowered

    def forget_unused(self) -> None:
        self._kept, self._used = self._used, {}


def tenant_keys(tree: SourceTree) -> dict[str, str]:
    """Tenant → digest of the paths and blob ids of its own files and of all shared ones."""
    shared = hashlib.sha256()
    own: dict[str, list[str]] = {}
    for path in tree.paths:
        line = f"{path}\0{tree.blob_id(path)}\n"
        tenant = tenant_of(path)
        if tenant is None:
            shared.update(line.encode())
        else:
            own.setdefault(tenant, []).append(line)
    common = shared.hexdigest()
    return {
        tenant: hashlib.sha256((common + "".join(lines)).encode()).hexdigest()
        for tenant, lines in own.items()
    }
