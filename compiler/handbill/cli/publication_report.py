"""How a publish, a rollback and a follower's events are shown: to people, and as versioned JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.render_json import as_json
from handbill.plan.pointer import Pointer, Rollout
from handbill.publish.publication import Outcome, Publication

VERSION = 1

_SUMMARIES = {
    Outcome.PUBLISHED: "published number {0} to {1}",
    Outcome.UNCHANGED: "unchanged: {1} runs this already, as number {0}",
    Outcome.RENEWED: "renewed: {1} runs this already; number {0} makes it valid for longer",
    Outcome.SUPERSEDED: "not published: {1} runs a later commit, number {0}",
    Outcome.WITHDRAWN: "not published: {1} was rolled back, number {0}",
    Outcome.WAITING: "waiting: {1} is frozen and goes on with number {0}",
    Outcome.ADVANCED: "advanced: number {0} of {1} reaches more tenants",
    Outcome.STOPPED: "stopped: {1} runs what it ran before the rollout, number {0}",
    Outcome.REFUSED: "not published: {1} goes on with number {0}",
}


def publication_text(publication: Publication, environment: str) -> str:
    """The first line says what runs now; the others which tenants that concerns."""
    pointer = publication.pointer
    if pointer is None:
        return f"not published: nothing was ever published to {environment}"
    lines = [_SUMMARIES[publication.outcome].format(pointer.sequence, environment)]
    lines[0] += f" ({pointer.release[:19]}, commit {pointer.commit[:12]})"
    if pointer.restores and publication.outcome is Outcome.PUBLISHED:
        lines[0] += f", which is number {pointer.restores} again"
    if pointer.rollout is not None:
        lines.append(f"  {rollout_line(pointer.rollout)}")
    changes = publication.changes
    named = {
        "added": changes.added,
        "changed": changes.changed,
        "removed": changes.removed,
        "held": tuple(f"{held.tenant} (since {held.since[:12]})" for held in publication.held),
        "left out": publication.left_out,
    }
    lines += (f"  {word}: {_listed(tenants)}" for word, tenants in named.items() if tenants)
    if publication.outcome is Outcome.PUBLISHED:
        lines += (f"  {said}" for said in origin_lines(pointer))
    if publication.outcome is Outcome.UNCHANGED and publication.packs:
        lines.append(f"  repaired: {publication.packs} damaged or missing packs were written anew")
    return "\n".join(lines)


def rollout_line(rollout: Rollout) -> str:
    """How far a rollout is, for people."""
    if rollout.stopped:
        return f"rollout stopped: {rollout.stopped}"
    name = rollout.rings[rollout.reached - 1].name
    if rollout.reached == len(rollout.rings):
        return "rollout: everybody is reached"
    return f"rollout: ring {rollout.reached} of {len(rollout.rings)}, {name}"


def origin_lines(pointer: Pointer) -> list[str]:
    """What a pointer says of the review, and of commits that were overtaken."""
    lines: list[str] = []
    if pointer.skipped:
        lines.append(f"with: {_listed([each[:12] for each in pointer.skipped])}, overtaken")
    reviewed = pointer.reviewed
    match reviewed.state if reviewed is not None else None:
        case "same":
            lines.append("reviewed: these are the plans that were shown")
        case "differs":
            assert reviewed is not None
            lines.append(f"not as reviewed: {_listed(reviewed.campaigns)}")
        case "unknown":
            lines.append("reviewed: unknown, no review showed what changes")
    return lines


def publication_json(
    publication: Publication | None, diagnostics: Sequence[Diagnostic], **more: Any
) -> dict[str, Any]:
    """`publication` is None where it never came to one."""
    body: dict[str, Any] = {"version": VERSION, **more}
    if publication is not None:
        changes = publication.changes
        body |= {
            "outcome": publication.outcome.value,
            "pointer": msgspec.to_builtins(publication.pointer),
            "added": list(changes.added),
            "changed": list(changes.changed),
            "removed": list(changes.removed),
            "left_out": list(publication.left_out),
            "packs": publication.packs,
        }
    return body | {"diagnostics": [as_json(diagnostic) for diagnostic in diagnostics]}


def json_line(body: dict[str, Any]) -> str:
    """On one line, as a follower writes its events."""
    return json.dumps(body, ensure_ascii=False, default=str)


def _listed(tenants: Sequence[str]) -> str:
    shown = ", ".join(tenants[:10])
    return shown + (f" and {len(tenants) - 10} more" if len(tenants) > 10 else "")
