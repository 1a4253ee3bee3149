"""Bugs in the verification of what is read, planted to see whether the trials notice them.

Each is a check that is still made and no longer decides anything.
"""

from __future__ import annotations

import hashlib
from types import SimpleNamespace

import pytest

from handbill.store import dsse, pack, part


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
    """Trusted keys did sign, as `pointer` shows, but what they signed is not what is read."""
    encoded, (_, signed) = dsse.pae, dsse.unverified(pointer)
    patch.setattr(dsse, "pae", lambda payload_type, payload: encoded(payload_type, signed))
