"""Compiles commits and opens the publisher for the store that an environment names, or --store does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handbill.incremental.build import Builder
    from handbill.pipeline import Compiled
    from handbill.plan.model import Environment
    from handbill.publish.keys import SigningKey
    from handbill.publish.publisher import Publisher
    from handbill.source.memory import Memory
    from handbill.store.store import Store
    from handbill.store.trust import Trust


class PublisherOpener:
    """Stays for as many commits as are published; `subfolder` is where in the repository the
    configuration is."""

    def __init__(
        self,
        environment: str,
        repository: Path,
        subfolder: str,
        store_url: str | None,
        key: SigningKey,
        trusted: Trust,
        builder: Builder | None,
        cosigners: tuple[SigningKey, ...] = (),
    ) -> None:
        self.environment = environment
        self.repository, self.subfolder = repository, subfolder
        self._store: tuple[str, Store] | None = None
        self._store_url = store_url
        self._key = key
        self._cosigners = cosigners
        self._trusted = trusted
        self._builder = builder
        self._memory: Memory | None = None

    def publisher(self, environment: Environment) -> Publisher:
        from handbill.publish.publisher import Publisher

        store = self._opened(self._store_url or environment.store)
        self._trusted = self._trusted.updated(store)
        return Publisher(
            store, self.environment, self._key, _now, self._trusted, cosigners=self._cosigners
        )

    def trusted_in(self, store: Store) -> Trust:
        """Whom to believe in another store: the same keys, and those that sign here."""
        keys = (self._key, *self._cosigners)
        return self._trusted.updated(store).including(*(key.public for key in keys))

    def _opened(self, url: str) -> Store:
        """A bucket's connections stay open from one publish to the next."""
        from handbill.store.store import open_store

        if self._store is None or self._store[0] != url:
            self._store = url, open_store(url)
        return self._store[1]

    def compile(self, repository: Path, commit: str) -> Compiled:
        from handbill.pipeline import compile_revision
        from handbill.source.memory import Memory

        if self._builder is not None:
            return self._builder.revision(repository, commit, self.subfolder)
        if self._memory is None:
            self._memory = Memory()
        return compile_revision(repository, commit, self.subfolder, self._memory)


def _now() -> datetime:
    return datetime.now(UTC)
