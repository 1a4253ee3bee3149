"""Publishing: a compiled release becomes what an environment runs.

A tenant that cannot be published keeps what it has (see `held.py`), and every other tenant goes on.
What is already active is not published again; a commit never replaces one that came after it. Any
number of publishers may race: each decides anew from what the fastest one left.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.release import CompiledRelease
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Digest, Environment, Held, Pointer
from handbill.publish.advance import Standing, read_standing, swap_pointer
from handbill.publish.binding import unbound_providers
from handbill.publish.held import PublishedRelease, carry_forward
from handbill.publish.keys import SigningKey
from handbill.publish.notices import (
    cannot_carry,
    held_tenant,
    left_out,
    nothing_to_publish,
    superseded,
    withdrawn,
)
from handbill.publish.trouble import diagnostic_of
from handbill.store.errors import NotInStore, PackDamaged, PublishConflict
from handbill.store.instant import parse_utc, utc_text
from handbill.store.keys import PublicKey
from handbill.store.pack import read_pack, write_packs
from handbill.store.paths import part_path
from handbill.store.release import StoredRelease, read_release
from handbill.store.store import Store

Clock: TypeAlias = Callable[[], datetime]
Contains: TypeAlias = Callable[[str, str], bool]
"""contains(later, earlier): whether commit `later` has `earlier` in its history."""

LIFETIME = timedelta(days=30)
"""How long a pointer may be activated; it is renewed after half of that."""
_ATTEMPTS = 100


class Outcome(StrEnum):
    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    RENEWED = "renewed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Publication:
    """What came of one publish. `pointer` is what the environment runs now."""

    outcome: Outcome
    pointer: Pointer | None
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """Tenants with errors that were never published."""
    packs: int = 0
    """How many packs were written."""
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def held(self) -> tuple[Held, ...]:
        return self.pointer.held if self.pointer else ()


@dataclass(frozen=True, slots=True)
class Publisher:
    """Publishes into one environment of one store, signing with one key.

    `trusted` are further keys whose pointers may be replaced (the key before this one).
    """

    store: Store
    environment: str
    key: SigningKey
    clock: Clock
    trusted: tuple[PublicKey, ...] = ()
    lifetime: timedelta = LIFETIME
    compiler: str = importlib.metadata.version("handbill")

    @property
    def keys(self) -> tuple[PublicKey, ...]:
        return (self.key.public, *self.trusted)

    def publish(
        self,
        compiled: CompiledRelease,
        environment: Environment,
        *,
        contains: Contains | None = None,
        leave_withdrawn: bool = False,
        repair: bool = True,
    ) -> Publication:
        """Makes `compiled` active, or says why not; a store that fails raises a StoreError.

        With `contains` a commit older than the active one is not published. `leave_withdrawn`: nor
        is one that a rollback took back (what a publisher that follows a branch wants). `repair`:
        where nothing changed, packs that are damaged or missing are written anew.
        """
        if environment.name != self.environment:
            raise ValueError(f"{environment.name} is not {self.environment}")
        for _ in range(_ATTEMPTS):
            standing = read_standing(self.store, self.environment, self.keys)
            if (
                late := _too_late(standing, compiled.commit, contains, leave_withdrawn)
            ) is not None:
                return late
            attempt = _Attempt(self, compiled, environment, standing)
            if (publication := attempt.run(repair)) is not None:
                return publication
        raise PublishConflict(
            f"other publishers changed the pointer of `{self.environment}` {_ATTEMPTS} times meanwhile",
            "see who else publishes here, then try again",
        )

    def sign_and_swap(
        self, standing: Standing, release: Digest, environment: Digest, **fields: object
    ) -> Pointer | None:
        """Swaps in a pointer to stored objects, dated now; None where somebody else was faster."""
        now = self.clock()
        pointer = Pointer(
            environment=self.environment,
            environment_digest=environment,
            sequence=1,
            release=release,
            compiler=self.compiler,
            issued=utc_text(now),
            expires=utc_text(now + self.lifetime),
            previous=standing.pointer.release if standing.pointer else None,
            **fields,  # type: ignore[arg-type]
        )
        return swap_pointer(self.store, standing, pointer, self.key)


def _too_late(
    standing: Standing, commit: str, contains: Contains | None, leave_withdrawn: bool
) -> Publication | None:
    active = standing.pointer
    if active is None:
        return None
    taken_back = active.withdrawn
    if leave_withdrawn and taken_back is not None:
        if commit == taken_back or (contains is not None and contains(taken_back, commit)):
            return Publication(Outcome.WITHDRAWN, active, diagnostics=(withdrawn(commit, active),))
    elif contains and commit != active.commit and contains(active.commit, commit):
        return Publication(Outcome.SUPERSEDED, active, diagnostics=(superseded(commit, active),))
    return None


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One try to publish on top of what `standing` saw."""

    publisher: Publisher
    compiled: CompiledRelease
    environment: Environment
    standing: Standing

    @property
    def store(self) -> Store:
        return self.publisher.store

    def run(self, repair: bool) -> Publication | None:
        """None where somebody else was faster."""
        data = canonical_bytes(self.environment)
        environment = {digest_of(data): data}
        previous, lost = self._previous()
        unbound = self._unbound(previous, digest_of(data))
        failed = {*self.compiled.failed, *(found.tenant for found in unbound if found.tenant)}
        if failed and lost is not None:
            return self._refused(*unbound, cannot_carry(failed), lost)
        held_before = self.standing.pointer.held if self.standing.pointer else ()
        try:
            merged = carry_forward(self.compiled, failed, previous, held_before, self.store)
            unbound_held = self._unbound_held(merged, digest_of(data))
        except (NotInStore, PackDamaged) as error:
            return self._refused(*unbound, cannot_carry(failed), diagnostic_of(error))
        notices = (*unbound, *_notices(self.standing, merged))
        if unbound_held:
            return self._refused(*unbound, *unbound_held)
        if not merged.release.tenants:
            return self._refused(*unbound, nothing_to_publish(self.compiled.commit, previous))
        packs = self._packs(merged, environment)
        if self._is_active(merged, digest_of(data)):
            written = write_packs(self.store, packs, repair=True) if repair else 0
            if not self._is_due():
                active = self.standing.pointer
                return Publication(
                    Outcome.UNCHANGED, active, (), (), (), merged.left_out, written, notices
                )
            outcome = Outcome.RENEWED
        else:
            written = write_packs(self.store, self._new_packs(packs, previous))
            outcome = Outcome.PUBLISHED
        pointer = self.publisher.sign_and_swap(
            self.standing,
            merged.digest,
            digest_of(data),
            commit=self.compiled.commit,
            held=merged.held,
        )
        if pointer is None:
            return None
        differences = _differences(merged, previous)
        return Publication(outcome, pointer, *differences, merged.left_out, written, notices)

    def _previous(self) -> tuple[StoredRelease | None, Diagnostic | None]:
        """The release before this one; where it cannot be read, why."""
        if self.standing.pointer is None:
            return None, None
        try:
            return read_release(self.store, self.standing.pointer.release), None
        except (NotInStore, PackDamaged) as error:
            return None, diagnostic_of(error)

    def _unbound(
        self, previous: StoredRelease | None, environment: Digest
    ) -> tuple[Diagnostic, ...]:
        """Tenants that were bound at the last publish and have not changed since are still bound."""
        known: set[Digest] = set()
        active = self.standing.pointer
        if previous is not None and active is not None and active.environment_digest == environment:
            same_channels = previous.release.channels == self.compiled.release.channels
            known = set(previous.release.tenants.values()) if same_channels else set()
        return tuple(
            diagnostic
            for _, digest in sorted(self.compiled.release.tenants.items())
            if digest not in known
            for diagnostic in unbound_providers(
                digest,
                self.compiled.packs[digest],
                _channel_bytes(self.compiled.release.channels, self._release_objects()),
                self.environment,
            )
        )

    def _unbound_held(
        self, merged: PublishedRelease, environment: Digest
    ) -> tuple[Diagnostic, ...]:
        """A held tenant has nothing else to fall back on, so the environment itself is at fault."""
        return tuple(
            diagnostic
            for held in merged.held
            for diagnostic in unbound_providers(
                merged.release.tenants[held.tenant],
                read_pack(self.store, merged.release.tenants[held.tenant]),
                _channel_bytes(merged.release.channels, merged.objects),
                self.environment,
            )
        )

    def _release_objects(self) -> Mapping[Digest, bytes]:
        return self.compiled.packs[self.compiled.digest]

    def _packs(
        self, merged: PublishedRelease, environment: Mapping[Digest, bytes]
    ) -> dict[Digest, Mapping[Digest, bytes]]:
        """Every pack that the pointer will need and this commit has: held ones are stored already."""
        tenants = {
            digest: self.compiled.packs[digest]
            for digest in merged.release.tenants.values()
            if digest in self.compiled.packs
        }
        return {
            next(iter(environment)): environment,
            **tenants,
            merged.digest: merged.objects,
        }

    def _new_packs(
        self, packs: Mapping[Digest, Mapping[Digest, bytes]], previous: StoredRelease | None
    ) -> dict[Digest, Mapping[Digest, bytes]]:
        known = frozenset(previous.release.tenants.values()) if previous else frozenset()
        return {
            root: objects
            for root, objects in packs.items()
            if root not in known or self.store.size(part_path(root)) is None
        }

    def _is_active(self, merged: PublishedRelease, environment: Digest) -> bool:
        active = self.standing.pointer
        return (
            active is not None
            and self.standing.damaged is None
            and (active.release, active.environment_digest, active.held)
            == (merged.digest, environment, merged.held)
        )

    def _is_due(self) -> bool:
        active = self.standing.pointer
        if active is None:
            return True
        issued, expires = parse_utc(active.issued), parse_utc(active.expires)
        return self.publisher.clock() >= issued + (expires - issued) / 2

    def _refused(self, *diagnostics: Diagnostic) -> Publication:
        return Publication(Outcome.REFUSED, self.standing.pointer, diagnostics=diagnostics)


def _channel_bytes(
    channels: Mapping[str, Digest], objects: Mapping[Digest, bytes]
) -> dict[str, bytes]:
    return {channel: objects[digest] for channel, digest in channels.items()}


def _differences(
    merged: PublishedRelease, previous: StoredRelease | None
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Tenants added, changed and removed."""
    before = previous.release.tenants if previous else {}
    after = merged.release.tenants
    return (
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(name for name in after.keys() & before.keys() if after[name] != before[name])),
        tuple(sorted(before.keys() - after.keys())),
    )


def _notices(standing: Standing, merged: PublishedRelease) -> tuple[Diagnostic, ...]:
    return (
        *((standing.damaged,) if standing.damaged else ()),
        *(held_tenant(held) for held in merged.held),
        *(left_out(tenant) for tenant in merged.left_out),
    )
