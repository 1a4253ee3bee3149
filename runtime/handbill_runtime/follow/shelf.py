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

from handbill.plan.canonical import ObjectError, decode_object
from handbill.plan.model import Digest, Plan, Table, Tenant
from handbill.store.bundle import FEWEST, open_bundle, read_catalog, worthwhile
from handbill.store.errors import NotInStore, PackDamaged, StoreError
from handbill.store.pack_index import PackIndex, index_pack, read_objects
from handbill.store.part import OpenPart
from handbill.store.paths import bundle_path, part_path
from handbill.store.store import Reader
from handbill_runtime.errors import PlanFault
from handbill_runtime.follow.kept_files import FetchingReader, KeptFiles
from handbill_runtime.follow.outline_file import TenantOutlines
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant, compile_plan
from handbill_runtime.stages.decoded import DecodedPlans, LazyPlans
from handbill_runtime.stages.outline import PlanOutline, outline_of_bytes, refuse_foreign_format

TOGETHER = 8
"""So many packs are read at once: fetching, hashing and decompressing do not wait for each other."""
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
        known = self.kept.outlines(digest) if self.kept is not None else None
        shelved = self._remembered(known) if known is not None else self._proved(digest)
        for outline in shelved.outlines.values():
            refuse_foreign_format(outline)
        with self._lock:
            self._live[digest] = shelved
        return shelved

    def fetch_bundles(self, environment: str, digests: Sequence[Digest]) -> None:
        """Brings in what bundles hold where many packs are missing: no proof, only few requests."""
        if self.kept is None or len(digests) < FEWEST:
            return
        missing = {digest for digest in digests if not self.kept.has(digest)}
        catalog = read_catalog(self.store, environment) if len(missing) >= FEWEST else None
        wanted = [bundle.digest for bundle in worthwhile(catalog, missing)]
        for digest, stored in zip(
            wanted, self.store.read_many([bundle_path(each) for each in wanted]), strict=True
        ):
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
        tenant = _decoded(known.root_bytes, known.root, Tenant)
        index = PackIndex(known.root, b"", tuple(name for name, _ in known.parts), known.begins)
        return self._shelved(tenant, index, known.outlines, known.tried)

    def _proved(self, digest: Digest) -> ShelvedTenant:
        tenants: list[Tenant] = []
        outlines: list[PlanOutline] = []

        def look(part: OpenPart) -> None:
            if digest in part.places:
                tenants[:] = [_decoded(part.object(digest), digest, Tenant)]
                outlines.clear()
            plans = frozenset(tenants[0].plans.values())
            outlines.extend(_outlined(data, name) for name, data in part.objects() if name in plans)

        index = self.whole(lambda store: index_pack(store, digest, look))
        if self.kept is not None:
            self.kept.note(index, tuple(outlines))
        bare = dataclasses.replace(index, root_bytes=b"")
        return self._shelved(tenants[0], bare, outlines, tried=False)

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
        return _decoded(data, digest, Table)

    def _compiled(
        self, shelved: ShelvedTenant, outlines: Sequence[PlanOutline]
    ) -> Iterator[tuple[CompiledPlan, int]]:
        """With the length of its bytes."""
        try:
            objects = self._objects(shelved.index, [one.digest for one in outlines])
            for outline, data in zip(outlines, objects, strict=True):
                compiled = compile_plan(
                    self.decoded.shared.share(_decoded(data, outline.digest, Plan)), outline.digest
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


def _outlined(data: bytes, digest: Digest) -> PlanOutline:
    try:
        return outline_of_bytes(data, digest)
    except ObjectError as error:
        raise PackDamaged(f"the object {digest} cannot be read: {error}") from error


def _tables_of(tenant: Tenant) -> Iterator[Digest]:
    return (one.table for one in tenant.datasets.values() if one.table is not None)


Kind = TypeVar("Kind", Tenant, Plan, Table)


def _decoded(data: bytes, digest: Digest, kind: type[Kind]) -> Kind:
    try:
        decoded = decode_object(data)
    except ObjectError as error:
        raise PackDamaged(f"the object {digest} cannot be read: {error}") from error
    if not isinstance(decoded, kind):
        raise PackDamaged(
            f"the object {digest} is a {type(decoded).__name__.lower()} "
            f"where a {kind.__name__.lower()} belongs",
            "publish again",
        )
    return decoded
