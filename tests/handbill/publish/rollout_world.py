"""A store with a publisher, rings, and runtimes that follow when they are told to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from sample_release import compiled, environment, signing_key

from handbill.lower.bringing_out import BringingOut, Freeze, Rings
from handbill.plan.ir import OPERATION_SET
from handbill.plan.model import MILLION, PLAN_FORMAT, Environment
from handbill.plan.pointer import Pointer, Ring, Rollout
from handbill.publish.advance import read_standing
from handbill.publish.orders import Orders
from handbill.publish.publication import Publication
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.rollout import advance, stop, tend_rollout
from handbill.store.folder import FolderStore
from handbill.store.instant import utc_text
from handbill.store.receipts import (
    RECEIPT_FORMAT,
    ActiveReceipt,
    Receipt,
    RefusalReceipt,
    TroubleReceipt,
    write_receipt,
)
from handbill.store.release import prove_whole, read_release, read_tenant

HOLD = 1800
CANARY, SECOND, LAST = (
    Ring(name="canary", tenants=("ann",), hold=HOLD),
    Ring(name="group", groups=("harbor",), hold=HOLD),
    Ring(name="everyone", share=MILLION, hold=HOLD),
)
GROUPS = {"ben": "harbor", "cat": "harbor"}
ORDERS = Orders(BringingOut(Rings((CANARY, SECOND, LAST))), GROUPS)
FREEZE = Freeze(
    datetime(2026, 12, 6, tzinfo=UTC),
    datetime(2026, 12, 8, tzinfo=UTC),
    "2026-12-08T00:00 UTC",
    "Cyber Week",
    ("dan",),
)


def titles(**texts: str) -> dict[str, str]:
    return texts


@dataclass
class World:
    """Time stands still until `pass_minutes`; nobody follows until `follow`."""

    root: Path
    now: datetime = datetime(2026, 12, 5, 10, tzinfo=UTC)
    runtimes: list[str] = field(default_factory=lambda: ["web-1", "web-2"])
    orders: Orders = ORDERS
    said: dict[str, Receipt] = field(default_factory=dict)

    @property
    def store(self) -> FolderStore:
        return FolderStore(self.root)

    @property
    def publisher(self) -> Publisher:
        return Publisher(self.store, "production", signing_key(), lambda: self.now)

    @property
    def pointer(self) -> Pointer:
        pointer = read_standing(self.store, "production", self.publisher.trust).pointer
        assert pointer is not None
        return pointer

    @property
    def rollout(self) -> Rollout:
        assert self.pointer.rollout is not None
        return self.pointer.rollout

    def pass_minutes(self, minutes: int) -> None:
        """Runtimes say meanwhile that they are there."""
        self.now += timedelta(minutes=minutes)
        moment = utc_text(self.now, milliseconds=True)
        for name, receipt in self.said.items():
            self.say(name, msgspec.structs.replace(receipt, written=moment))

    def say(self, name: str, receipt: Receipt) -> None:
        self.said[name] = receipt
        write_receipt(self.store, receipt, signing_key(7).private)

    def commit(
        self,
        texts: Mapping[str, str],
        name: str,
        *,
        failed: Collection[str] = (),
        into: Environment | None = None,
        channels: Mapping[str, str] | None = None,
        provider: str | Mapping[str, str] = "phones",
        **orders: object,
    ) -> Publication:
        release = compiled(texts, commit=name, failed=failed, channels=channels, provider=provider)
        return publish(
            self.publisher,
            release,
            into or environment(),
            orders=replace(self.orders, **orders),  # type: ignore[arg-type]
            leave_withdrawn=True,
        )

    def advance(self, **orders: object) -> Publication:
        return advance(self.publisher, self.now, replace(self.orders, **orders))  # type: ignore[arg-type]

    def stop(self, why: str = "") -> Publication:
        return stop(self.publisher, self.now, Orders(by="ann", why=why))

    def tend(self) -> Publication | None:
        return tend_rollout(self.publisher, self.now, self.orders.bringing_out)

    def follow(
        self,
        *runtimes: str,
        refuses: str = "",
        trouble: tuple[str, str] | None = None,
        message: str = "bad",
        operations: int = OPERATION_SET,
        ended: bool = False,
    ) -> None:
        """The runtimes (all, if none is named) activate what is published, or refuse it."""
        pointer = self.pointer
        moment = utc_text(self.now, milliseconds=True)
        for name in runtimes or self.runtimes:
            active = ActiveReceipt(
                sequence=pointer.sequence, release=pointer.release, commit=pointer.commit, at=moment
            )
            refusal = RefusalReceipt(
                code=refuses, message="no", at=moment, sequence=pointer.sequence
            )
            self.say(
                name,
                Receipt(
                    format=RECEIPT_FORMAT,
                    runtime=name,
                    environment="production",
                    written=moment,
                    active=None if refuses else active,
                    refused=refusal if refuses else None,
                    troubles=(
                        (TroubleReceipt(tenant=trouble[0], code=trouble[1], message=message),)
                        if trouble
                        else ()
                    ),
                    ended=moment if ended else None,
                    formats=(PLAN_FORMAT,),
                    operations=(operations,),
                ),
            )

    def runs(self) -> dict[str, str]:
        """Tenant → the title that its messages have now; everything behind the pointer is whole."""
        pointer = self.pointer
        prove_whole(self.store, pointer)
        return self.titles_of(pointer.release)

    def titles_of(self, release: str) -> dict[str, str]:
        found = {}
        stored = read_release(self.store, release)
        for name, digest in stored.release.tenants.items():
            plan = read_tenant(self.store, digest).plans["hello"]
            assert set(plan.senders) <= set(stored.release.channels)
            (content,) = plan.variants[0].messages["main"].values()
            (text,) = content.locales["en-US"]["title"]
            found[name] = text.text  # type: ignore[union-attr]
        return found
