"""Publishing: a compiled release becomes what an environment runs.

A tenant that cannot be published keeps what it has (see `held.py`), and every other tenant goes on.
What is already active is not published again; a commit never replaces one that came after it. Any
number of publishers may race: each decides anew from what the fastest one left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.release import CompiledRelease
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Digest, Environment, Held, Pointer, Reviewed
from handbill.publish.advance import Standing, read_standing
from handbill.publish.binding import unbound_providers, unfit_links
from handbill.publish.bundling import bundle_what_runs
from handbill.publish.contract import OURS, needs_of, unable
from handbill.publish.freeze import frozen
from handbill.publish.health import live_runtimes
from handbill.publish.held import PublishedRelease, carry_forward
from handbill.publish.mixture import ReleasePack
from handbill.publish.notices import (
    cannot_carry,
    environment_apart,
    held_tenant,
    left_out,
    new_environment,
    nothing_to_publish,
    outdated,
    superseded,
    withdrawn_commit,
)
from handbill.publish.orders import FIRST, NO_ORDERS, Orders
from handbill.publish.origin import NOT_SAID, Origin
from handbill.publish.pictures import pictures_of
from handbill.publish.publication import Outcome, Publication, tenant_changes
from handbill.publish.publisher import ATTEMPTS, Publisher
from handbill.publish.renewal import is_due
from handbill.publish.reviewed import compare, plans_of_changed
from handbill.publish.rings import aim_of
from handbill.publish.staged import Stage, Staged
from handbill.publish.trouble import diagnostic_of
from handbill.publish.withdrawn import taken_back
from handbill.store.assets import write_assets
from handbill.store.errors import NotInStore, PackDamaged
from handbill.store.pack import read_pack, write_packs
from handbill.store.paths import part_path
from handbill.store.receipts import Receipt
from handbill.store.release import StoredRelease, read_environment, read_release
from handbill.store.store import Store

Contains: TypeAlias = Callable[[str, str], bool]
"""contains(later, earlier): whether commit `later` has `earlier` in its history."""
Packs: TypeAlias = Mapping[Digest, Mapping[Digest, bytes]]


def publish(
    publisher: Publisher,
    compiled: CompiledRelease,
    environment: Environment,
    *,
    contains: Contains | None = None,
    leave_withdrawn: bool = False,
    repair: bool = True,
    origin: Origin = NOT_SAID,
    orders: Orders = NO_ORDERS,
) -> Publication:
    """Makes `compiled` active, or says why not; a store that fails raises a StoreError.

    With `contains` a commit older than the active one is not published. `leave_withdrawn`: nor is
    one that a rollback took back (what a publisher that follows a branch wants). `repair`: packs of
    unchanged tenants that are missing and, where nothing changed, damaged ones are written anew.
    `origin` is what the pointer says of who, why and whether it was reviewed. `orders` say how much
    of it goes out now: rings, a freeze, some tenants at once.
    """
    if environment.name != publisher.environment:
        raise ValueError(f"{environment.name} is not {publisher.environment}")
    publisher.refuse_undelegated(publisher.clock())
    for _ in range(ATTEMPTS):
        standing = read_standing(publisher.store, publisher.environment, publisher.trust)
        active = standing.pointer
        if active and contains and _came_after(active, compiled.commit, contains):
            notice = superseded(compiled.commit, active)
            return Publication(Outcome.SUPERSEDED, active, diagnostics=(notice,))
        withdrawn = _withdrawn(publisher, active) if active and leave_withdrawn else ()
        attempt = _Attempt(
            publisher, compiled, environment, standing, withdrawn, contains, origin, orders
        )
        if (publication := attempt.run(repair)) is not None:
            bundle_what_runs(publisher, publication)
            return publication
    raise publisher.conflict()


def _withdrawn(publisher: Publisher, active: Pointer) -> tuple[Pointer, ...]:
    return taken_back(publisher.store, publisher.environment, publisher.trust, active)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Everything decided, nothing written yet. `merged` is all of the commit, `staged` what of it
    goes out now."""

    merged: PublishedRelease
    staged: Staged
    held: tuple[Held, ...]
    environment: Digest
    packs: Packs
    previous: StoredRelease | None
    notices: tuple[Diagnostic, ...]

    def publication(self, outcome: Outcome, pointer: Pointer, written: int) -> Publication:
        before = self.previous.release.tenants if self.previous else {}
        changes = tenant_changes(before, self.staged.active.release.tenants)
        left = tuple(sorted((*self.merged.left_out, *self.merged.outdated)))
        freeze = self.staged.freeze
        notices = self.notices
        if freeze is not None:
            notices = (*notices, frozen(pointer.environment, freeze, self.staged.named))
        until = freeze.ends if freeze else None
        return Publication(outcome, pointer, changes, left, written, notices, until)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One try to publish on top of what `standing` saw."""

    publisher: Publisher
    compiled: CompiledRelease
    environment: Environment
    standing: Standing
    withdrawn: tuple[Pointer, ...]
    contains: Contains | None
    origin: Origin
    orders: Orders

    @property
    def store(self) -> Store:
        return self.publisher.store

    def run(self, repair: bool) -> Publication | None:
        """None where somebody else was faster."""
        prepared = self._prepare()
        if isinstance(prepared, Publication):
            return prepared
        active = self.standing.pointer
        reviewed = self._reviewed(prepared)
        self.publisher.stopwatch.lap("decided")
        if active and self._is_active(prepared, active):
            written = write_packs(self.store, prepared.packs, repair=True) if repair else 0
            if repair:
                self._write_pictures(prepared, repair=True)
            if not is_due(active, self.publisher.clock()) and not (repair and self._rotates()):
                return prepared.publication(self._unchanged(prepared, active), active, written)
            outcome = Outcome.RENEWED
        elif active and self._was_withdrawn(prepared):
            notice = withdrawn_commit(self.compiled.commit, active)
            return Publication(Outcome.WITHDRAWN, active, diagnostics=(*prepared.notices, notice))
        elif cannot := self._unable():
            return self._refused(*prepared.notices, *cannot)
        else:
            new = self._new_packs(prepared, repair)
            written = write_packs(self.store, new)
            self._write_pictures(prepared, only=None if repair else new.keys())
            outcome = Outcome.PUBLISHED
        self.publisher.stopwatch.lap("packs")
        pointer = self.publisher.move_pointer(
            self.standing,
            prepared.staged.active.digest,
            prepared.environment,
            self.compiled.commit,
            prepared.held,
            by=self.orders.by or self.origin.by,
            why=self.orders.said(self.origin.why, self.publisher.clock()),
            skipped=self.origin.skipped(active),
            made=self.orders.source is None,
            promoted=self.orders.promoted,
            reviewed=reviewed,
            rollout=active.rollout
            if active and outcome is Outcome.RENEWED
            else prepared.staged.rollout,
        )
        return prepared.publication(outcome, pointer, written) if pointer else None

    def _rotates(self) -> bool:
        """Whether what is active was signed by another key: with this one it stays sound when that
        is revoked."""
        return not self.standing.is_signed_by(key.public for key in self.publisher.keys)

    def _prepare(self) -> _Prepared | Publication:
        """What to make active, or the refusal."""
        if unfit := unfit_links(self.environment):
            return self._refused(*unfit)
        data = canonical_bytes(self.environment)
        environment = digest_of(data)
        previous, lost = self._previous()
        unbound = self._unbound(previous, environment)
        failed = {*self.compiled.failed, *(found.tenant for found in unbound if found.tenant)}
        if failed and lost is not None:
            return self._refused(*unbound, cannot_carry(failed), lost)
        held_before = self.standing.pointer.held if self.standing.pointer else ()
        try:
            merged = carry_forward(self.compiled, failed, previous, held_before, self.store)
            unbound_held = self._unbound_held(merged)
        except (NotInStore, PackDamaged) as error:
            return self._refused(*unbound, cannot_carry(failed), diagnostic_of(error))
        if unbound_held:
            return self._refused(*unbound, *unbound_held)
        if not merged.release.tenants:
            return self._refused(*unbound, nothing_to_publish(self.compiled.commit, previous))
        notices = (*unbound, *_notices(self.standing, merged))
        if self.standing.pointer is None and self.orders.first not in (FIRST, merged.digest):
            return self._refused(
                *notices, new_environment(self.publisher, merged.digest, merged.release)
            )
        staged = self._staged(merged, previous)
        if isinstance(staged, Diagnostic):
            return self._refused(*notices, staged)
        if staged.freeze is not None and self.standing.pointer is None:
            notice = frozen(self.environment.name, staged.freeze)
            return Publication(Outcome.WAITING, None, diagnostics=(*notices, notice))
        try:
            apart = self._bound_apart(staged, environment, previous)
        except (NotInStore, PackDamaged) as error:
            return self._refused(*notices, diagnostic_of(error))
        if apart:
            return self._refused(*notices, *apart)
        if staged.only is not None and self.standing.pointer is not None:
            environment = self.standing.pointer.environment_digest
            packs = self._packs(staged)
        else:
            packs = {environment: {environment: data}} | self._packs(staged)
        held = self._held(merged, staged)
        return _Prepared(merged, staged, held, environment, packs, previous, notices)

    def _staged(
        self, merged: PublishedRelease, previous: StoredRelease | None
    ) -> Staged | Diagnostic:
        """How much of the commit goes out now."""
        stage = Stage(
            self.standing.pointer,
            previous,
            self.publisher.clock(),
            self.orders,
            self._read_tenant,
            lambda digest: read_release(self.store, digest),
            self._live,
        )
        try:
            return stage.of(ReleasePack(merged.release, merged.digest, merged.objects))
        except (NotInStore, PackDamaged) as error:
            return diagnostic_of(error)

    def _bound_apart(
        self, staged: Staged, environment: Digest, previous: StoredRelease | None
    ) -> tuple[Diagnostic, ...]:
        """One environment serves those who are reached and those who are not: who cannot send."""
        active = self.standing.pointer
        if active is None or previous is None or active.environment_digest == environment:
            return ()
        if staged.only is None:
            bound, who = self.environment, frozenset(staged.active.release.tenants)
            ours = set(self.compiled.release.tenants.values())
        else:
            bound, who = read_environment(self.store, active.environment_digest), staged.only
            ours = set(previous.release.tenants.values())
        channels = _channel_bytes(staged.active.release.channels, staged.active.objects)
        tenants = staged.active.release.tenants
        found = [
            each
            for name in sorted(who & tenants.keys())
            if tenants[name] not in ours
            for each in unbound_providers(
                tenants[name], self._read_tenant(tenants[name]), channels, bound
            )
        ]
        return (environment_apart(active, staged.only is not None, found),) if found else ()

    def _held(self, merged: PublishedRelease, staged: Staged) -> tuple[Held, ...]:
        """Of whom the commit does not reach, what was said before."""
        active, only = self.standing.pointer, staged.only
        found = {each.tenant: each for each in merged.held}
        if self.orders.source is not None:
            found = {each.tenant: each for each in self.orders.source.held} | found
        if active is None or only is None:
            return tuple(found[name] for name in sorted(found))
        before = (each for each in active.held if each.tenant not in only)
        now = (each for each in found.values() if each.tenant in only)
        return tuple(sorted((*before, *now), key=lambda each: each.tenant))

    def _read_tenant(self, root: Digest) -> Mapping[Digest, bytes]:
        packs = self.compiled.packs
        return packs[root] if root in packs else read_pack(self.store, root)

    def _live(self) -> Mapping[str, Receipt]:
        publisher = self.publisher
        return live_runtimes(self.store, publisher.environment, publisher.trust, publisher.clock())

    def _unable(self) -> tuple[Diagnostic, ...]:
        """Of the live runtimes, who cannot execute what is published."""
        live = self._live()
        needs = OURS
        if live and self.orders.source is not None:
            needs = needs_of(self.compiled.release.tenants.values(), self._read_tenant)
        return unable(self.publisher.environment, live, needs, self.orders.ignored_runtimes)

    def _unchanged(self, prepared: _Prepared, active: Pointer) -> Outcome:
        """Whether nothing was to be done, or a freeze keeps it from being done."""
        if prepared.staged.freeze is None or prepared.merged.digest == aim_of(active):
            return Outcome.UNCHANGED
        return Outcome.WAITING

    def _previous(self) -> tuple[StoredRelease | None, Diagnostic | None]:
        """The release before this one; where it cannot be read, why."""
        if self.standing.pointer is None:
            return None, self.standing.revoked
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
                _channel_bytes(
                    self.compiled.release.channels, self.compiled.packs[self.compiled.digest]
                ),
                self.environment,
            )
        )

    def _unbound_held(self, merged: PublishedRelease) -> tuple[Diagnostic, ...]:
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

    def _packs(self, staged: Staged) -> dict[Digest, Mapping[Digest, bytes]]:
        """Every pack of what runs and of what rings lead to that this commit has: others are stored
        already."""
        both = (staged.target, staged.active)
        roots = {root: None for each in both for root in each.release.tenants.values()}
        tenants = {root: self.compiled.packs[root] for root in roots if root in self.compiled.packs}
        return tenants | {each.digest: each.objects for each in both}

    def _new_packs(self, prepared: _Prepared, repair: bool) -> Packs:
        previous = prepared.previous
        known = frozenset(previous.release.tenants.values()) if previous else frozenset()
        return {
            root: objects
            for root, objects in prepared.packs.items()
            if root not in known or (repair and self.store.size(part_path(root)) is None)
        }

    def _write_pictures(
        self, prepared: _Prepared, repair: bool = False, only: Collection[Digest] | None = None
    ) -> None:
        """Before the pointer moves: a message that shows one may leave at once. `only` these tenants'
        where the others' were written when they were published."""
        tenants = prepared.merged.release.tenants.values()
        names = pictures_of(
            self.compiled, (each for each in tenants if only is None or each in only)
        )
        write_assets(self.store, names, self.compiled.assets, repair=repair)

    def _reviewed(self, prepared: _Prepared) -> Reviewed | None:
        """How the plans compare with those that a review showed, where reviews are kept."""
        reviews = self.origin.reviews
        if reviews is None:
            return self.orders.source.reviewed if self.orders.source else None
        previous = prepared.previous.release if prepared.previous else None
        after = prepared.merged.release
        return compare(
            reviews,
            (self.compiled.digest, prepared.merged.digest),
            lambda: plans_of_changed(self.store, self.compiled.packs, previous, after),
        )

    def _is_active(self, prepared: _Prepared, active: Pointer) -> bool:
        staged = prepared.staged
        wanted = (staged.active.digest, prepared.environment, prepared.held, staged.aim)
        running = (active.release, active.environment_digest, active.held, aim_of(active))
        return running == wanted and self.standing.damaged is None

    def _was_withdrawn(self, prepared: _Prepared) -> bool:
        """The same release, or a commit that a withdrawn one has in its history."""
        wanted = (prepared.merged.digest, prepared.environment)
        return any(
            (aim_of(taken), taken.environment_digest) == wanted
            or taken.commit == self.compiled.commit
            or (self.contains is not None and self.contains(taken.commit, self.compiled.commit))
            for taken in self.withdrawn
        )

    def _refused(self, *diagnostics: Diagnostic) -> Publication:
        return Publication(Outcome.REFUSED, self.standing.pointer, diagnostics=diagnostics)


def _came_after(active: Pointer, commit: str, contains: Contains) -> bool:
    return active.commit != commit and contains(active.commit, commit)


def _channel_bytes(
    channels: Mapping[str, Digest], objects: Mapping[Digest, bytes]
) -> dict[str, bytes]:
    return {channel: objects[digest] for channel, digest in channels.items()}


def _notices(standing: Standing, merged: PublishedRelease) -> tuple[Diagnostic, ...]:
    return (
        *((standing.damaged,) if standing.damaged else ()),
        *(held_tenant(held) for held in merged.held),
        *(left_out(tenant) for tenant in merged.left_out),
        *(outdated(tenant) for tenant in merged.outdated),
    )
