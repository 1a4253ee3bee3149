"""The pointer: one small signed file that says which release an environment runs.

A pointer is believed only if as many publishers as the environment asks for signed exactly these
bytes, for exactly this environment, and it is neither expired nor older than one already seen. The history keeps every pointer as it was
signed. Checking that the release behind it is whole is `pack.py`'s work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handbill.plan.canonical import canonical_bytes
from handbill.plan.pointer import Pointer
from handbill.store import dsse
from handbill.store.errors import (
    KeyRevoked,
    PointerExpired,
    PointerForeign,
    PointerOlder,
    PointerUnreadable,
    PointerUntrusted,
    SequenceJump,
)
from handbill.store.instant import parse_utc
from handbill.store.paths import MAX_SEQUENCE, is_digest, pointer_path
from handbill.store.store import Store
from handbill.store.trust import Quorum, Trust

PAYLOAD_TYPE = "application/vnd.handbill.pointer+json"

MAX_JUMP = 1_000_000
"""How many numbers a pointer may be ahead of the last one."""

_decoder = msgspec.json.Decoder(Pointer)


@dataclass(frozen=True, slots=True)
class StoredPointer:
    """A verified pointer, its bytes as stored, and the version that a swap compares."""

    pointer: Pointer
    envelope: bytes
    version: str


def sign_pointer(pointer: Pointer, *keys: Ed25519PrivateKey) -> bytes:
    """The bytes to store: a canonical envelope, different for every sequence."""
    _refuse_nonsense(pointer)
    return dsse.sign(PAYLOAD_TYPE, canonical_bytes(pointer), keys)


def verify_pointer(envelope: bytes, environment: str, trust: Trust) -> Pointer:
    """The pointer, if its publishers signed these very bytes for `environment`.

    Raises PointerUnreadable (damaged), PointerUntrusted (signed by nobody or by somebody else),
    KeyRevoked (by somebody who is no longer a publisher) or PointerForeign. Expiry and order are
    the reader's to ask for: `refuse_expired`, `refuse_older`.
    """
    quorum = trust.publishers(environment)
    try:
        payload = dsse.verify(envelope, PAYLOAD_TYPE, quorum.keys, quorum.threshold)
        if not dsse.is_canonical(envelope) or not _own_signatures(envelope, quorum):
            raise dsse.EnvelopeError("its bytes were changed after signing")
        pointer = _decoder.decode(payload)
        if canonical_bytes(pointer) != payload:
            raise dsse.EnvelopeError("its payload is not in canonical form")
        _refuse_nonsense(pointer)
    except dsse.SignatureError as error:
        raise _unsigned(envelope, environment, trust) from error
    except (ValueError, msgspec.DecodeError, UnicodeError) as error:
        raise PointerUnreadable(
            f"the pointer of `{environment}` cannot be read: {error}",
            "publish again: it is then written anew",
        ) from error
    if pointer.environment != environment:
        raise PointerForeign(
            f"the pointer of `{environment}` was signed for `{pointer.environment}`",
            "somebody moved it here: publish this environment again",
        )
    return pointer


def verify_former(envelope: bytes, environment: str, trust: Trust) -> Pointer:
    """The pointer, if its publishers by the newest or any earlier known root document signed it.

    For what was once active: nothing may be activated because of this.
    """
    try:
        return verify_pointer(envelope, environment, trust)
    except PointerUntrusted:
        for version in reversed(trust.chain[:-1]):
            try:
                return verify_pointer(envelope, environment, trust.as_of(version.root.version))
            except PointerUntrusted:
                continue
        raise


def read_pointer(store: Store, environment: str, trust: Trust) -> StoredPointer | None:
    """The verified pointer, or None where nothing was ever published."""
    stored = store.read(pointer_path(environment))
    if stored is None:
        return None
    pointer = verify_pointer(stored.data, environment, trust)
    return StoredPointer(pointer, stored.data, stored.version)


def refuse_expired(pointer: Pointer, now: datetime) -> None:
    """Raises PointerExpired once `now` has reached the pointer's expiry."""
    if now >= parse_utc(pointer.expires):
        raise PointerExpired(
            f"the pointer of `{pointer.environment}` expired at {pointer.expires}",
            "publish again: the publisher renews a pointer before it expires",
        )


