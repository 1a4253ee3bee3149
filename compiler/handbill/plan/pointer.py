"""The pointer: which release an environment runs, who made it so, and how far it is brought out.

It is the one thing of a store that changes: everything else is named by the digest of its bytes.
How it is signed and read is `store/pointer.py`.
"""

from __future__ import annotations

from typing import Literal

from handbill.plan.model import Digest, PlanStruct


class Held(PlanStruct, frozen=True, kw_only=True):
    """A tenant whose sources had errors, carried forward from an earlier release."""

    tenant: str
    since: str
    """The commit at which it was first held."""


class Reviewed(PlanStruct, frozen=True, kw_only=True):
    """Whether the plans are those that a pull request showed: `same`, `differs` (then `campaigns`
    names, as tenant/campaign, the first of those which were not reviewed like this) or `unknown`."""

    state: Literal["same", "differs", "unknown"]
    release: Digest | None = None
    """The release that the review showed."""
    campaigns: tuple[str, ...] = ()


class Ring(PlanStruct, frozen=True, kw_only=True):
    """A part of the tenants: those named, those of groups, or a stable share of all (millionths).

    `tenants` holds the members that `groups` had when the rollout began, so that nobody has to look
    them up again. `hold` is in seconds: how long the ring has to be healthy before the next one.
    """

    name: str
    tenants: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    share: int = 0
    hold: int = 0


class Rollout(PlanStruct, frozen=True, kw_only=True):
    """A release that is brought out in rings. The pointer's `release` already is the mixture that
    runs: the target's plans for tenants of the rings reached, the base's for all others."""

    target: Digest
    base: Digest
    rings: tuple[Ring, ...]
    reached: int
    """How many of `rings`, from the first, run the target."""
    since: str
    """When the last ring was reached."""
    stopped: str = ""
    """Why it does not go on: then the base runs everywhere again, and `reached` is 0."""
    returns_to: int = 0
    """Sequence of the pointer with the base, which a stop brings back."""
    after: int = 0
    """Sequence of the pointer before the last ring was reached: what runtimes say of later ones is
    about this ring."""
    healthy: int
    """The share of live runtimes (millionths) that have to have activated a ring."""
    known: tuple[str, ...] = ()
    """Troubles that runtimes had already when the ring was reached, as `tenant code`: they are not
    the target's doing."""


class Pointer(PlanStruct, frozen=True, kw_only=True):
    """Which release an environment runs. Signed in a DSSE envelope; see store/pointer.py.

    `issued` and `expires` are UTC, `2026-12-05T10:00:00Z`. `sequence` only grows.
    """

    environment: str
    environment_digest: Digest
    sequence: int
    release: Digest
    commit: str
    compiler: str
    issued: str
    expires: str
    previous: Digest | None = None
    """The release before this one."""
    held: tuple[Held, ...] = ()
    replaces: int = 0
    """Sequence of the pointer that this one replaced; 0 for the first. The chain of these is what
    was really active: an entry of the history outside it lost a race or a power cut."""
    restores: int = 0
    """Of a rollback: the sequence whose release and environment are active again."""
    statement: Digest | None = None
    """The in-toto statement of how the release was made: a signed file below `attestations/`."""
    by: str = ""
    """Who caused it: the commit's author, or the operator who rolled back."""
    why: str = ""
    """The commit's subject, or the operator's reason."""
    skipped: tuple[str, ...] = ()
    """Commits before `commit`, oldest first, that a later one overtook before they were published."""
    reviewed: Reviewed | None = None
    rollout: Rollout | None = None
    promoted: str = ""
    """Of a promotion: the environment and number that the release was taken from, `staging 12`."""
