"""Canonical bytes: the one spelling of a plan object, and so its identity.

The bytes are RFC 8785 (JSON canonicalization) for everything a plan may hold: no floats, keys
inside the Basic Multilingual Plane. An integer outside ±(2^53 - 1), for which RFC 8785 has no exact
form, is written with all its digits. Decoding is strict: bytes that are not canonical are refused,
so one object never has two digests.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import msgspec

from handbill.plan.model import Digest, Object

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 200
"""Nesting of arrays and objects; an expression takes two levels for each of its own."""

JsonValue: TypeAlias = (
    bool | int | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | msgspec.Struct | None
)


class CanonicalError(ValueError):
    """The value has no canonical form (a float, a key outside the BMP, too deep, too large)."""


class ObjectError(ValueError):
    """The bytes are not the canonical form of a known object."""


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Object)
_FROM_ASTRAL = re.compile(rb'[\xf0-\xf4][^"\\]*(?:\\.[^"\\]*)*"(:?)')
"""From the first such character of a string to the string's end, and the colon after a key."""
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_NO_STRUCTURE = bytes(set(range(256)) - set(b'[]{}"'))


def canonical_bytes(value: JsonValue) -> bytes:
    """The canonical bytes of a plan object (or of any JSON value without floats).

    Raises CanonicalError where there are none.
    """
    if not isinstance(value, msgspec.Struct):
        _refuse_floats(value)
    try:
        data = _encoder.encode(value)
    except (RecursionError, UnicodeEncodeError, TypeError) as error:
        raise CanonicalError(f"no canonical form: {error}") from error
    if len(data) > MAX_BYTES:
        raise CanonicalError(f"larger than {MAX_BYTES} bytes")
    if _depth(data) > MAX_DEPTH:
        raise CanonicalError(f"nested deeper than {MAX_DEPTH} levels")
    if _has_astral_key(data):
        # RFC 8785 sorts by UTF-16 code units, the encoder by UTF-8 bytes: they differ only here.
        raise CanonicalError("an object key has a character outside the Basic Multilingual Plane")
    return data


def digest_of(data: bytes) -> Digest:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def decode_object(data: bytes) -> Object:
    """The object of which `data` is the canonical form; raises ObjectError for any other bytes."""
    if len(data) > MAX_BYTES:
        raise ObjectError(f"larger than {MAX_BYTES} bytes")
    if _depth(data) > MAX_DEPTH:
        raise ObjectError(f"nested deeper than {MAX_DEPTH} levels")
    try:
        decoded: Object = _decoder.decode(data)
        canonical = _encoder.encode(decoded)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise ObjectError(f"not a plan object: {error}") from error
    if canonical != data:
        raise ObjectError("not in canonical form")
    return decoded


def _depth(data: bytes) -> int:
    """How deep arrays and objects nest, up to MAX_DEPTH + 1, without recursion."""
    unescaped = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    # Of two quotes with nothing between that counts, both can go: the rest is as much inside or outside.
    structure = unescaped.translate(_ONE_KIND, _NO_STRUCTURE).replace(b'""', b"")
    brackets = b"".join(structure.split(b'"')[::2])
    depth = 0
    while brackets and depth <= MAX_DEPTH:
        shorter = brackets.replace(b"[]", b"")
        if len(shorter) == len(brackets):
            break
        brackets = shorter
        depth += 1
    return depth


def _has_astral_key(data: bytes) -> bool:
    return any(rest[1] for rest in _FROM_ASTRAL.finditer(data))


def _refuse_floats(value: JsonValue) -> None:
    match value:
        case float():
            raise CanonicalError("a float has no canonical form in a plan")
        case str() | bool() | int() | None | msgspec.Struct():
            return
        case Mapping():
            for member in value.values():
                _refuse_floats(member)
        case Sequence():
            for item in value:
                _refuse_floats(item)
        case _:
            raise CanonicalError(f"{type(value).__name__} has no canonical form in a plan")
