"""A private key, such as one that signs pointers: made once, kept in a file that only its owner can read.

The file is PEM (PKCS #8), as other tools write it. Its public half stands beside it in a file of
the same name with `.pub`, in one line that can be pasted after `--trust`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from handbill.diagnostics.diagnostic import Diagnostic, Severity
from handbill.store.errors import KeyUnusable
from handbill.store.keys import PublicKey, public_key_of

ENVIRONMENT_PREFIX = "env:"
_MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class SigningKey:
    private: Ed25519PrivateKey
    public: PublicKey


def generate_key() -> SigningKey:
    private = Ed25519PrivateKey.generate()
    return SigningKey(private, public_key_of(private))


def public_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.pub")


def write_key(path: Path, key: SigningKey) -> None:
    """Writes `path` (mode 0600) and its `.pub`; never over a file that is there (KeyUnusable)."""
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for file in (path, public_path(path)):
        if os.path.lexists(file):
            raise _exists(file)
    _write_new(path, pem, 0o600)
    _write_new(public_path(path), f"{key.public}\n".encode(), 0o644)


def load_key(reference: str) -> tuple[SigningKey, tuple[Diagnostic, ...]]:
    """The key in a file, or in the environment variable NAME of `env:NAME`; a warning where other
    users may read the file. Raises KeyUnusable."""
    if reference.startswith(ENVIRONMENT_PREFIX):
        name = reference.removeprefix(ENVIRONMENT_PREFIX)
        pem = os.environ.get(name, "").encode()
        if not pem:
            raise KeyUnusable(f"the environment variable {name} holds no key", _HINT)
        return _decoded(reference, pem), ()
    try:
        with open(reference, "rb") as file:
            pem = file.read(_MAX_BYTES)
            mode = os.fstat(file.fileno()).st_mode
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise KeyUnusable(f"the key {reference} cannot be read: {reason}", _HINT) from error
    return _decoded(reference, pem), _exposed(reference) if mode & 0o077 else ()


def load_keys(
    references: Iterable[str],
) -> tuple[tuple[SigningKey, ...], tuple[Diagnostic, ...]]:
    """Each as `load_key`."""
    found = [load_key(reference) for reference in references]
    return tuple(key for key, _ in found), tuple(each for _, told in found for each in told)


_HINT = "make one with `handbill keygen` and name its file after --key"


def _decoded(reference: str, pem: bytes) -> SigningKey:
    try:
        private = load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise KeyUnusable(
            f"the key {reference} is protected by a passphrase",
            f"write it without one: openssl pkey -in {reference} -out PLAIN",
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyUnusable(f"the key {reference} is not a private key in PEM", _HINT) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyUnusable(f"the key {reference} is not an Ed25519 key", _HINT)
    return SigningKey(private, public_key_of(private))


def _exposed(reference: str) -> tuple[Diagnostic, ...]:
    return (
        Diagnostic(
            "HB832",
            f"the key {reference} can be read by other users of this machine",
            severity=Severity.WARNING,
            hint=f"chmod 600 {reference}",
        ),
    )


def _write_new(path: Path, data: bytes, mode: int) -> None:
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    except FileExistsError as error:
        if path.exists():
            raise _exists(path) from error
        raise KeyUnusable(f"the key {path} cannot be written: {error.strerror}") from error
    except OSError as error:
        raise KeyUnusable(f"the key {path} cannot be written: {error.strerror}") from error
    with open(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _exists(path: Path) -> KeyUnusable:
    return KeyUnusable(
        f"{path} is there already, and a key is never overwritten",
        "choose another name with --out, or remove it if nothing trusts it any more",
    )
