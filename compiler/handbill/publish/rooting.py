"""Working on root documents: a new one, the next version, signatures, and putting one into the store.

A draft is the document itself without signatures, in a file, so that keys can stay on machines that no
network reaches: the file goes round, each machine adds its signature, and the last one publishes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from handbill.publish.keys import SigningKey
from handbill.store import dsse
from handbill.store.errors import (
    KeyNotDelegated,
    KeyUnusable,
    NotInStore,
    RootConflict,
    RootUnreadable,
    StoreError,
)
from handbill.store.instant import utc_text
from handbill.store.keys import PublicKey, load_trusted
from handbill.store.paths import root_path
from handbill.store.root import (
    NOBODY,
    ROOT_FORMAT,
    Delegation,
    Role,
    Root,
    decode_root,
    encode_root,
    signers,
    verify_root,
    verify_successor,
)
from handbill.store.store import Store

LIFETIME = timedelta(days=365)
_MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Change:
    """Keys to add or to take away. With `environment` it concerns its publishers and operators."""

    environment: str | None = None
    root_keys: Sequence[PublicKey] = ()
    publishers: Sequence[PublicKey] = ()
    operators: Sequence[PublicKey] = ()
    runtimes: Mapping[str, PublicKey] | None = None
    root_threshold: int | None = None
    publisher_threshold: int | None = None
    operator_threshold: int | None = None


def new_root(change: Change, now: datetime, lifetime: timedelta = LIFETIME) -> Root:
    """Version 1, unsigned."""
    empty = Root(format=ROOT_FORMAT, version=1, expires=utc_text(now + lifetime), root=NOBODY)
    return with_keys(empty, change)


def next_version(root: Root, now: datetime, lifetime: timedelta = LIFETIME) -> Root:
    """The same, one version on, valid for as long again."""
    return msgspec.structs.replace(root, version=root.version + 1, expires=utc_text(now + lifetime))


def with_keys(root: Root, change: Change) -> Root:
    """With these keys added and thresholds set."""
    environments = dict(root.environments)
    if change.environment is not None:
        given = environments.get(change.environment, Delegation(publishers=NOBODY))
        environments[change.environment] = Delegation(
            publishers=_added(given.publishers, change.publishers, change.publisher_threshold),
            operators=_added(given.operators, change.operators, change.operator_threshold),
        )
    runtimes = {name: str(key) for name, key in (change.runtimes or {}).items()}
    return msgspec.structs.replace(
        root,
        root=_added(root.root, change.root_keys, change.root_threshold),
        environments=environments,
        runtimes={**root.runtimes, **runtimes},
    )


def without_key(root: Root, key: PublicKey, environment: str | None = None) -> Root:
    """Without the key, in one environment or wherever it stands. KeyNotDelegated where it stands
    nowhere: a revocation that revokes nothing must not look like one."""
    text = str(key)
    environments = {
        name: Delegation(
            publishers=_removed(each.publishers, text), operators=_removed(each.operators, text)
        )
        if environment in (None, name)
        else each
        for name, each in root.environments.items()
    }
    everywhere = environment is None
    changed = msgspec.structs.replace(
        root,
        root=_removed(root.root, text) if everywhere else root.root,
        environments={name: each for name, each in environments.items() if each.publishers.keys},
        runtimes={
            name: each for name, each in root.runtimes.items() if not (everywhere and each == text)
        },
    )
    if changed == root:
        raise KeyNotDelegated(
            f"the root document does not name the key {text}", "see `handbill root show`"
        )
    return changed


def read_file(path: Path) -> bytes:
    """Raises RootUnreadable."""
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except OSError as error:
        raise RootUnreadable(
            f"{path} cannot be read: {error.strerror}", "name the file of a root document"
        ) from error


def sign_file(envelope: bytes, key: SigningKey, before: Root | None = None) -> bytes:
    """With this key's signature. KeyNotDelegated where the key is no root key, of this version or of
    `before`: its signature would count for nothing."""
    root = decode_root(envelope)
    known = {*root.root.public_keys, *(before.root.public_keys if before else ())}
    if before is None and root.version > 1:
        return dsse.countersign(envelope, [key.private])
    if key.public not in known:
        raise KeyNotDelegated(
            f"{key.public} is no root key of version {root.version}",
            "sign with one of the keys that `handbill root show` lists",
        )
    return dsse.countersign(envelope, [key.private])


def publish_root(store: Store, envelope: bytes) -> Root:
    """Puts a fully signed document into the store, as the version after those that are there.

    Raises RootUntrusted where signatures are missing, RootConflict where another document of this
    version counts already, NotInStore where a version before it is missing.
    """
    root = verify_root(envelope)
    if root.version > 1:
        stored = store.read(root_path(root.version - 1))
        if stored is None:
            raise NotInStore(
                f"version {root.version - 1} of the root document is not in the store",
                "publish the versions in order, from the first",
            )
        verify_successor(envelope, verify_root(stored.data))
    there = store.read(root_path(root.version))
    if there is None and store.create(root_path(root.version), envelope):
        return root
    there = there or store.read(root_path(root.version))
    if there is not None and there.data != envelope:
        _refuse_to_replace(store, root, there.data)
        if not store.swap(root_path(root.version), there.version, envelope):
            raise _conflict(root)
    return root


def missing_signatures(envelope: bytes, role: Role) -> int:
    """How many more of the role's keys have to sign."""
    return max(0, role.threshold - len(signers(envelope, role)))


def _refuse_to_replace(store: Store, root: Root, there: bytes) -> None:
    """Only a file that no reader would follow is replaced."""
    try:
        found = verify_root(there)
        if root.version > 1:
            before = store.read(root_path(root.version - 1))
            verify_successor(there, verify_root(before.data if before else b""))
    except StoreError:
        return
    if found.version == root.version:
        raise _conflict(root)


def _conflict(root: Root) -> RootConflict:
    return RootConflict(
        f"another root document of version {root.version} is in the store",
        "see it with `handbill root show`, and make the next version from it",
    )


def _added(role: Role, keys: Collection[PublicKey], threshold: int | None) -> Role:
    names = tuple(dict.fromkeys((*role.keys, *(str(key) for key in keys))))
    return Role(keys=names, threshold=threshold or role.threshold)


def _removed(role: Role, key: str) -> Role:
    return Role(keys=tuple(each for each in role.keys if each != key), threshold=role.threshold)


def keys_of(values: Collection[str]) -> tuple[PublicKey, ...]:
    """`ed25519:…` or files of keys, for options."""
    return load_trusted(values)


def runtime_keys(values: Collection[str]) -> dict[str, PublicKey]:
    """From NAME=KEY; raises KeyUnusable."""
    found = {}
    for value in values:
        name, sign, key = value.partition("=")
        keys = load_trusted([key]) if sign and name else ()
        if len(keys) != 1:
            raise KeyUnusable(f"`{value}` is not NAME=KEY", "write --runtime shop-1=shop-1.key.pub")
        found[name] = keys[0]
    return found


def unsigned(root: Root) -> bytes:
    """The draft's bytes; KeyUnusable where the document could never be obeyed."""
    try:
        return encode_root(root)
    except ValueError as error:
        raise KeyUnusable(
            f"this would be no root document: {error}", "add keys, or lower a threshold"
        ) from error
