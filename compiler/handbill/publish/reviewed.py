"""Whether what is published is what a review showed, plan by plan.

Each review leaves a small record: the release that it showed, and the digest of every plan that changed.
A digest is over all that a plan does, so a merge that changed nothing more has the same digests, in
whatever order things were merged. Records come from CI, which runs what anybody proposed: nothing is
decided by them, they are bounded and read strictly, and a record can only be told apart, not trusted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

import msgspec

from handbill.plan.model import Digest, Release
from handbill.plan.pointer import Reviewed
from handbill.store.pack import read_pack
from handbill.store.paths import is_digest
from handbill.store.store import Store

RECORD_VERSION = 1
MAX_RECORD = 16 * 1024 * 1024
MAX_RECORDS = 2_000
"""The newest of a folder; older ones are not looked at."""
MAX_NAMED = 50
_SUFFIX = ".json"

Plans: TypeAlias = Mapping[str, Mapping[str, Digest]]
"""Tenant → campaign → the digest of its plan."""


class ReviewedPlans(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one review showed. `plans` is tenant → campaign → the digest after the change, None where
    the change removes the campaign; campaigns that do not change are not named."""

    version: int = RECORD_VERSION
    release: Digest
    base: str
    head: str
    plans: dict[str, dict[str, Digest | None]]


class _Planned(msgspec.Struct):
    """The little of a tenant that matters here."""

    plans: dict[str, Digest]


_tenant_decoder = msgspec.json.Decoder(_Planned)


class Reviews(Protocol):
    def shown(self, release: Digest) -> bool:
        """Whether a review showed exactly this release."""
        ...

    def records(self) -> Iterable[ReviewedPlans]:
        """Those that may have to do with what is published now, the newest first."""
        ...


@dataclass
class ReviewFolder:
    """Records in files of a folder, of any names that end in `.json`; each is read once. A folder that
    is not there (yet) has none."""

    folder: Path
    _read: dict[str, tuple[tuple[int, int, int], ReviewedPlans | None]] = field(
        default_factory=dict, init=False
    )

    def shown(self, release: Digest) -> bool:
        return any(each.release == release for each in self.records())

    def records(self) -> tuple[ReviewedPlans, ...]:
        newest = sorted(self._files(), key=lambda each: each[1], reverse=True)[:MAX_RECORDS]
        known, self._read = self._read, {}
        for name, version in newest:
            before = known.get(name)
            same = before is not None and before[0] == version
            record = before[1] if same and before else read_record(self.folder / name)
            self._read[name] = version, record
        return tuple(record for _, record in self._read.values() if record is not None)

    def _files(self) -> Iterator[tuple[str, tuple[int, int, int]]]:
        try:
            entries = list(os.scandir(self.folder))
        except OSError:
            return
        for entry in entries:
            if entry.name.endswith(_SUFFIX) and entry.is_file(follow_symlinks=False):
                about = entry.stat(follow_symlinks=False)
                yield entry.name, (about.st_mtime_ns, about.st_ino, about.st_size)


def read_record(path: Path) -> ReviewedPlans | None:
    """None for what is no record: too large, damaged, of another version."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            data = file.read(MAX_RECORD + 1)
    except OSError:
        return None
    return decode_record(data) if len(data) <= MAX_RECORD else None


def decode_record(data: bytes) -> ReviewedPlans | None:
    """Strictly: nothing more and nothing else than a record has."""
    try:
        record = msgspec.json.decode(data, type=ReviewedPlans)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return record if record.version == RECORD_VERSION and is_digest(record.release) else None


def compare(
    reviews: Reviews,
    digests: tuple[Digest, ...],
    changed: Callable[[], tuple[Plans, Plans]],
) -> Reviewed:
    """What to say of a release. `digests`: of what the commit compiles to, and of what is published,
    which differ where tenants are held. `changed` gives the plans before and after of the tenants that
    change; it is called only where no review showed the whole release.

    same: a review showed this release, or each plan that changes as it becomes. unknown: no review
    showed any of the campaigns that change.
    """
    for digest in digests:
        if reviews.shown(digest):
            return Reviewed(state="same", release=digest)
    changes = dict(_changes(*changed()))
    shown = [each for each in reviews.records() if _touches(each, changes)]
    if not shown:
        return Reviewed(state="unknown")
    foreign = [
        f"{tenant}/{campaign}"
        for (tenant, campaign), becomes in sorted(changes.items(), key=lambda each: each[0])
        if not any(_showed(each, tenant, campaign, becomes) for each in shown)
    ]
    newest = shown[0].release
    if foreign:
        return Reviewed(state="differs", release=newest, campaigns=tuple(foreign[:MAX_NAMED]))
    return Reviewed(state="same", release=newest)


def plans_of_changed(
    store: Store,
    packs: Mapping[Digest, Mapping[Digest, bytes]],
    before: Release | None,
    after: Release,
) -> tuple[Plans, Plans]:
    """The plans of every tenant that changes, from `packs` or else the store. Raises a StoreError."""
    old = before.tenants if before else {}
    names = [name for name in {*old, *after.tenants} if old.get(name) != after.tenants.get(name)]

    def plans(tenants: Mapping[str, Digest]) -> dict[str, Mapping[str, Digest]]:
        here = [name for name in names if name in tenants]
        return {name: _plans_of(store, packs, tenants[name]) for name in here}

    return plans(old), plans(after.tenants)


def _plans_of(
    store: Store, packs: Mapping[Digest, Mapping[Digest, bytes]], tenant: Digest
) -> Mapping[str, Digest]:
    objects = packs[tenant] if tenant in packs else read_pack(store, tenant)
    return _tenant_decoder.decode(objects[tenant]).plans


def _changes(before: Plans, after: Plans) -> Iterator[tuple[tuple[str, str], Digest | None]]:
    for tenant in {*before, *after}:
        old, new = before.get(tenant, {}), after.get(tenant, {})
        for campaign in {*old, *new}:
            if old.get(campaign) != new.get(campaign):
                yield (tenant, campaign), new.get(campaign)


def _touches(record: ReviewedPlans, changes: Mapping[tuple[str, str], Digest | None]) -> bool:
    return any(
        (tenant, campaign) in changes
        for tenant, campaigns in record.plans.items()
        for campaign in campaigns
    )


def _showed(record: ReviewedPlans, tenant: str, campaign: str, becomes: Digest | None) -> bool:
    campaigns = record.plans.get(tenant, {})
    return campaign in campaigns and campaigns[campaign] == becomes
