"""What holds within one policy and between them, beyond their shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handbill.diagnostics.diagnostic import Diagnostic, Related
from handbill.source.located import LocatedDocument


def check_policies(document: LocatedDocument, value: dict[str, Any]) -> Iterator[Diagnostic]:
    """Findings about `policies` of handbill.yaml."""
    first: dict[str, int] = {}
    for index, policy in enumerate(value.get("policies") or ()):
        yield from _check_approvers(document, policy, index)
        name = policy["name"]
        if first.setdefault(name, index) != index:
            other = document.range_of(("policies", first[name], "name"))
            yield Diagnostic(
                "HB704",
                f"there are two policies `{name}`",
                document.range_of(("policies", index, "name")),
                hint=f"name: {name}-2",
                related=(Related("the other one", other),),
            )


def _check_approvers(
    document: LocatedDocument, policy: dict[str, Any], index: int
) -> Iterator[Diagnostic]:
    """`by` belongs to `approve`, and `approve` needs it."""
    level, path = policy["level"], ("policies", index)
    if level == "approve" and not policy.get("by"):
        yield Diagnostic(
            "HB302",
            "`level: approve` needs `by`: who approves",
            document.range_of((*path, "level")),
            hint='by: ["@ORGANIZATION/TEAM"]',
        )
    if level != "approve" and policy.get("by"):
        yield Diagnostic(
            "HB704",
            f"nobody approves what a policy of level `{level}` says",
            document.key_range_of((*path, "by")),
            hint="level: approve, or delete `by`",
        )
