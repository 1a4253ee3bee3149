"""What a compile depends on besides its files: this compiler, the libraries that it asks, and Python.

A digest of the package's own bytes, not of a version number: whoever changes the compiler, if only in
a working copy, has other keys.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = (
    "babel", "cronsim", "css-inline", "html5lib", "jinja2", "jsonschema", "jsonschema-rs",
    "mjml-python", "msgspec", "pydantic", "pydantic-core", "pyyaml", "tzdata",
)  # fmt: skip
"""What may word, order or decide something that ends in a plan or a finding."""
PACKAGE = Path(__file__).parents[1]
_ZONES = Path("/usr/share/zoneinfo/tzdata.zi")


@cache
def fingerprint() -> str:
    """32 hexadecimal digits; equal where the same files compile to the same."""
    found = hashlib.blake2b(digest_size=16)
    for line in (*_environment(), *_sources()):
        found.update(line)
        found.update(b"\0")
    return found.hexdigest()


def _environment() -> Iterator[bytes]:
    yield platform.python_implementation().encode() + platform.python_version().encode()
    for name in LIBRARIES:
        try:
            yield f"{name} {version(name)}".encode()
        except PackageNotFoundError:
            yield f"{name} -".encode()
    try:
        with _ZONES.open("rb") as zones:
            yield zones.readline()
    except OSError:
        yield b"no zones"


def _sources() -> Iterator[bytes]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix != ".pyc" and path.is_file():
            yield path.relative_to(PACKAGE).as_posix().encode()
            yield hashlib.blake2b(path.read_bytes(), digest_size=16).digest()
