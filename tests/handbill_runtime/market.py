"""A market of retailers on disk: compiled by the real compiler, published to a real store.

Tests write campaigns as YAML and customers as CSV, publish, and follow or run what was published.
Also used by the processes that tests start and kill.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).parent / "stages"))

from corner_shop import CAMPAIGN, CHANNELS, CUSTOMERS, FILES, unindent

from handbill.diagnostics.render_text import render_text
from handbill.pipeline import Compiled, compile_tree
from handbill.plan.pointer import Pointer
from handbill.publish.keys import SigningKey, generate_key, write_key
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.source.working_tree import open_working_tree
from handbill.store.folder import FolderStore
from handbill.store.trust import NOBODY, Trust, flat_trust
from handbill_runtime.clock import VirtualClock
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.engine import Engine
from handbill_runtime.follow.active import ActiveRelease
from handbill_runtime.follow.follower import Follower
from handbill_runtime.follow.last_good import LastGood
from handbill_runtime.ledger.sqlite import SqliteLedger

T = TypeVar("T")
ENVIRONMENT = "test"
NOON = datetime(2026, 12, 5, 17, 0, tzinfo=UTC)
"""12:00 in New York, where the first shop is."""


@dataclass
class Clock:
    """Stands still until told otherwise."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Market:
    """Everything lies below `root`; one tenant, `corner`, with one campaign, `points`."""

    root: Path
    mail_url: str = "smtp://127.0.0.1:1"
    http_url: str = "http://127.0.0.1:1"
    clock: Clock = field(default_factory=Clock)
    key: SigningKey = field(default_factory=generate_key)
    recipients: str = "everyone"
    rate: str = ""
    pinned: Trust | None = None
    """Where a root document rules; else `key` is trusted for everything."""

    def __post_init__(self) -> None:
        if (self.root / "repository").exists():
            return
        for path, text in FILES.items():
            self.write(path, text)
        shutil.copytree(CHANNELS, self.root / "repository" / "channels")
        (self.root / "secret").write_text("s3cret")
        write_key(self.root / "test.key", self.key)
        self.customers(CUSTOMERS)
        self.campaign("points", CAMPAIGN)
        self.environment()

    # ── writing ──────────────────────────────────────────────────────────────────────────────────

    def write(self, path: str, text: str) -> None:
        target = self.root / "repository" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(unindent(text), encoding="utf-8")

    def environment(self, ledger: str = "ledger.db", name: str = ENVIRONMENT) -> None:
        rate = f", rate: {self.rate}" if self.rate else ""
        self.write(
            f"environments/{name}.yaml",
            f"""
            recipients: {self.recipients}
            data: {{root: "file://{self.root}/data/{{tenant}}"}}
            store: "{self.store.url if name == ENVIRONMENT else f"{self.store.url}-{name}"}"
            ledger: "sqlite://{self.root}/{ledger if name == ENVIRONMENT else f"{name}.db"}"
            public_url: https://go.corner.example
            assets_url: https://assets.corner.example
            providers:
              mail: {{contract: smtp, url: "{self.mail_url}"{rate}}}
              fcm: {{contract: fcm, url: "{self.http_url}/fcm", secret: "file:{self.root}/secret"}}
              text:
                contract: twilio
                url: "{self.http_url}/twilio"
                secret: "file:{self.root}/secret"
            """,
        )

    def tenant(self, name: str, timezone: str = "America/New_York") -> None:
        """Another retailer like the first, with the same customers and no campaign."""
        for path, text in FILES.items():
            if path.startswith("tenants/corner/"):
                self.write(
                    path.replace("corner", name),
                    text.replace("Corner Shop", name.title()).replace("America/New_York", timezone),
                )
        self.customers(CUSTOMERS, name)

    def campaign(self, name: str, text: str, tenant: str = "corner") -> None:
        self.write(f"tenants/{tenant}/campaigns/{name}.yaml", text)

    def points(self, lines: str, name: str = "points", tenant: str = "corner") -> None:
        """The campaign `points` by mail with these lines of YAML of its own."""
        given = unindent(lines).splitlines()
        keys = {line.partition(":")[0] for line in given}
        defaults = {
            "category": "promotions",
            "status": "active",
            "audience": "everyone",
            "message": '{email: {subject: "Double points", template: mail.html}}',
        }
        rest = [f"{key}: {value}" for key, value in defaults.items() if key not in keys]
        self.campaign(name, "\n".join([*rest, *given]), tenant)

    def remove(self, path: str) -> None:
        (self.root / "repository" / path).unlink()

    def customers(self, csv: str, tenant: str = "corner") -> None:
        target = self.root / "data" / tenant / "customers.csv"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(unindent(csv), encoding="utf-8")

    def crowd(self, count: int, tenant: str = "corner") -> None:
        lines = [f"c{n},C,c{n}@{tenant}.example,email.promotions,1" for n in range(count)]
        self.customers("id,first_name,email,consent,orders\n" + "\n".join(lines) + "\n", tenant)

    # ── publishing ───────────────────────────────────────────────────────────────────────────────

    @property
    def store(self) -> FolderStore:
        return FolderStore(self.root / "store")

    @property
    def trust(self) -> str:
        return str(self.key.public)

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.db"

    def compiled(self) -> Compiled:
        tree, found = open_working_tree(self.root / "repository")
        assert tree is not None
        compiled = compile_tree(tree, found)
        if compiled.has_errors or compiled.release is None:
            raise AssertionError(render_text(compiled.diagnostics, lambda path: None, color=False))
        return compiled

    def publisher(self, name: str = ENVIRONMENT, key: SigningKey | None = None) -> Publisher:
        trusted = self.pinned.updated(self.store) if self.pinned else NOBODY
        return Publisher(self.store, name, key or self.key, self.clock, trusted)

    def publish(self, name: str = ENVIRONMENT, key: SigningKey | None = None) -> Pointer:
        compiled = self.compiled()
        assert compiled.release is not None
        done = publish(self.publisher(name, key), compiled.release, compiled.environments[name])
        pointer = done.pointer
        assert pointer is not None, done.diagnostics
        return pointer

    # ── following ────────────────────────────────────────────────────────────────────────────────

    def follower(self, name: str = "one", store: Any = None) -> Follower:
        """A runtime's follower; the same name finds the same last good release again."""
        trusted = self.pinned or flat_trust(self.key.public)
        last_good = LastGood(self.root / "state" / name, ENVIRONMENT, trusted)
        return Follower(store or self.store, ENVIRONMENT, trusted, last_good, name, now=self.clock)

    def active(self) -> ActiveRelease:
        """What a runtime without a past activates now."""
        fresh = hashlib.sha256(str(len(list(self.root.glob("state/*")))).encode()).hexdigest()[:8]
        follower = self.follower(fresh)
        follower.start()
        assert follower.refusal is None, follower.refusal
        assert follower.active is not None
        return follower.active

    @property
    def pointer_file(self) -> Path:
        return self.root / "store" / "environments" / ENVIRONMENT / "pointer"

    def pack_file(self, digest: str) -> Path:
        return self.root / "store" / "packs" / digest.removeprefix("sha256:")


