"""A commit or a folder compiled at the cost of what changed since anybody last compiled anything of it.

The release and the findings are those of `compile_tree`, digest for digest; what is not made are the
claims about customers, tests' documents and resolved tenants, which a look at one tenant needs and a
release does not. Where the shared files are broken, or names so odd that tenants cannot be told
apart, everything is compiled as if nothing were remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diagnostics.merge import merge_tenants
from handbill.incremental.cache import Cache
from handbill.incremental.platform_defaults import PlatformDefaults, platform_defaults
from handbill.incremental.records import TenantRecord, keep, recall
from handbill.incremental.sources import Commit, Folder, Source, has_tenants
from handbill.incremental.tenants import by_owner, compile_tenants, objects_of, owner_of
from handbill.lower.assets import AssetFiles
from handbill.lower.release import CompiledRelease
from handbill.pipeline import Compiled, compile_tree
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Digest
from handbill.source.git import Repository, open_kept
from handbill.source.layout import PLATFORM_FILE, tenant_of
from handbill.source.memory import Memory, keys_of
from handbill.source.tree import SourceTree

BASES = 4
"""Configurations' shared parts that are held at once: both sides of a diff, and what follows."""
CHUNK = 8
"""Tenants that are compiled together: their documents are in memory at once."""


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds with one cache; several builds share what they have in common.

    `workers` does jobs at once in at most `at_once` processes, which find what they are to do in this
    one's memory and leave what they made in the cache.
    """

    cache: Cache
    memory: Memory = field(default_factory=Memory)
    workers: Callable[[Sequence[Callable[[], None]]], None] | None = None
    at_once: int = 1
    last: dict[tuple[str, str, str], TenantRecord] = field(default_factory=dict, repr=False)
    """Of the last build, by what the tenants were made from."""
    _bases: dict[str, _Base] = field(default_factory=dict, repr=False)
    _repositories: dict[Path, Repository] = field(default_factory=dict, repr=False)

    def revision(self, repository: Path, revision: str, subfolder: str = "") -> Compiled:
        """What git holds at `revision`. The next revision of a repository costs what differs."""
        kept = self._repositories.get(repository) or open_kept(repository)
        if isinstance(kept, Diagnostic):
            return Compiled(None, None, None, {}, (kept,))
        self._repositories[repository] = kept
        opened = kept.folder(revision, subfolder)
        if isinstance(opened, Diagnostic):
            return Compiled(None, None, None, {}, (opened,))
        return self.build(Commit(opened))

    def folder(self, root: Path) -> Compiled:
        """A configuration as it stands in a folder."""
        return self.build(Folder(root))

    def build(self, source: Source) -> Compiled:
        base = self._base(source) if source.ids is not None else None
        if source.ids is None or base is None:
            return self._whole(source)
        return _Build(self, source, source.ids, base).compiled()

    def _base(self, source: Source) -> _Base | None:
        """What is shared, compiled; None where it is broken or tenants cannot be told apart."""
        shared_id = source.shared_id
        if shared_id is not None and shared_id in self._bases:
            return self._bases[shared_id]
        tree, found = source.open(())
        if tree is None or has_tenants(tree):
            return None
        compiled = compile_tree(tree, found, self.memory)
        platform = compiled.repository.platform if compiled.repository else None
        if compiled.release is None or platform is None:
            return None
        documents = compiled.documents.documents if compiled.documents else {}
        defaults = platform_defaults(documents[PLATFORM_FILE])
        base = _Base(tree, compiled, compiled.release, keys_of(tree).shared, defaults)
        if shared_id is not None:
            while len(self._bases) >= BASES:
                del self._bases[next(iter(self._bases))]
            self._bases[shared_id] = base
        return base

    def _whole(self, source: Source) -> Compiled:
        tree, found = source.open(None)
        if tree is None:
            return Compiled(None, None, None, {}, found)
        return compile_tree(tree, found, self.memory)


@dataclass(frozen=True, slots=True)
class _Base:
    """What the shared files compile to without any tenant; `shared` is the digest of them all."""

    tree: SourceTree
    compiled: Compiled
    release: CompiledRelease
    shared: str
    defaults: PlatformDefaults | None


@dataclass(frozen=True, slots=True)
class _Build:
    """One commit or folder. Its base may be of another with the same shared files."""

    builder: Builder
    source: Source
    ids: Mapping[str, str]
    base: _Base

    @property
    def cache(self) -> Cache:
        return self.builder.cache

    def compiled(self) -> Compiled:
        records = self._records()
        base = self.base.compiled
        shared = [each for each in base.diagnostics if owner_of(each) is None]
        everything = (
            *shared,
            *(each for record in records.values() for each in record.in_files),
            *merge_tenants(each for record in records.values() for each in record.in_layers),
            *merge_tenants(each for record in records.values() for each in record.in_plans),
        )
        self.cache.flush()
        return replace(
            base,
            tree=self._tree(),
            release=self._released(records),
            diagnostics=everything,
            files={name: record.files for name, record in records.items()},
            groups={name: record.group for name, record in records.items() if record.group},
        )

    def _records(self) -> dict[str, TenantRecord]:
        shared = self.base.shared
        last = {
            name: record
            for name, each in self.ids.items()
            if (record := self.builder.last.get((shared, name, each))) is not None
        }
        known = last | self._known(self.ids.keys() - last.keys(), shared, self.cache)
        missing = sorted(self.ids.keys() - known.keys())
        if self.builder.workers and len(missing) > CHUNK and self.cache.is_shared:
            self.builder.workers(self._jobs(missing, shared))
            known |= self._known(missing, shared, self.cache)
            missing = sorted(self.ids.keys() - known.keys())
        known |= self._made(missing, shared, self.cache)
        self.builder.last.clear()
        self.builder.last.update(
            {(shared, name, self.ids[name]): each for name, each in known.items()}
        )
        return dict(sorted(known.items()))

    def _known(self, names: Iterable[str], shared: str, cache: Cache) -> dict[str, TenantRecord]:
        found = {
            name: recall(cache, TenantRecord, "tenant", shared, name, self.ids[name])
            for name in names
        }
        return {name: record for name, record in found.items() if record is not None}

    def _made(self, names: Sequence[str], shared: str, cache: Cache) -> dict[str, TenantRecord]:
        made: dict[str, TenantRecord] = {}
        for start in range(0, len(names), CHUNK):
            for name, record in self.compile(names[start : start + CHUNK], cache).items():
                keep(cache, record, "tenant", shared, name, self.ids[name])
                made[name] = record
            cache.flush()
        return made

    def _jobs(self, names: Sequence[str], shared: str) -> list[Callable[[], None]]:
        """Each does its part of what is still missing, so that it may be begun again."""

        def job(part: Sequence[str]) -> None:
            left = sorted(set(part) - self._known(part, shared, self.cache).keys())
            self._made(left, shared, self.cache)

        count = min(self.builder.at_once, -(-len(names) // CHUNK))
        return [partial(job, names[start::count]) for start in range(count)]

    def compile(
        self, names: Sequence[str], cache: Cache, *, with_plans: bool = False
    ) -> dict[str, TenantRecord]:
        """The records of these tenants, compiled now but for campaigns that are remembered."""
        tree, found = self.source.open(names)
        assert tree is not None, "it was opened before"
        opened = by_owner(found)
        made = compile_tenants(
            names, tree, self.builder.memory, cache, self.base.defaults, with_plans=with_plans
        )
        return {name: _with_found(each, opened.get(name, ())) for name, each in made.items()}

    def _released(self, records: Mapping[str, TenantRecord]) -> CompiledRelease:
        tenants = {name: each.digest for name, each in records.items() if each.digest is not None}
        shared = self.base.release
        release = msgspec.structs.replace(shared.release, tenants=tenants)
        data = canonical_bytes(release)
        digest = digest_of(data)
        own = dict(shared.packs[shared.digest])
        del own[shared.digest]
        stored = _Stored({name: records[name] for name in tenants}, self._objects)
        paths = {
            name: path for each in stored.records.values() for name, path in each.assets.items()
        }
        return CompiledRelease(
            release=release,
            digest=digest,
            packs=_Packs({digest: {digest: data, **own}}, tenants, stored),
            failed=tuple(sorted(name for name, each in records.items() if each.failed)),
            commit=self.source.revision,
            drafts=_Drafts(stored),
            assets=AssetFiles(self._tree(), paths),
        )

    def _tree(self) -> SourceTree:
        return _WholeTree(self.base.tree, self.source)

    def _objects(self, name: str, wanted: Sequence[Digest]) -> dict[Digest, bytes]:
        """A tenant's objects; made again where the cache has lost one meanwhile."""
        found = objects_of(self.cache, wanted)
        if found is None:
            self.compile([name], self.cache, with_plans=True)
            found = objects_of(self.cache, wanted)
        assert found is not None, "what was just made is remembered"
        return found


