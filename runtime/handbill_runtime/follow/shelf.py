"""The plans of a release where a runtime can reach for them: packs on this disk, the store beneath.

A tenant is taken onto the shelf once for each digest: fetched where this disk lacks a file of its pack,
proved whole, and its plans outlined. A plan is read, proved again and decoded when it is needed. A
file that was damaged since is fetched again. What any release in use still needs stays on this disk.
"""

from __future__ import annotations

import dataclasses
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from handbill.plan.model import Digest, Plan, Table, Tenant
from handbill.plan.outline import PlanOutline
from handbill.store.bundle import FEWEST, open_bundle, read_catalog, worthwhile
from handbill.store.errors import NotInStore, PackDamaged, StoreError
from handbill.store.outlines import Outliner, PackOutlines, decoded_as, read_outlines
from handbill.store.pack_index import PackIndex, index_pack, read_objects
from handbill.store.paths import bundle_path, part_path
from handbill.store.store import Reader
from handbill.store.trust import Trust
from handbill_runtime.errors import PlanFault
from handbill_runtime.follow.kept_files import FetchingReader, KeptFiles
from handbill_runtime.follow.outline_file import TenantOutlines
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant, compile_plan
from handbill_runtime.stages.decoded import DecodedPlans, LazyPlans
from handbill_runtime.stages.outline import refuse_foreign_format

TOGETHER = 8
"""So many packs are read at once: fetching, hashing and decompressing do not wait for each other."""
PROVERS = 2
"""Likewise while messages are sent meanwhile."""
SPARE_TRIED = 1000
"""So many plans that are no longer in use are remembered as tried before they are forgotten."""
CHUNK = 32
"""So many plans are decoded at a time for a single look."""

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class ShelvedTenant:
    """A proved tenant, and where its plans are. `tried`: a canary rendered all of them."""

    shelf: Shelf
    tenant: Tenant
    index: PackIndex
    outlines: Mapping[str, PlanOutline]
    tried: bool

    def compiled(self) -> CompiledTenant:
        tables = LazyTables(self, frozenset(_tables_of(self.tenant)))
        return CompiledTenant(self.tenant, LazyPlans(self.outlines, self), tables)

    def plan(self, outline: PlanOutline) -> CompiledPlan:
        return self.shelf.plan(self, outline)

    def plans(self, outlines: Sequence[PlanOutline]) -> Sequence[CompiledPlan]:
        return tuple(self.shelf.look_at(self, outlines))


class LazyTables(Mapping[Digest, Table]):
    """A tenant's git tables, each read when it is asked for, and not kept."""

    def __init__(self, shelved: ShelvedTenant, digests: frozenset[Digest]) -> None:
        self._shelved, self._digests = shelved, digests

    def __getitem__(self, digest: Digest) -> Table:
        if digest not in self._digests:
            raise KeyError(digest)
        return self._shelved.shelf.table(self._shelved, digest)

    def __iter__(self) -> Iterator[Digest]:
        return iter(sorted(self._digests))

    def __len__(self) -> int:
        return len(self._digests)


