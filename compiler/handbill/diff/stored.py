"""An environment of a store as a side: verified, and read a retailer at a time when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.diff.model import Side
from handbill.diff.sides import OpenSide
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import PLAN_FORMAT, Release
from handbill.store.pack import read_pack
from handbill.store.paths import pointer_path
from handbill.store.pointer import verify_pointer
from handbill.store.release import read_release
from handbill.store.store import Store
from handbill.store.trust import Trust

NEVER_PUBLISHED = "HB727"


@dataclass(frozen=True, slots=True)
class StoreAccess:
    """`open` gives the store that holds an environment; it may raise a StoreError."""

    open: Callable[[str], Store]
    trusted: Trust


def open_stored(label: str, environment: str, access: StoreAccess | None) -> OpenSide | Diagnostic:
    """What the environment's pointer names. Raises a StoreError where anything is not as signed."""
    if access is None or access.trusted.is_empty:
        return Diagnostic(
            "HB726",
            f"{label} is believed only by its signature, and no key is trusted",
            hint="--trust KEY (the public key, or its file)",
        )
    store = access.open(environment)
    stored = store.read(pointer_path(environment))
    if stored is None:
        return Diagnostic(
            NEVER_PUBLISHED,
            f"nothing was ever published to `{environment}` in {store.url}",
            hint=f"handbill publish --env {environment}, or name another store with --store",
        )
    pointer = verify_pointer(stored.data, environment, access.trusted.updated(store))
    release = read_release(store, pointer.release)
    about = Side(label=label, digest=pointer.release, commit=pointer.commit)
    return OpenSide(about, release.release, lambda root: read_pack(store, root))


def nothing_yet(label: str) -> OpenSide:
    """An environment before its first release: one without tenants."""
    nothing = Release(format=PLAN_FORMAT, tenants={}, channels={})
    about = Side(
        label=f"{label} (nothing yet)", digest=digest_of(canonical_bytes(nothing)), commit=""
    )
    return OpenSide(about, nothing, lambda _: {})