def _with_found(record: TenantRecord, opened: tuple[Diagnostic, ...]) -> TenantRecord:
    if not opened:
        return record
    return msgspec.structs.replace(record, in_files=(*opened, *record.in_files))


@dataclass(frozen=True, slots=True)
class _Stored:
    """Bytes of the released tenants' objects, read when they are asked for."""

    records: Mapping[str, TenantRecord]
    objects: Callable[[str, Sequence[Digest]], dict[Digest, bytes]]


class _Packs(Mapping[Digest, Mapping[Digest, bytes]]):
    """Root digest → objects."""

    def __init__(
        self,
        own: Mapping[Digest, Mapping[Digest, bytes]],
        tenants: Mapping[str, Digest],
        stored: _Stored,
    ) -> None:
        self._own, self._stored = own, stored
        self._names = {digest: name for name, digest in tenants.items()}

    def __getitem__(self, root: Digest) -> Mapping[Digest, bytes]:
        if root in self._own:
            return self._own[root]
        return _Pack(self._names[root], self._stored)

    def __iter__(self) -> Iterator[Digest]:
        yield from self._names
        yield from self._own

    def __len__(self) -> int:
        return len(self._names) + len(self._own)


class _Pack(Mapping[Digest, bytes]):
    """One tenant's objects: to look at the tenant, none of its plans has to be read."""

    def __init__(self, name: str, stored: _Stored) -> None:
        self._name, self._stored = name, stored
        self._digests = stored.records[name].objects

    def __getitem__(self, digest: Digest) -> bytes:
        if digest not in self._digests:
            raise KeyError(digest)
        return self._stored.objects(self._name, (digest,))[digest]

    def __iter__(self) -> Iterator[Digest]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)