class Shelf:
    """`kept` is this disk's half; without one everything is read from `store` again and again."""

    def __init__(
        self, store: Reader, kept: KeptFiles | None = None, decoded: DecodedPlans | None = None
    ) -> None:
        self.store = store
        self.kept = kept
        self.decoded = DecodedPlans() if decoded is None else decoded
        self._tried: set[Digest] = set()
        self._bound: dict[Digest, PackOutlines] = {}
        """What was signed of packs that are about to be taken."""
        self._unproved: set[Digest] = set()
        """Packs of tenants that were taken unread."""
        self._live: weakref.WeakValueDictionary[Digest, ShelvedTenant] = (
            weakref.WeakValueDictionary()
        )
        self._lock = threading.Lock()

    # ── taking ───────────────────────────────────────────────────────────────────────────────────

    def tenants(
        self, digests: Sequence[Digest]
    ) -> Iterator[ShelvedTenant | StoreError | PlanFault]:
        """Each in this order, or why it cannot be had, here or in the store, or not be run."""
        if len(digests) <= 1:
            yield from map(self._tenant_or_fault, digests)
            return
        with ThreadPoolExecutor(TOGETHER, thread_name_prefix="shelve") as workers:
            yield from workers.map(self._tenant_or_fault, digests)

    def _tenant_or_fault(self, digest: Digest) -> ShelvedTenant | StoreError | PlanFault:
        try:
            return self.tenant(digest)
        except (StoreError, PlanFault) as fault:
            return fault.with_traceback(None)

    def tenant(self, digest: Digest) -> ShelvedTenant:
        with self._lock:
            taken = self._live.get(digest)
        if taken is not None:
            return taken
        shelved = self._as_known(digest) or self._proved(digest)
        for outline in shelved.outlines.values():
            refuse_foreign_format(outline)
        with self._lock:
            self._live[digest] = shelved
        return shelved

    def _as_known(self, digest: Digest) -> ShelvedTenant | None:
        """Without reading the pack: by what this runtime or its publishers found in it."""
        known = self.kept.outlines(digest) if self.kept is not None else None
        if known is not None:
            return self._remembered(known)
        bound = self._bound.pop(digest, None)
        return None if bound is None else self._outlined(bound)

    def fetch_outlines(
        self, environment: str, trust: Trust, digests: Sequence[Digest], most_plans: int
    ) -> None:
        """Brings in what the publishers signed of the packs, where there are more than `most_plans`
        plans that this disk does not know: their tenants are taken by it, unread."""
        self._bound = {}
        unknown = [each for each in digests if self.kept and not self.kept.knows(each)]
        if len(unknown) < FEWEST:
            return
        try:
            bound = read_outlines(self.store, environment, trust, frozenset(unknown))
        except StoreError:
            return
        if sum(len(each.outlines) for each in bound.values()) > most_plans:
            self._bound = dict(bound)

    def fetch_bundles(
        self, environment: str, digests: Sequence[Digest], stop: Callable[[], bool] = lambda: False
    ) -> None:
        """Brings in what bundles hold where many packs are missing: no proof, only few requests."""
        if self.kept is None or len(digests) < FEWEST:
            return
        missing = {
            digest for digest in digests if digest not in self._bound and not self.kept.has(digest)
        }
        catalog = read_catalog(self.store, environment) if len(missing) >= FEWEST else None
        wanted = [bundle.digest for bundle in worthwhile(catalog, missing)]
        for digest, stored in zip(
            wanted, self.store.read_many([bundle_path(each) for each in wanted]), strict=True
        ):
            if stop():
                return
            if stored is not None:
                self.kept.put_parts(open_bundle(digest, stored.data))

    def whole(self, read: Callable[[Reader], T]) -> T:
        """What `read` makes of a store: of the files here, and of the store's where one is missing here
        or damaged. What was fetched is kept once `read` has found it sound."""
        if self.kept is None:
            return read(self.store)
        for believe_disk in (True, False):
            fetching = FetchingReader(self.kept.store, self.store, believe_disk)
            try:
                found = read(fetching)
            except (NotInStore, PackDamaged):
                if not believe_disk or not fetching.found_here:
                    raise
                continue
            self.kept.put(fetching.fetched)
            return found
        raise AssertionError

    def _remembered(self, known: TenantOutlines) -> ShelvedTenant:
        tenant = decoded_as(Tenant, known.root_bytes, known.root)
        index = PackIndex(known.root, b"", tuple(name for name, _ in known.parts), known.begins)
        return self._shelved(tenant, index, known.outlines, known.tried)

    def _proved(self, digest: Digest) -> ShelvedTenant:
        look = Outliner(digest)
        index = self._prove(digest, look)
        bare = dataclasses.replace(index, root_bytes=b"")
        return self._shelved(look.tenant, bare, look.outlines, tried=False)

    def _prove(self, digest: Digest, look: Outliner) -> PackIndex:
        """Reads the whole pack; what it holds is remembered beside it."""
        index = self.whole(lambda store: index_pack(store, digest, look))
        if self.kept is not None:
            self.kept.note(index, tuple(look.outlines))
        with self._lock:
            self._unproved.discard(digest)
        return index

    def _outlined(self, known: PackOutlines) -> ShelvedTenant:
        """By what its publishers signed; the pack is read later."""
        tenant = decoded_as(Tenant, known.root_bytes, known.root)
        index = PackIndex(known.root, b"", known.parts, known.begins)
        shelved = self._shelved(tenant, index, known.outlines, tried=False)
        with self._lock:
            self._unproved.add(known.root)
        return shelved

    def _shelved(
        self, tenant: Tenant, index: PackIndex, outlines: Sequence[PlanOutline], tried: bool
    ) -> ShelvedTenant:
        by_digest = {outline.digest: outline for outline in outlines}
        try:
            named = {name: by_digest[digest] for name, digest in tenant.plans.items()}
        except KeyError as error:
            raise PackDamaged(f"the pack {index.root} lacks the plan {error}") from error
        odd = [
            name for name, one in named.items() if (one.tenant, one.campaign) != (tenant.name, name)
        ]
        if odd:
            raise PackDamaged(
                f"`{tenant.name}` has the plan of another campaign as `{odd[0]}`", "publish again"
            )
        shared = self.decoded.shared
        for name, digest in tenant.plans.items():  # many outlines: each string once
            shared.adopt(named[name], digest=digest, tenant=tenant.name, campaign=name)
        return ShelvedTenant(self, shared.share(tenant), index, named, tried)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────

    def plan(self, shelved: ShelvedTenant, outline: PlanOutline) -> CompiledPlan:
        """Decoded, and kept so while there is room. Nobody uses a plan that was never tried.

        Raises PlanFault, also where the plan's bytes can be had nowhere.
        """
        known = self.decoded.get(outline.digest)
        if known is not None:
            return known
        ((compiled, size),) = self._compiled(shelved, (outline,))
        if not shelved.tried:
            self.try_plan(compiled)
        return self.decoded.add(compiled, size)

    def look_at(
        self, shelved: ShelvedTenant, outlines: Sequence[PlanOutline]
    ) -> Iterator[CompiledPlan]:
        """Each in this order; those that were not decoded before are not kept."""
        for at in range(0, len(outlines), CHUNK):
            chunk = outlines[at : at + CHUNK]
            known = {one.digest: self.decoded.get(one.digest) for one in chunk}
            missing = [one for one in chunk if known[one.digest] is None]
            for compiled, _ in self._compiled(shelved, missing):
                known[compiled.digest] = compiled
            yield from (plan for one in chunk if (plan := known[one.digest]) is not None)

    def try_plan(self, compiled: CompiledPlan) -> None:
        """Raises PlanFault HB931 where the canary does not render; once tried is enough."""
        if compiled.digest not in self._tried:
            compiled.canary()
            self._tried.add(compiled.digest)

    def table(self, shelved: ShelvedTenant, digest: Digest) -> Table:
        (data,) = self._objects(shelved.index, (digest,))
        return decoded_as(Table, data, digest)

    def _compiled(
        self, shelved: ShelvedTenant, outlines: Sequence[PlanOutline]
    ) -> Iterator[tuple[CompiledPlan, int]]:
        """With the length of its bytes."""
        try:
            objects = self._objects(shelved.index, [one.digest for one in outlines])
            for outline, data in zip(outlines, objects, strict=True):
                compiled = compile_plan(
                    self.decoded.shared.share(decoded_as(Plan, data, outline.digest)),
                    outline.digest,
                )
                if compiled.outline != outline:
                    raise PackDamaged(f"the outline of the plan {outline.digest} is not its own")
                yield compiled, len(data)
        except StoreError as error:
            raise PlanFault(error.code, error.message, error.hint or "") from error

    def _objects(self, index: PackIndex, digests: Sequence[Digest]) -> Sequence[bytes]:
        if not digests:
            return ()
        return self.whole(lambda store: read_objects(store, index, digests))

    # ── packs that were not read yet ─────────────────────────────────────────────────────────────

    def unproved(self) -> frozenset[Digest]:
        """The packs of tenants in use that are not known to be whole on this disk."""
        with self._lock:
            return frozenset(self._unproved.intersection(self._live.keys()))

    def prove_rest(self, environment: str, stop: Callable[[], bool]) -> Mapping[Digest, StoreError]:
        """Fetches and proves them, until `stop`. What cannot be had stays unproved; those of which
        something else was signed than they hold are returned. Raises a StoreError."""
        rest = sorted(self.unproved())
        self.fetch_bundles(environment, rest, stop)
        with ThreadPoolExecutor(PROVERS, thread_name_prefix="prove") as workers:
            judged = workers.map(lambda digest: None if stop() else self._judged(digest), rest)
            return {each: fault for each, fault in zip(rest, judged, strict=True) if fault}

    def _judged(self, digest: Digest) -> StoreError | None:
        """Raises a StoreError where the pack cannot be had."""
        with self._lock:
            shelved = self._live.get(digest)
        look = Outliner(digest)
        index = self._prove(digest, look)
        if shelved is None:
            return None
        own = (index.parts, index.begins, {one.digest: one for one in look.outlines})
        said = shelved.index, {one.digest: one for one in shelved.outlines.values()}
        if own == (said[0].parts, said[0].begins, said[1]):
            return None
        return PackDamaged(
            f"what was signed of the pack {digest} is not what it holds", "publish again"
        )

    # ── keeping ──────────────────────────────────────────────────────────────────────────────────

    def needed(self) -> set[str]:
        """The names of the files of every tenant that some release in use still has."""
        with self._lock:
            live = list(self._live.values())
        self._forget_tried(live)
        return {part_path(part) for shelved in live for part in shelved.index.parts}

    def _forget_tried(self, live: Sequence[ShelvedTenant]) -> None:
        """Plans of releases that are gone: else a year of changes would be held on to."""
        if len(self._tried) > 2 * sum(len(shelved.outlines) for shelved in live) + SPARE_TRIED:
            self._tried &= {one.digest for each in live for one in each.outlines.values()}

    def is_all_tried(self, root: Digest) -> bool:
        """Whether a canary rendered every plan of a tenant that is in use."""
        with self._lock:
            shelved = self._live.get(root)
        return shelved is not None and not self.untried(shelved)

    def untried(self, shelved: ShelvedTenant) -> Sequence[PlanOutline]:
        """The plans that no canary rendered yet, as far as is known."""
        if shelved.tried:
            return ()
        return [one for one in shelved.outlines.values() if one.digest not in self._tried]


def _tables_of(tenant: Tenant) -> Iterator[Digest]:
    return (one.table for one in tenant.datasets.values() if one.table is not None)
