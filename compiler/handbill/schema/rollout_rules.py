"""What an environment's rings and freezes have to keep to beyond their schema.

Rings only grow, and the last one is everybody: otherwise some tenants would never get a change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.schema.scalars import MILLION, parse_share
from handbill.source.located import LocatedDocument

_LAST = "{name: everyone, share: 100%}"


def check_rings(document: LocatedDocument, rollout: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Findings about `rollout`, which the schema accepts; `{}` where there is none."""
    names: set[str] = set()
    before = 0
    rings: Sequence[Mapping[str, Any]] = rollout.get("rings") or ()
    for index, ring in enumerate(rings):
        path = ("rollout", "rings", index)
        if ring["name"] in names:
            message = f"two rings are called `{ring['name']}`"
            hint = "give each ring a name of its own"
            yield Diagnostic("HB841", message, document.range_of((*path, "name")), hint=hint)
        names.add(ring["name"])
        if not any(ring.get(field) for field in ("tenants", "groups", "share")):
            message = f"nobody is in the ring `{ring['name']}`"
            hint = "say who: tenants: [NAME], groups: [NAME], or share: 10%"
            yield Diagnostic("HB841", message, document.range_of((*path, "name")), hint=hint)
        if ring.get("share"):
            share = parse_share(ring["share"])
            if share <= before:
                yield _not_growing(document, index, ring["share"])
            before = max(before, share)
    if rings and parse_share(rings[-1].get("share") or "0%") < MILLION:
        message = f"the last ring, `{rings[-1]['name']}`, is not everybody: some tenants would never get a change"
        where = document.range_of(("rollout", "rings", len(rings) - 1, "name"))
        yield Diagnostic("HB842", message, where, hint=f"add a last ring: {_LAST}")


def check_freezes(
    document: LocatedDocument, freezes: Sequence[Mapping[str, Any]]
) -> Iterator[Diagnostic]:
    """Findings about `freeze`."""
    for index, freeze in enumerate(freezes):
        if freeze["to"] <= freeze["from"]:
            yield Diagnostic(
                "HB313",
                f"this freeze ends ({freeze['to']}) before it starts ({freeze['from']})",
                document.range_of(("freeze", index, "to")),
                hint="swap the two, or mend one",
            )


def _not_growing(document: LocatedDocument, index: int, share: str) -> Diagnostic:
    return Diagnostic(
        "HB842",
        f"`share: {share}` is no more than the rings before it have, so this ring adds nobody",
        document.range_of(("rollout", "rings", index, "share")),
        hint="write a larger share than before; the last ring has 100%",
    )
