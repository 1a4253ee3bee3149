"""What a publisher remembers from one commit to the next: everything that did not change.

What a stage makes of a file depends on the file's path and bytes, what it makes of a tenant on the
tenant's own files and on those that all tenants share, and what it makes of a campaign on the same
but the tenant's other campaigns. So git's object ids are the keys: an entry can be missing, but
never wrong.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, TypeVar

from handbill.source.layout import PLATFORM_FILE, tenant_of
from handbill.source.tree import SourceTree

T = TypeVar("T")
Entry: TypeAlias = tuple[str, Hashable]


class Recall(Protocol):
    """What the stages ask: what they once made of a file or a tenant, or else of `make` now."""

    def of_file(self, stage: str, path: str, make: Callable[[], T], about: Hashable = None) -> T:
        """`about` is what else the stage looks at; hashable and compared by value."""

    def of_shared(self, stage: str, make: Callable[[], T]) -> T:
        """What depends on the files that all tenants share, and on no tenant's."""

    def of_tenant(self, stage: str, tenant: str, make: Callable[[], T]) -> T: ...

    def of_campaign(self, stage: str, tenant: str, campaign: str, make: Callable[[], T]) -> T: ...

    def key_of(self, tenant: str) -> str:
        """A digest of all that the tenant is made from; empty where nothing is remembered."""
        ...


class Forgetful:
    """Makes everything anew."""

    def of_file(self, stage: str, path: str, make: Callable[[], T], about: Hashable = None) -> T:
        return make()

    def of_shared(self, stage: str, make: Callable[[], T]) -> T:
        return make()

    def of_tenant(self, stage: str, tenant: str, make: Callable[[], T]) -> T:
        return make()

    def of_campaign(self, stage: str, tenant: str, campaign: str, make: Callable[[], T]) -> T:
        return make()

    def key_of(self, tenant: str) -> str:
        return ""


FORGETFUL = Forgetful()


@dataclass(slots=True)
class Memory:
    """Holds what the last compile used, and nothing older.

    Recalling something keeps what was recalled while it was made: a tenant's campaigns with it.
    """

    _kept: dict[Entry, Any] = field(default_factory=dict)
    _used: dict[Entry, Any] = field(default_factory=dict)
    _inner: dict[Entry, list[Entry]] = field(default_factory=dict)
    _making: list[Entry] = field(default_factory=list)

    def recall(self, stage: str, key: Hashable, make: Callable[[], T]) -> T:
        """The stage's entry for `key`, or what `make` gives now."""
        entry = (stage, key)
        if self._making:
            self._inner[self._making[-1]].append(entry)
        if entry in self._kept:
            self._keep(entry)
        elif entry not in self._used:
            self._used[entry] = self._make(entry, make)
        found: T = self._used[entry]
        return found

    def _make(self, entry: Entry, make: Callable[[], T]) -> T:
        self._inner[entry] = []
        self._making.append(entry)
        try:
            return make()
        finally:
            self._making.pop()

    def _keep(self, entry: Entry) -> None:
        if entry not in self._used:
            self._used[entry] = self._kept[entry]
            for inner in self._inner[entry]:
                self._keep(inner)

    def of(self, tree: SourceTree) -> Recall:
        """What is remembered of the files and tenants as `tree` has them."""
        return _OfTree(self, tree, keys_of(tree))

    def forget_unused(self) -> None:
        """To be called when a compile is through."""
        self._kept, self._used = self._used, {}
        self._inner = {entry: self._inner[entry] for entry in self._kept}


@dataclass(frozen=True, slots=True)
class TenantKey:
    """Digests of the paths and object ids that say all about a tenant's plans."""

    whole: str
    rest: str
    """Of everything but its own campaign files."""
    campaigns: Mapping[str, str]
    """Of each campaign file alone; what a group sends has none."""
    tests: str
    """Of its tests and their snapshots, which no plan depends on."""


@dataclass(frozen=True, slots=True)
class Keys:
    shared: str
    """Of the files that all tenants share."""
    tenants: Mapping[str, TenantKey]
    """Of each tenant that has a file, read or refused."""


@dataclass(frozen=True, slots=True)
class _OfTree:
    memory: Memory
    tree: SourceTree
    keys: Keys

    def of_file(self, stage: str, path: str, make: Callable[[], T], about: Hashable = None) -> T:
        return self.memory.recall(stage, (path, self.tree.blob_id(path), about), make)

    def of_shared(self, stage: str, make: Callable[[], T]) -> T:
        return self.memory.recall(stage, self.keys.shared, make)

    def of_tenant(self, stage: str, tenant: str, make: Callable[[], T]) -> T:
        return self.memory.recall(stage, self.keys.tenants[tenant].whole, make)

    def of_campaign(self, stage: str, tenant: str, campaign: str, make: Callable[[], T]) -> T:
        key = self.keys.tenants[tenant]
        return self.memory.recall(stage, (key.rest, campaign, key.campaigns.get(campaign)), make)

    def key_of(self, tenant: str) -> str:
        return self.keys.tenants[tenant].whole


def keys_of(tree: SourceTree, platform: str | None = None) -> Keys:
    """Digests of what each tenant of `tree` is made from. `platform` stands for handbill.yaml where
    not all of it counts; then environments do not count either."""
    shared: list[str] = [] if platform is None else [f"{PLATFORM_FILE}\0part\0{platform}\n"]
    passed_over = (_PERSONAS,) if platform is None else (_PERSONAS, _ENVIRONMENTS, PLATFORM_FILE)
    parts: dict[str, _Parts] = {}
    for path in tree.paths:
        line, tenant = f"{path}\0{tree.blob_id(path)}\n", tenant_of(path)
        if tenant is None:
            if not path.startswith(passed_over):
                shared.append(line)
            continue
        mine = parts.setdefault(tenant, _Parts())
        if campaign := _CAMPAIGN.fullmatch(path):
            mine.campaigns[campaign[1]] = _digest(line)
        else:
            (mine.tests if _TEST.match(path) else mine.rest).append(line)
    for path in tree.refused:
        line, tenant = f"{path}\0refused\n", tenant_of(path)
        (shared if tenant is None else parts.setdefault(tenant, _Parts()).rest).append(line)
    common = _digest("".join(shared))
    return Keys(common, {tenant: mine.key(common) for tenant, mine in parts.items()})


_PERSONAS, _ENVIRONMENTS = "personas/", "environments/"
_CAMPAIGN = re.compile(r"tenants/[^/]+/campaigns/([^/]+)\.yaml")
_TEST = re.compile(r"tenants/[^/]+/tests/")


@dataclass(slots=True)
class _Parts:
    """Lines of a tenant's files, by what depends on them."""

    rest: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    campaigns: dict[str, str] = field(default_factory=dict)

    def key(self, common: str) -> TenantKey:
        rest = _digest(common + "".join(self.rest))
        campaigns = "".join(f"{name}\0{each}\n" for name, each in self.campaigns.items())
        tests = _digest("".join(self.tests))
        return TenantKey(_digest(rest + campaigns), rest, self.campaigns, tests)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
