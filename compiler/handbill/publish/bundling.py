"""Bundles for cold starts, renewed now and then after a publish: see `store/bundle.py`.

A folder needs none. The pointer has moved already, so nobody waits for this, and nothing is lost
where it fails: the next publish that looks tries again.
"""

from __future__ import annotations

import contextlib

from handbill.publish.publication import Outcome, Publication
from handbill.publish.publisher import Publisher
from handbill.store.bundle import FEWEST, renew_bundles
from handbill.store.errors import StoreError
from handbill.store.release import read_release

LOOK_EVERY = 16
"""After so many publishes of little each, the bundles are looked at as well."""


def bundle_what_runs(publisher: Publisher, publication: Publication) -> bool:
    """Whether bundles were written."""
    pointer, changes = publication.pointer, publication.changes
    store, environment = publisher.store, publisher.environment
    if publication.outcome is not Outcome.PUBLISHED or pointer is None:
        return False
    if store.watched_folder(environment) is not None:
        return False
    many = len(changes.added) + len(changes.changed) >= FEWEST
    if not many and pointer.sequence % LOOK_EVERY:
        return False
    with contextlib.suppress(StoreError):
        tenants = read_release(store, pointer.release).release.tenants
        keys = [key.private for key in publisher.keys]
        return renew_bundles(store, environment, pointer.release, tuple(tenants.values()), keys)
    return False
