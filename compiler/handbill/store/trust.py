"""Whom to believe: the one answer to "who may sign what".

Either a few public keys that may sign anything in any environment (`--trust KEY`), or a root document
that the reader was given by hand (`--trust root.json`) and from which the store's later versions
are followed by signatures. A key is never believed because it lies in the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from handbill.store.errors import KeyUnusable, RootOlder
from handbill.store.keys import PREFIX, PublicKey, load_trusted, parse_public_keys
from handbill.store.paths import root_path
from handbill.store.root import Root, refuse_expired_root, verify_root, verify_successor
from handbill.store.store import Store

MAX_VERSIONS_AHEAD = 1024
"""How many versions are followed in one go."""
_MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Quorum:
    """`threshold` different ones of `keys` must have signed. No keys: nothing is ever believed."""

    keys: tuple[PublicKey, ...]
    threshold: int = 1


@dataclass(frozen=True, slots=True)
class Version:
    """A verified root document and its bytes as they were signed."""

    root: Root
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Trust:
    """Immutable; `updated` gives the next one. `chain` begins with the pinned document, and each
    further one was signed by the root keys of the one before; empty where `keys` are all there is.
    """

    keys: tuple[PublicKey, ...] = ()
    chain: tuple[Version, ...] = ()

    @property
    def root(self) -> Root | None:
        """The newest root document; None where plain keys are trusted."""
        return self.chain[-1].root if self.chain else None

    @property
    def version(self) -> int:
        """Of the newest root document; 0 where plain keys are trusted."""
        return self.chain[-1].root.version if self.chain else 0

    @property
    def is_empty(self) -> bool:
        return not self.keys and not self.chain

    def publishers(self, environment: str) -> Quorum:
        """Who signs the environment's pointers and statements."""
        root = self.root
        if root is None:
            return Quorum(self.keys)
        delegation = root.environments.get(environment)
        if delegation is None:
            return Quorum(())
        return Quorum(delegation.publishers.public_keys, delegation.publishers.threshold)

    def operators(self, environment: str) -> Quorum:
        """Who stops the environment and lets it go on."""
        root = self.root
        if root is None:
            return Quorum(self.keys)
        delegation = root.environments.get(environment)
        if delegation is None:
            return Quorum(())
        return Quorum(delegation.operators.public_keys, delegation.operators.threshold)

    @property
    def runtimes(self) -> Mapping[str, PublicKey]:
        """Who signs which runtime's receipt; none where plain keys are trusted."""
        found = self.root.runtimes if self.root else {}
        return {name: parse_public_keys(key)[0] for name, key in found.items()}

    def including(self, *keys: PublicKey) -> Trust:
        """With further plain keys; where a root document rules, it alone does."""
        if self.chain:
            return self
        return replace(self, keys=tuple(dict.fromkeys((*keys, *self.keys))))

    def as_of(self, version: int) -> Trust:
        """As it was with this version of the root document, or the pinned one if that is later."""
        kept = tuple(each for each in self.chain if each.root.version <= version)
        return replace(self, chain=kept or self.chain[:1])

    def updated(self, store: Store, most: int = MAX_VERSIONS_AHEAD) -> Trust:
        """With the root documents that `store` has beyond the newest known one, `most` at a time.

        Raises RootUnreadable or RootUntrusted where the next one is not what it has to be; an
        expired one still leads to those after it.
        """
        if not self.chain:
            return self
        chain = list(self.chain)
        for _ in range(most):
            newest = chain[-1].root
            stored = store.read(root_path(newest.version + 1))
            if stored is None:
                break
            chain.append(Version(verify_successor(stored.data, newest), stored.data))
        return self if len(chain) == len(self.chain) else replace(self, chain=tuple(chain))

    def refuse_expired(self, now: datetime) -> None:
        """Raises RootExpired; plain keys never expire."""
        if self.root is not None:
            refuse_expired_root(self.root, now)

    def refuse_older(self, version: int) -> None:
        """Raises RootOlder if the root document of `version` was already seen, and is gone."""
        if self.chain and self.version < version:
            raise RootOlder(
                f"the newest root document is version {self.version}, and version {version} was "
                "already seen",
                "later ones were removed from the store: put them back (handbill root publish)",
            )


NOBODY = Trust()
"""No key yet: see `including`."""


def flat_trust(*keys: PublicKey) -> Trust:
    """These keys may sign anything."""
    return Trust(keys=tuple(dict.fromkeys(keys)))


def pinned_trust(envelope: bytes) -> Trust:
    """What this root document says; raises RootUnreadable, RootUntrusted."""
    return Trust(chain=(Version(verify_root(envelope), envelope),))


def load_trust(values: Iterable[str]) -> Trust:
    """From `--trust` options: `ed25519:…`, files of such keys, or one file that is a root document.

    Raises KeyUnusable, RootUnreadable, RootUntrusted.
    """
    given = tuple(values)
    roots = [data for value in given if (data := _root_file(value)) is not None]
    if not roots:
        return flat_trust(*load_trusted(given))
    if len(given) > 1:
        raise KeyUnusable(
            "a root document says by itself whom to trust, and more is given beside it",
            "give --trust once, with the root document's file",
        )
    return pinned_trust(roots[0])


def open_trust(values: Iterable[str], store: Store) -> Trust:
    """`load_trust`, and then what the store has beyond it. Raises a StoreError."""
    return load_trust(values).updated(store)


def _root_file(value: str) -> bytes | None:
    """The file's bytes where it is a DSSE envelope; a file that cannot be read is told elsewhere."""
    if value.startswith(PREFIX):
        return None
    try:
        with Path(value).open("rb") as file:
            data = file.read(_MAX_BYTES)
    except (OSError, ValueError):
        return None
    return data if data.lstrip().startswith(b"{") else None
