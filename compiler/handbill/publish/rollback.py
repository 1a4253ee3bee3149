"""Going back: an earlier release, with the environment it was published for, is active again.

A rollback is a publish like any other (a new sequence, signed anew), so a runtime follows it as it
follows everything. Before the pointer moves, every object behind the target is read and proved.
"""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.plan.pointer import Pointer
from handbill.publish.advance import Standing, is_same_release, read_standing
from handbill.publish.contract import needs_of, unable
from handbill.publish.health import live_runtimes
from handbill.publish.history import original
from handbill.publish.notices import never_published, no_earlier_release
from handbill.publish.orders import NO_ORDERS, Orders
from handbill.publish.publication import Outcome, Publication, tenant_changes
from handbill.publish.publisher import ATTEMPTS, Publisher
from handbill.publish.rings import is_step
from handbill.publish.trouble import diagnostic_of
from handbill.store.errors import StoreError
from handbill.store.pack import read_pack
from handbill.store.release import prove_whole, read_release
from handbill.store.store import Store


def rollback(
    publisher: Publisher, to: int | None = None, orders: Orders = NO_ORDERS
) -> Publication:
    """Makes the release of sequence `to` active again, or the newest one that differs.

    Going back twice goes back two releases; the steps of a rollout, in which only some tenants had a
    change, are none, and a rollout that is under way ends. A freeze does not matter. Refuses what a
    live runtime cannot execute, and a target that is not whole in the store; raises
    a StoreError where the store or the active pointer cannot be used.
    """
    for _ in range(ATTEMPTS):
        standing = read_standing(publisher.store, publisher.environment, publisher.trust)
        active = standing.pointer
        if active is None:
            return _refused(standing, never_published(publisher.environment))
        target = _target(publisher, active, to)
        if isinstance(target, Diagnostic):
            return _refused(standing, target)
        if is_same_release(target, active) and standing.damaged is None:
            return Publication(Outcome.UNCHANGED, active)
        try:
            prove_whole(publisher.store, target)
        except StoreError as error:
            return _refused(standing, diagnostic_of(error))
        if cannot := _unable(publisher, target, orders):
            return _refused(standing, *cannot)
        pointer = publisher.move_pointer(
            standing,
            target.release,
            target.environment_digest,
            commit=target.commit,
            held=target.held,
            restores=target.sequence,
            by=orders.by,
            why=orders.why,
            reviewed=target.reviewed,
            statement=target.statement,
            promoted=target.promoted,
        )
        if pointer is not None:
            return _published(publisher.store, active, pointer)
    raise publisher.conflict()


def _target(publisher: Publisher, active: Pointer, to: int | None) -> Pointer | Diagnostic:
    """The entry to restore: never a rollback itself, but what that restored."""

    try:
        if to is not None:
            return original(publisher, to)
        at = original(publisher, active.sequence)
        while at.replaces:
            at = original(publisher, at.replaces)
            if not is_same_release(at, active) and not is_step(at):
                return at
    except StoreError as error:
        return diagnostic_of(error)
    return no_earlier_release(active)


def _published(store: Store, before: Pointer, pointer: Pointer) -> Publication:
    changes = tenant_changes(_tenants(store, before), _tenants(store, pointer))
    return Publication(Outcome.PUBLISHED, pointer, changes)


def _tenants(store: Store, pointer: Pointer) -> dict[str, str]:
    """What is rolled back from may be damaged: that is a reason to go back, not to stop."""
    try:
        return dict(read_release(store, pointer.release).release.tenants)
    except StoreError:
        return {}


def _unable(publisher: Publisher, target: Pointer, orders: Orders) -> tuple[Diagnostic, ...]:
    live = live_runtimes(publisher.store, publisher.environment, publisher.trust, publisher.clock())
    if not live:
        return ()
    needs = needs_of(
        read_release(publisher.store, target.release).release.tenants.values(),
        lambda root: read_pack(publisher.store, root),
    )
    return unable(publisher.environment, live, needs, orders.ignored_runtimes)


def _refused(standing: Standing, *diagnostics: Diagnostic) -> Publication:
    return Publication(Outcome.REFUSED, standing.pointer, diagnostics=diagnostics)
