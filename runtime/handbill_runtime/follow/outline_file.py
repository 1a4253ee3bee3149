"""What is remembered of a tenant's pack, so that a start need not read it: one small file beside it.

It holds the tenant's own object (proved by its digest), in which files its plans lie, and their outlines.
Those were made from verified bytes by this runtime, and its seal over the file says so: a file that
another runtime wrote, or that changed by a single byte, is not believed, and made anew from the pack.
"""

from __future__ import annotations

import hashlib
import hmac

import msgspec

from handbill.plan.canonical import digest_of
from handbill.plan.ir import OPERATION_SET
from handbill.plan.model import PLAN_FORMAT, Digest
from handbill.plan.outline import PlanOutline

_MAGIC = b"handbill-outlines 1\n"
_SEAL_BYTES = 32


class TenantOutlines(msgspec.Struct, frozen=True, array_like=True):
    """`parts` are the pack's files, its root's first, with the length of each; `begins` as in
    `PackIndex`. `tried` says that a canary rendered every one of the plans."""

    root: Digest
    root_bytes: bytes
    parts: tuple[tuple[Digest, int], ...]
    begins: tuple[Digest, ...]
    outlines: tuple[PlanOutline, ...]
    tried: bool = False
    executes: tuple[int, int] = (PLAN_FORMAT, OPERATION_SET)
    """What the runtime that tried them executed."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(TenantOutlines)


def encode_outlines(outlines: TenantOutlines, seal: bytes) -> bytes:
    body = _encoder.encode(outlines)
    return _MAGIC + _sealed(body, seal) + body


def decode_outlines(data: bytes, root: Digest, seal: bytes) -> TenantOutlines | None:
    """None for anything but what this runtime, in this version, wrote for the pack of `root`."""
    start = len(_MAGIC) + _SEAL_BYTES
    body = data[start:]
    if not data.startswith(_MAGIC) or not hmac.compare_digest(
        data[len(_MAGIC) : start], _sealed(body, seal)
    ):
        return None
    try:
        found = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError):
        return None
    same = (found.root, digest_of(found.root_bytes), found.executes) == (
        root,
        root,
        (PLAN_FORMAT, OPERATION_SET),
    )
    return found if same else None


def _sealed(body: bytes, seal: bytes) -> bytes:
    return hmac.digest(seal or b"none", body, hashlib.sha256)
