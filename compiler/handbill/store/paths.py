"""Where everything lies inside a store, whatever the store is made of.

    packs/<hex>                               a pack's part, by the hexadecimal digits of its digest
    assets/<hex>.<kind>                       a picture that messages show
    environments/<env>/pointer                which release the environment runs
    environments/<env>/history/<sequence>     every pointer that was ever prepared
    environments/<env>/receipts/<runtime>     what each runtime has active
    environments/<env>/cold-start/bundles     which bundles hold most of the environment's packs
    environments/<env>/cold-start/outlines    which bundles hold the outlines of its plans, signed
    bundles/<hex>                             many packs in one file, by the SHA-256 of its bytes
    collection/marks                          what garbage collection is about to remove
    environments/<env>/pause                  which retailers are stopped
    environments/<env>/pauses/<number>        every stop and resumption as it was signed
    root/<version>                            whose keys count, version by version
    attestations/<hex>                        how a release was made, signed

Only the pointer and the pause lie directly in the environment's folder, so that a runtime that
watches this folder is woken by nothing else.
"""

from __future__ import annotations

import re

from handbill.plan.model import Digest
from handbill.store.errors import StoreUnusable

_ENVIRONMENT = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_RUNTIME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_SEQUENCE = re.compile(r"[0-9]{10}")

MAX_SEQUENCE = 9_999_999_999


def is_digest(text: str) -> bool:
    return _DIGEST.fullmatch(text) is not None


def part_path(digest: Digest) -> str:
    """The path of a pack's part. `digest` must be well-formed (ValueError: a bug)."""
    if not is_digest(digest):
        raise ValueError(f"not a digest: {digest!r}")
    return f"packs/{digest.removeprefix('sha256:')}"


def bundle_path(digest: Digest) -> str:
    if not is_digest(digest):
        raise ValueError(f"not a digest: {digest!r}")
    return f"bundles/{digest.removeprefix('sha256:')}"


def bundles_path(environment: str) -> str:
    return f"{environment_folder(environment)}/cold-start/bundles"


def outlines_path(environment: str) -> str:
    return f"{environment_folder(environment)}/cold-start/outlines"


def environment_folder(environment: str) -> str:
    if _ENVIRONMENT.fullmatch(environment) is None:
        raise StoreUnusable(
            f"`{environment}` is not a name an environment can have",
            "names are lower-case letters, digits, `-` and `_`, and begin with a letter",
        )
    return f"environments/{environment}"


def pointer_path(environment: str) -> str:
    return f"{environment_folder(environment)}/pointer"


def history_folder(environment: str) -> str:
    return f"{environment_folder(environment)}/history"


def history_path(environment: str, sequence: int) -> str:
    """Ten digits, so that names sort as their sequences do."""
    if not 1 <= sequence <= MAX_SEQUENCE:
        raise ValueError(f"not a sequence: {sequence}")
    return f"{history_folder(environment)}/{sequence:010d}"


def sequence_of(name: str) -> int | None:
    """The sequence that a file of the history folder is named for; None for any other name."""
    return int(name) if _SEQUENCE.fullmatch(name) and int(name) > 0 else None


def receipts_folder(environment: str) -> str:
    return f"{environment_folder(environment)}/receipts"


def receipt_path(environment: str, runtime: str) -> str:
    if _RUNTIME.fullmatch(runtime) is None:
        raise StoreUnusable(
            f"`{runtime}` is not a name a runtime can have",
            "use letters, digits, `.`, `-` and `_`, at most 100",
        )
    return f"{receipts_folder(environment)}/{runtime}"


def pause_path(environment: str) -> str:
    return f"{environment_folder(environment)}/pause"


def pauses_folder(environment: str) -> str:
    return f"{environment_folder(environment)}/pauses"


def pause_line_path(environment: str, number: int) -> str:
    """Where the stop or resumption of this number is kept for ever."""
    if not 1 <= number <= MAX_SEQUENCE:
        raise ValueError(f"not a number of a pause: {number}")
    return f"{pauses_folder(environment)}/{number:010d}"


ROOT_FOLDER = "root"


def root_path(version: int) -> str:
    if not 1 <= version <= MAX_SEQUENCE:
        raise ValueError(f"not a version: {version}")
    return f"{ROOT_FOLDER}/{version:010d}"


def attestation_path(digest: Digest) -> str:
    """`digest` is of the whole file. It must be well-formed (ValueError: a bug)."""
    if not is_digest(digest):
        raise ValueError(f"not a digest: {digest!r}")
    return f"attestations/{digest.removeprefix('sha256:')}"


MARKS = "collection/marks"
