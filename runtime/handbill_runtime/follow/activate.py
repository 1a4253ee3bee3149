"""Building the release that a pointer names: fetched, verified, outlined, tried.

Only what changed is fetched; a tenant whose digest is the active one's is taken over as it is. Every
plan that nobody tried yet is tried before it is run: before the swap, where something runs already or
there are few of them; with nothing running and very many, each before its first use. Nothing here
changes what runs: the follower swaps when all of this succeeded. A tenant whose plans do not run
keeps those that do, and no other waits for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handbill.plan.model import Digest
from handbill.plan.outline import PlanOutline
from handbill.plan.pointer import Pointer
from handbill.store.errors import PointerForeign, StoreError
from handbill.store.release import read_environment, read_release
from handbill.store.trust import Trust
from handbill_runtime.errors import PlanFault
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.follow.shelf import Shelf, ShelvedTenant
from handbill_runtime.stages.compiled import CompiledTenant

TRIED_AT_START = 2_000
"""Plans that a start with nothing running tries before anything runs; more are tried when used."""


def build_release(
    shelf: Shelf,
    pointer: Pointer,
    active: ActiveRelease | None,
    *,
    sparing: bool = False,
    trust: Trust | None = None,
) -> ActiveRelease:
    """The candidate. Raises a StoreError where anything about it is wrong, and a PlanFault where
    none of its tenants can run. `sparing`: a tenant whose pack cannot be had is left out. With `trust`
    and nothing running, very many tenants are taken by the outlines that `trust` signed of them, and
    their packs are still to be read (`Shelf.unproved`)."""
    environment = shelf.whole(lambda store: read_environment(store, pointer.environment_digest))
    if environment.name != pointer.environment:
        raise PointerForeign(
            f"the pointer of `{pointer.environment}` is bound to the settings of "
            f"`{environment.name}`",
            "publish this environment again",
        )
    stored = shelf.whole(lambda store: read_release(store, pointer.release))
    known = _known(active)
    wanted = {name: each for name, each in stored.release.tenants.items() if each not in known}
    if trust is not None and active is None:
        digests = tuple(wanted.values())
        shelf.fetch_outlines(pointer.environment, trust, digests, TRIED_AT_START)
    shelved, faults = _taken(shelf, pointer.environment, wanted, sparing)
    _refuse_untried(shelf, shelved, faults, before_all=active is not None)
    tenants = {
        name: known.get(digest) or shelved[name].compiled()
        for name, digest in stored.release.tenants.items()
        if name not in faults
    }
    if faults and not tenants:
        first = next(iter(faults.values()))
        raise PlanFault(first.code, first.message, first.hint)
    channels = stored.channels
    if faults and active is not None:
        tenants |= {name: active.tenants[name] for name in faults.keys() & active.tenants.keys()}
        channels = {**active.channels, **channels}
    return ActiveRelease(pointer, stored.release, environment, tenants, channels, faults)


def _known(active: ActiveRelease | None) -> dict[Digest, CompiledTenant]:
    """The active tenants by digest."""
    if active is None:
        return {}
    return {
        digest: active.tenants[name]
        for name, digest in active.release.tenants.items()
        if name not in active.faults
    }


def _taken(
    shelf: Shelf, environment: str, wanted: Mapping[str, Digest], sparing: bool
) -> tuple[dict[str, ShelvedTenant], dict[str, PlanFault]]:
    shelf.fetch_bundles(environment, tuple(wanted.values()))
    taken: dict[str, ShelvedTenant] = {}
    faults: dict[str, PlanFault] = {}
    for name, found in zip(wanted, shelf.tenants(tuple(wanted.values())), strict=True):
        match found:
            case ShelvedTenant():
                taken[name] = found
            case PlanFault():
                faults[name] = found
            case StoreError() if sparing:
                faults[name] = PlanFault(found.code, found.message, found.hint or "")
            case StoreError():
                raise found
    return taken, faults


def _refuse_untried(
    shelf: Shelf,
    tenants: Mapping[str, ShelvedTenant],
    faults: dict[str, PlanFault],
    before_all: bool,
) -> None:
    """Tries every plan that nobody tried yet; a tenant of which one does not run is a fault."""
    untried = {name: shelf.untried(each) for name, each in tenants.items()}
    if not before_all and sum(map(len, untried.values())) > TRIED_AT_START:
        return
    for name, outlines in untried.items():
        try:
            _try_all(shelf, tenants[name], outlines)
        except PlanFault as fault:
            faults[name] = fault.with_traceback(None)  # or it would hold on to the plans


def _try_all(shelf: Shelf, shelved: ShelvedTenant, outlines: Sequence[PlanOutline]) -> None:
    for compiled in shelf.look_at(shelved, outlines):
        shelf.try_plan(compiled)