class Running:
    """An engine with a ledger of its own making, on a virtual clock. `restart` is a new process."""

    def __init__(self, market: Market, at: datetime = NOON, start: datetime | None = None) -> None:
        self.market = market
        self.clock = VirtualClock(at)
        self.start = start
        self._open()

    def _open(self) -> None:
        self.ledger = SqliteLedger(self.market.ledger)
        self.ledger.take_lease("test", self.clock.now())
        self.engine = Engine(self.ledger, Drivers(), self.clock, start=self.start)

    def close(self) -> None:
        self.ledger.close()

    def restart(self, at: datetime | None = None) -> None:
        self.close()
        if at is not None:
            self.clock.advance_to(at)
        self._open()

    def tick(self, active: ActiveRelease, at: datetime | None = None) -> None:
        """Everything that is due, at this hour."""
        if at is not None:
            self.clock.advance_to(at)
        self.doing(lambda: self.engine.run_due(active))

    def doing(self, work: Callable[[], Awaitable[T]]) -> T:
        async def do() -> T:
            async with Drivers() as drivers:
                self.engine.drivers = drivers
                return await work()

        return asyncio.run(do())

    def states(self) -> dict[str, int]:
        """Message state → how many."""
        rows = self.ledger.db.execute("SELECT state, count(*) FROM messages GROUP BY state")
        return dict(rows.fetchall())

    def reasons(self) -> dict[str, int]:
        """Why messages were suppressed → how many."""
        rows = self.ledger.db.execute(
            "SELECT reason, count(*) FROM messages WHERE state = 'suppressed' GROUP BY reason"
        )
        return dict(rows.fetchall())
