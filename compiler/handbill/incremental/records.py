"""What is remembered of a campaign and of a tenant: its findings and its plans' digests, as plain data.

The bytes of the plans lie beside them under their own digests. Whatever does not come back from its
encoding as it went in is not remembered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.incremental.cache import Cache
from handbill.plan.canonical import digest_of
from handbill.plan.model import Digest
from handbill.resolve.model import OwnLimits
from handbill.resolve.resolve import Identity

STOPPED = ("HB510", "HB518")
"""Of a unit that a supervisor has stopped: true of that process only."""


class CampaignRecord(msgspec.Struct, frozen=True, kw_only=True):
    """`identity` is None where it could not be resolved; `plan` where it has errors."""

    in_file: tuple[Diagnostic, ...]
    in_layers: tuple[Diagnostic, ...]
    in_plan: tuple[Diagnostic, ...]
    unreadable: Mapping[str, Diagnostic]
    identity: Identity | None
    plan: Digest | None
    draft: bool
    assets: Mapping[str, str]
    own_limits: OwnLimits | None = None
    """Those of other layers than the platform; None where they cannot be told apart."""


class TenantRecord(msgspec.Struct, frozen=True, kw_only=True):
    """`digest` is None where the tenant is not in the release; `failed` where it should be.

    `files`: campaign → its file, the tenant's own before its group's.
    """

    in_files: tuple[Diagnostic, ...]
    in_layers: tuple[Diagnostic, ...]
    in_plans: tuple[Diagnostic, ...]
    digest: Digest | None
    failed: bool
    objects: tuple[Digest, ...] = ()
    drafts: Mapping[str, Digest] = {}
    assets: Mapping[str, str] = {}
    files: Mapping[str, str] = {}
    group: str = ""


Record = TypeVar("Record", CampaignRecord, TenantRecord)
_encoder = msgspec.msgpack.Encoder()


def keep(cache: Cache, record: CampaignRecord | TenantRecord, *key: str) -> None:
    """Puts the record under the key, where it is fit to be remembered."""
    if any(each.code in STOPPED for each in _findings(record)):
        return
    data = _encoder.encode(record)
    if msgspec.msgpack.decode(data, type=type(record)) == record:
        cache.put(data, *key)


def recall(cache: Cache, kind: type[Record], *key: str) -> Record | None:
    data = cache.get(*key)
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except msgspec.DecodeError:
        return None


def keep_object(cache: Cache, digest: Digest, data: bytes) -> None:
    cache.put(data, "object", digest)


def recall_object(cache: Cache, digest: Digest) -> bytes | None:
    """Proved to be the object of that digest."""
    data = cache.get("object", digest)
    return data if data is not None and digest_of(data) == digest else None


def _findings(record: CampaignRecord | TenantRecord) -> tuple[Diagnostic, ...]:
    match record:
        case CampaignRecord():
            return (*record.in_file, *record.in_layers, *record.in_plan)
        case TenantRecord():
            return (*record.in_files, *record.in_layers, *record.in_plans)
