"""Deciding what a publish makes active, or why it is refused; nothing is written.

In this order: tenants with errors keep what they have (`held.py`), what nobody could send is refused
(`unbound.py`), a new environment has to be meant, rings and freezes say how much goes out (`staged.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Digest
from handbill.plan.pointer import Held
from handbill.publish.advance import Standing
from handbill.publish.attempt import Attempt
from handbill.publish.binding import unfit_links
from handbill.publish.freeze import frozen
from handbill.publish.held import PublishedRelease, carry_forward
from handbill.publish.mixture import ReleasePack
from handbill.publish.notices import (
    cannot_carry,
    held_tenant,
    left_out,
    new_environment,
    nothing_to_publish,
    outdated,
)
from handbill.publish.orders import FIRST
from handbill.publish.prepared import Prepared
from handbill.publish.publication import Outcome, Publication
from handbill.publish.staged import Stage, Staged
from handbill.publish.trouble import diagnostic_of
from handbill.publish.unbound import bound_apart, unbound_held, unbound_in_commit
from handbill.store.errors import NotInStore, PackDamaged
from handbill.store.release import StoredRelease, read_release


@dataclass(frozen=True, slots=True)
class _Merged:
    """The commit's release with what held tenants keep."""

    release: PublishedRelease
    notices: tuple[Diagnostic, ...]


def prepare(attempt: Attempt) -> Prepared | Publication:
    """What to make active, or what came of it instead: a refusal, or waiting for a freeze to end."""
    if unfit := unfit_links(attempt.environment):
        return attempt.refused(*unfit)
    data = canonical_bytes(attempt.environment)
    environment = digest_of(data)
    previous, lost = _previous(attempt)
    merged = _merge(attempt, previous, lost, environment)
    if isinstance(merged, Publication):
        return merged
    staged = _stage(attempt, previous, merged, environment)
    if isinstance(staged, Publication):
        return staged
    packs = _packs(attempt, staged)
    active = attempt.standing.pointer
    if staged.only is not None and active is not None:
        environment = active.environment_digest
    else:
        packs[environment] = {environment: data}
    held = _held(attempt, merged.release, staged)
    return Prepared(merged.release, staged, held, environment, packs, previous, merged.notices)


def _previous(attempt: Attempt) -> tuple[StoredRelease | None, Diagnostic | None]:
    """The release before this one; where it cannot be read, why."""
    active = attempt.standing.pointer
    if active is None:
        return None, attempt.standing.revoked
    try:
        return read_release(attempt.store, active.release), None
    except (NotInStore, PackDamaged) as error:
        return None, diagnostic_of(error)


def _merge(
    attempt: Attempt,
    previous: StoredRelease | None,
    lost: Diagnostic | None,
    environment: Digest,
) -> _Merged | Publication:
    compiled, active = attempt.compiled, attempt.standing.pointer
    unbound = unbound_in_commit(attempt, previous, environment)
    failed = {*compiled.failed, *(found.tenant for found in unbound if found.tenant)}
    if failed and lost is not None:
        return attempt.refused(*unbound, cannot_carry(failed), lost)
    held_before = active.held if active else ()
    try:
        merged = carry_forward(compiled, failed, previous, held_before, attempt.store)
        without = unbound_held(attempt, merged)
    except (NotInStore, PackDamaged) as error:
        return attempt.refused(*unbound, cannot_carry(failed), diagnostic_of(error))
    if without:
        return attempt.refused(*unbound, *without)
    if not merged.release.tenants:
        return attempt.refused(*unbound, nothing_to_publish(compiled.commit, previous))
    notices = (*unbound, *_notices(attempt.standing, merged))
    new_here = active is None and attempt.standing.revoked is None
    if new_here and attempt.orders.first not in (FIRST, merged.digest):
        new = new_environment(attempt.publisher, merged.digest, merged.release)
        return attempt.refused(*notices, new)
    return _Merged(merged, notices)


def _stage(
    attempt: Attempt, previous: StoredRelease | None, merged: _Merged, environment: Digest
) -> Staged | Publication:
    """How much of the commit goes out now."""
    target = ReleasePack(merged.release.release, merged.release.digest, merged.release.objects)
    stage = Stage(
        attempt.standing.pointer,
        previous,
        attempt.publisher.clock(),
        attempt.orders,
        attempt.read_tenant,
        lambda digest: read_release(attempt.store, digest),
        attempt.live,
    )
    try:
        staged = stage.of(target)
        if isinstance(staged, Diagnostic):
            return attempt.refused(*merged.notices, staged)
        if staged.freeze is not None and attempt.standing.pointer is None:
            notice = frozen(attempt.environment.name, staged.freeze)
            return Publication(Outcome.WAITING, None, diagnostics=(*merged.notices, notice))
        apart = bound_apart(attempt, staged, environment, previous)
    except (NotInStore, PackDamaged) as error:
        return attempt.refused(*merged.notices, diagnostic_of(error))
    return attempt.refused(*merged.notices, *apart) if apart else staged


def _packs(attempt: Attempt, staged: Staged) -> dict[Digest, Mapping[Digest, bytes]]:
    """Every pack of what runs and of what rings lead to that this commit has: others are stored
    already."""
    both = (staged.target, staged.active)
    roots = {root: None for each in both for root in each.release.tenants.values()}
    own = attempt.compiled.packs
    tenants = {root: own[root] for root in roots if root in own}
    return tenants | {each.digest: each.objects for each in both}


def _held(attempt: Attempt, merged: PublishedRelease, staged: Staged) -> tuple[Held, ...]:
    """Of whom the commit does not reach, what was said before."""
    active, only, source = attempt.standing.pointer, staged.only, attempt.orders.source
    found = {each.tenant: each for each in merged.held}
    if source is not None:
        found = {each.tenant: each for each in source.held} | found
    if active is None or only is None:
        return tuple(found[name] for name in sorted(found))
    before = (each for each in active.held if each.tenant not in only)
    now = (each for each in found.values() if each.tenant in only)
    return tuple(sorted((*before, *now), key=lambda each: each.tenant))


def _notices(standing: Standing, merged: PublishedRelease) -> tuple[Diagnostic, ...]:
    return (
        *((standing.damaged,) if standing.damaged else ()),
        *(held_tenant(held) for held in merged.held),
        *(left_out(tenant) for tenant in merged.left_out),
        *(outdated(tenant) for tenant in merged.outdated),
    )
