"""Bugs in the verification of what is read, planted to see whether the trials notice them.

Each is a check that is still made and no longer decides anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from types import SimpleNamespace

import pytest

from handbill.store import dsse, pack, part
from handbill.store.keys import PublicKey


class Whatever(str):
    """A digest that equals every other one."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__

    def encode(self, *_: str) -> Whatever:  # type: ignore[override]
        return self


def compare_no_digest(patch: pytest.MonkeyPatch) -> None:
    """Objects, parts and frames are digested, and what comes out is not compared."""
    for module in (pack, part):
        computed = module.digest_of
        patch.setattr(module, "digest_of", lambda data, computed=computed: Whatever(computed(data)))

    def sha256(data: bytes) -> SimpleNamespace:
        found = Whatever(hashlib.sha256(data).hexdigest())
        return SimpleNamespace(hexdigest=lambda: found)

    patch.setattr(part, "hashlib", SimpleNamespace(sha256=sha256))


def bind_no_signature(patch: pytest.MonkeyPatch, pointer: bytes) -> None:
    """A trusted key did sign, as `pointer` shows, but what it signed is not what is read."""
    signed, checked = dsse.decode_envelope(pointer), dsse.verify

    def unbound(
        envelope: bytes, payload_type: str, trusted: Collection[PublicKey], threshold: int = 1
    ) -> bytes:
        read = dsse.decode_envelope(envelope)
        together = dsse.Envelope(signed.payload, signed.payload_type, read.signatures)
        checked(dsse._encoder.encode(together), payload_type, trusted, threshold)
        return dsse._decoded(read.payload)

    patch.setattr(dsse, "verify", unbound)
