"""One finding for one mistake, however many tenants a shared file carries it to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handbill.diagnostics.diagnostic import Diagnostic


def merge_tenants(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Findings that say the same about the same place become the first of them, which names every
    tenant it reaches; one that concerns all tenants already stays as it is."""
    groups: dict[tuple[object, ...], list[Diagnostic]] = {}
    for each in diagnostics:
        groups.setdefault((each.code, each.message, each.range), []).append(each)
    return tuple(_with_tenants(group) for group in groups.values())


def _with_tenants(group: list[Diagnostic]) -> Diagnostic:
    first = group[0]
    tenants = sorted({each.tenant for each in group if each.tenant})
    if len(tenants) < 2 or first.tenant is None:
        return first
    return replace(first, notes=(*first.notes, f"it reaches {', '.join(tenants)}"))
