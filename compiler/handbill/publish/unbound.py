"""Who could not send with the environment that a publish brings: `binding.py` asked for whole releases.

A tenant of the commit that cannot is held. One that is held already, or that the publish does not
reach, has nothing else to fall back on: then the environment is refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.model import Digest
from handbill.publish.attempt import Attempt
from handbill.publish.binding import unbound_providers
from handbill.publish.held import PublishedRelease
from handbill.publish.notices import environment_apart
from handbill.publish.staged import Staged
from handbill.store.pack import read_pack
from handbill.store.release import StoredRelease, read_environment


def unbound_in_commit(
    attempt: Attempt, previous: StoredRelease | None, environment: Digest
) -> tuple[Diagnostic, ...]:
    """Tenants that were bound at the last publish and have not changed since are still bound."""
    compiled, active = attempt.compiled, attempt.standing.pointer
    known: set[Digest] = set()
    if previous is not None and active is not None and active.environment_digest == environment:
        same_channels = previous.release.channels == compiled.release.channels
        known = set(previous.release.tenants.values()) if same_channels else set()
    channels = _channel_bytes(compiled.release.channels, compiled.packs[compiled.digest])
    return tuple(
        diagnostic
        for _, root in sorted(compiled.release.tenants.items())
        if root not in known
        for diagnostic in unbound_providers(
            root, compiled.packs[root], channels, attempt.environment
        )
    )


def unbound_held(attempt: Attempt, merged: PublishedRelease) -> tuple[Diagnostic, ...]:
    """Raises NotInStore or PackDamaged where what a held tenant keeps cannot be read."""
    channels = _channel_bytes(merged.release.channels, merged.objects)
    tenants = merged.release.tenants
    return tuple(
        diagnostic
        for held in merged.held
        for diagnostic in unbound_providers(
            tenants[held.tenant],
            read_pack(attempt.store, tenants[held.tenant]),
            channels,
            attempt.environment,
        )
    )


def bound_apart(
    attempt: Attempt, staged: Staged, environment: Digest, previous: StoredRelease | None
) -> tuple[Diagnostic, ...]:
    """One environment serves those who are reached and those who are not: whether all of them can
    send. Raises NotInStore or PackDamaged."""
    active = attempt.standing.pointer
    if active is None or previous is None or active.environment_digest == environment:
        return ()
    if staged.only is None:
        bound, who = attempt.environment, frozenset(staged.active.release.tenants)
        known = set(attempt.compiled.release.tenants.values())
    else:
        bound, who = read_environment(attempt.store, active.environment_digest), staged.only
        known = set(previous.release.tenants.values())
    channels = _channel_bytes(staged.active.release.channels, staged.active.objects)
    tenants = staged.active.release.tenants
    found = [
        each
        for name in sorted(who & tenants.keys())
        if tenants[name] not in known
        for each in unbound_providers(
            tenants[name], attempt.read_tenant(tenants[name]), channels, bound
        )
    ]
    return (environment_apart(active, staged.only is not None, found),) if found else ()


def _channel_bytes(
    channels: Mapping[str, Digest], objects: Mapping[Digest, bytes]
) -> dict[str, bytes]:
    return {channel: objects[digest] for channel, digest in channels.items()}