class _Drafts(Mapping[str, Mapping[str, bytes]]):
    """Tenant → campaign → plan."""

    def __init__(self, stored: _Stored) -> None:
        self._stored = stored

    def __getitem__(self, name: str) -> Mapping[str, bytes]:
        drafts = self._stored.records[name].drafts
        found = self._stored.objects(name, tuple(drafts.values())) if drafts else {}
        return {campaign: found[digest] for campaign, digest in drafts.items()}

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored.records)

    def __len__(self) -> int:
        return len(self._stored.records)


class _WholeTree:
    """All files; those of a tenant are opened when one of them is asked for."""

    def __init__(self, shared: SourceTree, source: Source) -> None:
        self._shared, self._source = shared, source
        self._opened: SourceTree | None = None
        self._tenants: dict[str, SourceTree] = {}

    @property
    def revision(self) -> str:
        return self._source.revision

    @property
    def paths(self) -> tuple[str, ...]:
        return self._whole.paths

    @property
    def refused(self) -> tuple[str, ...]:
        return self._whole.refused

    def read(self, path: str) -> bytes:
        return self._part(path).read(path)

    def blob_id(self, path: str) -> str:
        return self._part(path).blob_id(path)

    def _part(self, path: str) -> SourceTree:
        """Where the file is, if it is anywhere: one line of one file is not worth reading them all."""
        tenant = tenant_of(path)
        if tenant is None:
            return self._shared
        if tenant not in self._tenants:
            opened, _ = self._source.open((tenant,))
            self._tenants[tenant] = opened or self._shared
        return self._tenants[tenant]

    @property
    def _whole(self) -> SourceTree:
        if self._opened is None:
            self._opened, _ = self._source.open(None)
        return self._opened or self._shared
