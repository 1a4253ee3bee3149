"""Public keys: whom a runtime or a publisher trusts to sign pointers.

A key is written `ed25519:` and the base64 of its 32 bytes, or as PEM. Two spellings of one key are
one key: it is compared, and counted, by its bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from handbill.store.errors import KeyUnusable

PREFIX = "ed25519:"
_PEM_END = "-----END PUBLIC KEY-----"
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True)
class PublicKey:
    """An Ed25519 public key (RFC 8032) by its 32 bytes."""

    raw: bytes

    @cached_property
    def _key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.raw)

    @property
    def key_id(self) -> str:
        """A hint that finds the key quickly; never a reason to trust one."""
        return hashlib.sha256(self.raw).hexdigest()[:16]

    def verifies(self, signature: bytes, message: bytes) -> bool:
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        return PREFIX + base64.b64encode(self.raw).decode()


def public_key_of(private: Ed25519PrivateKey) -> PublicKey:
    return PublicKey(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def parse_public_keys(text: str) -> tuple[PublicKey, ...]:
    """Every key in `text`: PEM blocks, or one `ed25519:…` a line (`#` begins a comment line).

    Raises KeyUnusable where there is none or one of them is not an Ed25519 key.
    """
    if "-----BEGIN" in text:
        blocks = [block + _PEM_END for block in text.split(_PEM_END)[:-1]]
        keys = tuple(_from_pem(block) for block in blocks)
    else:
        lines = (line.strip() for line in text.splitlines())
        keys = tuple(_from_line(line) for line in lines if line and not line.startswith("#"))
    if not keys:
        raise KeyUnusable("there is no public key in it", "a key is written ed25519:… or as PEM")
    return keys


def load_trusted(values: Iterable[str]) -> tuple[PublicKey, ...]:
    """The distinct keys of `--trust` options: each `ed25519:…` itself or a file that holds keys."""
    keys: dict[PublicKey, None] = {}
    for value in values:
        keys.update(dict.fromkeys(_load(value)))
    return tuple(keys)


def _load(value: str) -> tuple[PublicKey, ...]:
    if value.startswith(PREFIX):
        return parse_public_keys(value)
    try:
        with Path(value).open("rb") as file:
            data = file.read(_MAX_BYTES)
        return parse_public_keys(data.decode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise KeyUnusable(
            f"the trusted key {value} cannot be read: {reason}",
            "give the file that `handbill keygen` wrote beside the private key, or ed25519:…",
        ) from error
    except KeyUnusable as error:
        raise KeyUnusable(f"the trusted key {value}: {error.message}", error.hint) from error


def _from_line(line: str) -> PublicKey:
    hint = "a key is written ed25519: and 44 characters of base64"
    if not line.startswith(PREFIX):
        raise KeyUnusable(f"`{line[:40]}` is not a public key", hint)
    try:
        raw = base64.b64decode(line.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise KeyUnusable(f"`{line[:60]}` is not base64", hint) from error
    if len(raw) != 32:
        raise KeyUnusable(f"`{line[:60]}` has {len(raw)} bytes instead of 32", hint)
    return PublicKey(raw)


def _from_pem(block: str) -> PublicKey:
    hint = "make one with `handbill keygen`"
    try:
        key = load_pem_public_key(block.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable("its PEM is not a public key", hint) from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnusable("it is not an Ed25519 key", hint)
    return PublicKey(key.public_bytes(Encoding.Raw, PublicFormat.Raw))
