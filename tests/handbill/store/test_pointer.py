"""A pointer is believed only as it was signed: every flipped byte and every cut is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sample_release import signing_key

from handbill.plan.canonical import canonical_bytes
from handbill.plan.pointer import Held, Pointer
from handbill.store import dsse
from handbill.store.errors import (
    PointerExpired,
    PointerForeign,
    PointerOlder,
    PointerUnreadable,
    PointerUntrusted,
    StoreError,
)
from handbill.store.folder import FolderStore
from handbill.store.pointer import (
    PAYLOAD_TYPE,
    read_pointer,
    refuse_expired,
    refuse_older,
    sign_pointer,
    verify_pointer,
)
from handbill.store.trust import flat_trust

KEY = signing_key()
POINTER = Pointer(
    environment="production",
    environment_digest="sha256:" + "e" * 64,
    sequence=7,
    release="sha256:" + "a" * 64,
    commit="c" * 40,
    compiler="0.1.0",
    issued="2026-12-05T10:00:00Z",
    expires="2027-01-04T10:00:00Z",
    previous="sha256:" + "b" * 64,
    held=(Held(tenant="fresh", since="d" * 40),),
    replaces=6,
)
ENVELOPE = sign_pointer(POINTER, KEY.private)


def test_a_pointer_reads_back() -> None:
    assert verify_pointer(ENVELOPE, "production", flat_trust(KEY.public)) == POINTER
    assert (
        verify_pointer(ENVELOPE, "production", flat_trust(signing_key(2).public, KEY.public))
        == POINTER
    )


def test_every_flipped_bit_is_refused() -> None:
    for at in range(len(ENVELOPE)):
        for bit in (0, at % 7 + 1):
            data = bytearray(ENVELOPE)
            data[at] ^= 1 << bit
            with pytest.raises((PointerUnreadable, PointerUntrusted)):
                verify_pointer(bytes(data), "production", flat_trust(KEY.public))


def test_every_cut_and_every_addition_is_refused() -> None:
    for length in range(len(ENVELOPE)):
        with pytest.raises(PointerUnreadable):
            verify_pointer(ENVELOPE[:length], "production", flat_trust(KEY.public))
    for more in (b" ", b"\n", b"{}", b"\0"):
        with pytest.raises(PointerUnreadable):
            verify_pointer(ENVELOPE + more, "production", flat_trust(KEY.public))


def test_another_key_is_foreign_and_no_key_trusts_nothing() -> None:
    for trusted in (flat_trust(signing_key(2).public), flat_trust()):
        with pytest.raises(PointerUntrusted, match="not signed by a trusted key") as refusal:
            verify_pointer(ENVELOPE, "production", trusted)
        assert "--trust" in (refusal.value.hint or "")


def test_a_missing_signature_is_refused() -> None:
    envelope = json.loads(ENVELOPE) | {"signatures": []}
    with pytest.raises(PointerUntrusted):
        verify_pointer(json.dumps(envelope).encode(), "production", flat_trust(KEY.public))


def test_a_borrowed_key_id_proves_nothing() -> None:
    """Another key's signature under the trusted key's id is damage, not trust."""
    forged = json.loads(sign_pointer(POINTER, signing_key(2).private))
    forged["signatures"][0]["keyid"] = KEY.public.key_id
    with pytest.raises(PointerUnreadable, match="changed after signing"):
        verify_pointer(
            json.dumps(forged, separators=(",", ":")).encode(), "production", flat_trust(KEY.public)
        )


def test_a_pointer_of_another_environment_is_foreign() -> None:
    with pytest.raises(PointerForeign, match="signed for `production`"):
        verify_pointer(ENVELOPE, "staging", flat_trust(KEY.public))


def test_a_signature_over_something_else_is_refused() -> None:
    signed = dsse.sign("application/vnd.in-toto+json", canonical_bytes(POINTER), [KEY.private])
    with pytest.raises(PointerUnreadable):
        verify_pointer(signed, "production", flat_trust(KEY.public))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"{}",
        canonical_bytes(POINTER) + b" ",
        canonical_bytes(POINTER).replace(b'"sequence":7', b'"sequence":7.0'),
        canonical_bytes(POINTER).replace(b'"sequence":7', b'"sequence":0'),
        canonical_bytes(POINTER).replace(b'"replaces":6', b'"replaces":7'),
        canonical_bytes(POINTER).replace(b"sha256:aa", b"sha256:AA"),
        canonical_bytes(POINTER).replace(b"sha256:bb", b"sha512:bb"),
        canonical_bytes(POINTER).replace(b"2027-01-04", b"2026-01-04"),
        canonical_bytes(POINTER).replace(b"2027-01-04", b"2027-02-30"),
        canonical_bytes(POINTER).replace(b'"commit"', b'"comm\\u0069t"'),
    ],
)
def test_even_a_signed_payload_must_be_a_pointer(payload: bytes) -> None:
    signed = dsse.sign(PAYLOAD_TYPE, payload, [KEY.private])
    with pytest.raises(PointerUnreadable):
        verify_pointer(signed, "production", flat_trust(KEY.public))


def test_nonsense_is_not_signed() -> None:
    with pytest.raises(ValueError, match="malformed"):
        sign_pointer(msgspec.structs.replace(POINTER, release="latest"), KEY.private)


def test_order_and_expiry() -> None:
    refuse_older(POINTER, 7)
    with pytest.raises(PointerOlder, match="number 7, older than number 8"):
        refuse_older(POINTER, 8)
    expiry = datetime(2027, 1, 4, 10, tzinfo=UTC)
    refuse_expired(POINTER, expiry - timedelta(seconds=1))
    with pytest.raises(PointerExpired, match="2027-01-04"):
        refuse_expired(POINTER, expiry)


def test_two_sequences_never_have_the_same_bytes() -> None:
    """Otherwise a swap could mistake an old pointer for the one it saw."""
    again = sign_pointer(msgspec.structs.replace(POINTER, sequence=8), KEY.private)
    assert again != ENVELOPE and sign_pointer(POINTER, KEY.private) == ENVELOPE


def test_a_stored_pointer_comes_with_its_version(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert read_pointer(store, "production", flat_trust(KEY.public)) is None
    store.put({"environments/production/pointer": ENVELOPE})
    stored = read_pointer(store, "production", flat_trust(KEY.public))
    assert stored is not None and stored.pointer == POINTER and stored.envelope == ENVELOPE
    assert store.swap("environments/production/pointer", stored.version, b"damaged")
    with pytest.raises(StoreError):
        read_pointer(store, "production", flat_trust(KEY.public))