def refuse_older(pointer: Pointer, seen: int) -> None:
    """Raises PointerOlder if a pointer of a higher sequence than this one was already seen."""
    if pointer.sequence < seen:
        raise PointerOlder(
            f"the pointer of `{pointer.environment}` is number {pointer.sequence}, "
            f"older than number {seen}",
            "an old pointer was put back: publish again, or use `handbill rollback`",
        )


def refuse_jump(pointer: Pointer, seen: int) -> None:
    """Raises SequenceJump where the number is further ahead of the last one than any publisher goes:
    whoever steals a key must not use up all numbers."""
    if seen and pointer.sequence > seen + MAX_JUMP:
        raise SequenceJump(
            f"the pointer of `{pointer.environment}` is number {pointer.sequence}, and number {seen} "
            "was the last one",
            "find out who signed it; publish again with a key that nobody else has",
        )


def _unsigned(
    envelope: bytes, environment: str, trust: Trust
) -> PointerUntrusted | PointerUnreadable:
    """Why too few publishers signed: damage, a revoked key, or somebody else's."""
    if _is_revoked(envelope, environment, trust):
        return KeyRevoked(
            f"the pointer of `{environment}` is signed by a key that version {trust.version} of the "
            "root document no longer lets publish",
            "publish again with a key that it names (--key)",
        )
    quorum = trust.publishers(environment)
    named = {signature.keyid for signature in dsse.decode_envelope(envelope).signatures}
    if any(key.key_id in named and not dsse.is_signed_by(envelope, key) for key in quorum.keys):
        return PointerUnreadable(
            f"the pointer of `{environment}` was changed after signing, or cut off",
            "publish again: it is then written anew",
        )
    if quorum.threshold > 1:
        return PointerUntrusted(
            f"the pointer of `{environment}` is not signed by {quorum.threshold} of its publishers",
            f"publish again with {quorum.threshold} keys (--key, once for each)",
        )
    return PointerUntrusted(
        f"the pointer of `{environment}` is not signed by a trusted key",
        "trust the key that signs it (--trust), or publish again with the right key (--key)",
    )


def _is_revoked(envelope: bytes, environment: str, trust: Trust) -> bool:
    for version in trust.chain[:-1]:
        quorum = trust.as_of(version.root.version).publishers(environment)
        try:
            dsse.verify(envelope, PAYLOAD_TYPE, quorum.keys, quorum.threshold)
        except ValueError:
            continue
        return True
    return False


def _own_signatures(envelope: bytes, quorum: Quorum) -> bool:
    """Whether as many publishers as needed signed under their own key's id: no further proof, but
    without it a key's hint or a signature was changed."""
    return sum(dsse.is_signed_by(envelope, key) for key in set(quorum.keys)) >= quorum.threshold


def _refuse_nonsense(pointer: Pointer) -> None:
    """Raises ValueError where a field has a value that no publisher writes."""
    digests = [pointer.environment_digest, pointer.release]
    if pointer.previous is not None:
        digests.append(pointer.previous)
    if pointer.statement is not None:
        digests.append(pointer.statement)
    if not all(is_digest(digest) for digest in digests):
        raise ValueError("a digest in it is malformed")
    if not 1 <= pointer.sequence <= MAX_SEQUENCE:
        raise ValueError(f"{pointer.sequence} is not a sequence")
    if not (0 <= pointer.replaces < pointer.sequence and 0 <= pointer.restores < pointer.sequence):
        raise ValueError("it points at a later pointer")
    if parse_utc(pointer.expires) <= parse_utc(pointer.issued):
        raise ValueError("it expires before it was issued")
