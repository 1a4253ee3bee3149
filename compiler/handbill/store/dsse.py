"""DSSE v1 envelopes (github.com/secure-systems-lab/dsse) signed with Ed25519.

The signature is over the pre-authentication encoding, so neither JSON nor base64 is ever parsed
differently by signer and verifier. A threshold counts distinct public keys, not key ids: one key
listed under two ids signs once.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handbill.store.keys import PublicKey, public_key_of

MAX_ENVELOPE_BYTES = 1024 * 1024
MAX_SIGNATURES = 16


class EnvelopeError(ValueError):
    """The bytes are not a DSSE envelope."""


class SignatureError(ValueError):
    """The envelope is well-formed, but too few trusted keys signed it."""


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sig: str
    keyid: str = ""


class Envelope(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"payload_type": "payloadType"}
):
    """`payload` and each `sig` are base64, standard or URL-safe."""

    payload: str
    payload_type: str
    signatures: tuple[Signature, ...]


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Envelope)


def pae(payload_type: str, payload: bytes) -> bytes:
    """PAE(UTF8(payload_type), payload): what is signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign(payload_type: str, payload: bytes, keys: Sequence[Ed25519PrivateKey]) -> bytes:
    """An envelope, as canonical JSON, with one signature by each key."""
    message = pae(payload_type, payload)
    signatures = tuple(
        Signature(sig=_encoded(key.sign(message)), keyid=public_key_of(key).key_id) for key in keys
    )
    return _encoder.encode(Envelope(_encoded(payload), payload_type, signatures))


def verify(
    envelope: bytes, payload_type: str, trusted: Iterable[PublicKey], threshold: int = 1
) -> bytes:
    """The payload, if at least `threshold` distinct trusted keys signed it as `payload_type`.

    Raises EnvelopeError or SignatureError.
    """
    decoded = decode_envelope(envelope)
    payload = _decoded(decoded.payload)
    message = pae(decoded.payload_type, payload)
    signatures = [_decoded(signature.sig) for signature in decoded.signatures]
    accepted = {
        key.raw
        for key in trusted
        if any(key.verifies(signature, message) for signature in signatures)
    }
    if len(accepted) < max(1, threshold):
        raise SignatureError(f"{len(accepted)} of {max(1, threshold)} trusted signatures")
    if decoded.payload_type != payload_type:
        raise EnvelopeError(f"it holds {decoded.payload_type!r}, not {payload_type!r}")
    return payload


def decode_envelope(data: bytes) -> Envelope:
    """The envelope, bounded in size and in signatures; raises EnvelopeError."""
    if len(data) > MAX_ENVELOPE_BYTES:
        raise EnvelopeError(f"larger than {MAX_ENVELOPE_BYTES} bytes")
    try:
        envelope = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise EnvelopeError(f"not a DSSE envelope: {error}") from error
    if len(envelope.signatures) > MAX_SIGNATURES:
        raise EnvelopeError(f"more than {MAX_SIGNATURES} signatures")
    return envelope


def unverified(envelope: bytes) -> tuple[str, bytes]:
    """What the envelope says it holds, and its payload: nobody is known to have signed it.

    To be shown or to be signed, never to be acted on. Raises EnvelopeError.
    """
    decoded = decode_envelope(envelope)
    return decoded.payload_type, _decoded(decoded.payload)


def signature_bytes(envelope: bytes) -> tuple[bytes, ...]:
    return tuple(_decoded(signature.sig) for signature in decode_envelope(envelope).signatures)


def is_signed_by(envelope: bytes, key: PublicKey) -> bool:
    """Whether a signature under this key's own id is really its own."""
    decoded = decode_envelope(envelope)
    message = pae(decoded.payload_type, _decoded(decoded.payload))
    return any(
        signature.keyid == key.key_id and key.verifies(_decoded(signature.sig), message)
        for signature in decoded.signatures
    )


def countersign(envelope: bytes, keys: Sequence[Ed25519PrivateKey]) -> bytes:
    """The envelope with these keys' signatures too; one that has signed already signs anew."""
    decoded = decode_envelope(envelope)
    added = decode_envelope(sign(decoded.payload_type, _decoded(decoded.payload), keys)).signatures
    new = {signature.keyid for signature in added}
    kept = tuple(each for each in decoded.signatures if each.keyid not in new)
    return _encoder.encode(Envelope(decoded.payload, decoded.payload_type, (*kept, *added)))


def is_canonical(data: bytes) -> bool:
    """Whether these are the very bytes that `sign` would have written for this envelope.

    DSSE lets JSON and base64 be spelt in many ways; where bytes must not change at all, this says
    whether they did.
    """
    envelope = decode_envelope(data)
    texts = (envelope.payload, *(signature.sig for signature in envelope.signatures))
    return _encoder.encode(envelope) == data and all(
        _encoded(_decoded(text)) == text for text in texts
    )


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise EnvelopeError("its base64 is damaged") from error
