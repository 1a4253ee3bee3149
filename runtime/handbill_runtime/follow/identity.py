"""A runtime's own key: made at its first start, kept in its state folder, readable by nobody else.

It signs receipts and seals what the runtime remembers of packs. It can activate nothing.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from handbill_runtime.errors import RuntimeFault

KEY_FILE = "runtime.key"
_MAX_BYTES = 16 * 1024


def runtime_key(state: Path) -> Ed25519PrivateKey:
    """The key in `state`, made where there is none (mode 0600). Raises RuntimeFault HB934."""
    path = state / KEY_FILE
    try:
        state.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        data = path.read_bytes()[:_MAX_BYTES]
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise _fault(path, error.strerror or str(error)) from error
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _fault(path, "it is not a private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _fault(path, "it is not an Ed25519 key")
    return key


def seal_of(key: Ed25519PrivateKey) -> bytes:
    """A secret for what only this runtime is to write, from which the key cannot be had."""
    return hashlib.sha256(b"handbill runtime seal\n" + key.private_bytes_raw()).digest()


def _make(path: Path) -> None:
    """Whole or not at all; whoever is faster wins."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    except FileExistsError:
        return
    finally:
        beside.unlink(missing_ok=True)


def _fault(path: Path, reason: str) -> RuntimeFault:
    return RuntimeFault(
        "HB934",
        f"the runtime's own key {path} cannot be used: {reason}",
        "give --state a folder that this user may write; a damaged key may be removed: another is "
        "then made, and a root document that lists this runtime needs the new one",
    )
