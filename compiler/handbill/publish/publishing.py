"""Publishing: a compiled release becomes what an environment runs.

Decided first (`preparing.py`), then written (`writing.py`), then the pointer moves. What is already
active is not published again; a commit never replaces one that came after it. Any number of
publishers may race: each decides anew from what the fastest one left.
"""

from __future__ import annotations

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.lower.release import CompiledRelease
from handbill.plan.model import Environment
from handbill.plan.pointer import Pointer, Reviewed, Rollout
from handbill.publish.advance import read_standing
from handbill.publish.attempt import Attempt, Contains
from handbill.publish.bundling import bundle_what_runs
from handbill.publish.contract import OURS, needs_of, unable
from handbill.publish.notices import superseded, withdrawn_commit
from handbill.publish.orders import NO_ORDERS, Orders
from handbill.publish.origin import NOT_SAID, Origin
from handbill.publish.prepared import Prepared
from handbill.publish.preparing import prepare
from handbill.publish.publication import Outcome, Publication
from handbill.publish.publisher import ATTEMPTS, Publisher
from handbill.publish.renewal import is_due
from handbill.publish.reviewed import compare, plans_of_changed
from handbill.publish.withdrawn import is_taken_back
from handbill.publish.writing import write_again, write_new


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
        attempt = Attempt(
            publisher, compiled, environment, standing, contains, origin, orders, leave_withdrawn
        )
        if (publication := _try(attempt, repair)) is not None:
            bundle_what_runs(publisher, publication)
            return publication
    raise publisher.conflict()


def _try(attempt: Attempt, repair: bool) -> Publication | None:
    """None where somebody else was faster."""
    active = attempt.standing.pointer
    if active and attempt.is_superseded():
        notice = superseded(attempt.compiled.commit, active)
        return Publication(Outcome.SUPERSEDED, active, diagnostics=(notice,))
    prepared = prepare(attempt)
    if isinstance(prepared, Publication):
        return prepared
    reviewed = _reviewed(attempt, prepared)
    attempt.publisher.stopwatch.lap("decided")
    if active and prepared.is_active(attempt.standing):
        written = write_again(attempt, prepared) if repair else 0
        if not is_due(active, attempt.publisher.clock()) and not (repair and _rotates(attempt)):
            return prepared.publication(prepared.unchanged(active), active, written)
        outcome, rollout = Outcome.RENEWED, active.rollout
    elif active and is_taken_back(attempt, active, prepared):
        notice = withdrawn_commit(attempt.compiled.commit, active)
        return Publication(Outcome.WITHDRAWN, active, diagnostics=(*prepared.notices, notice))
    elif cannot := _unable(attempt):
        return attempt.refused(*prepared.notices, *cannot)
    else:
        written = write_new(attempt, prepared, repair)
        outcome, rollout = Outcome.PUBLISHED, prepared.staged.rollout
    attempt.publisher.stopwatch.lap("packs")
    pointer = _move_pointer(attempt, prepared, reviewed, rollout)
    return prepared.publication(outcome, pointer, written) if pointer else None


def _move_pointer(
    attempt: Attempt, prepared: Prepared, reviewed: Reviewed | None, rollout: Rollout | None
) -> Pointer | None:
    publisher, orders, origin = attempt.publisher, attempt.orders, attempt.origin
    return publisher.move_pointer(
        attempt.standing,
        prepared.staged.active.digest,
        prepared.environment,
        attempt.compiled.commit,
        prepared.held,
        by=orders.by or origin.by,
        why=orders.said(origin.why, publisher.clock()),
        skipped=origin.skipped(attempt.standing.pointer),
        made=orders.source is None,
        promoted=orders.promoted,
        reviewed=reviewed,
        rollout=rollout,
    )


def _rotates(attempt: Attempt) -> bool:
    """Whether what is active was signed by another key: with this one it stays sound when that is
    revoked."""
    return not attempt.standing.is_signed_by(key.public for key in attempt.publisher.keys)


def _unable(attempt: Attempt) -> tuple[Diagnostic, ...]:
    """Of the live runtimes, who cannot execute what is published."""
    live, orders = attempt.live(), attempt.orders
    needs = OURS
    if live and orders.source is not None:
        needs = needs_of(attempt.compiled.release.tenants.values(), attempt.read_tenant)
    return unable(attempt.publisher.environment, live, needs, orders.ignored_runtimes)


def _reviewed(attempt: Attempt, prepared: Prepared) -> Reviewed | None:
    """How the plans compare with those that a review showed, where reviews are kept."""
    reviews, source, compiled = attempt.origin.reviews, attempt.orders.source, attempt.compiled
    if reviews is None:
        return source.reviewed if source else None
    previous = prepared.previous.release if prepared.previous else None
    after = prepared.merged.release
    return compare(
        reviews,
        (compiled.digest, prepared.merged.digest),
        lambda: plans_of_changed(attempt.store, compiled.packs, previous, after),
    )
