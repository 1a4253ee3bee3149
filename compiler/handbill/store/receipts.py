"""Receipts: what each runtime says it has active, and what it last refused.

A receipt is a report, not an authority: it is not signed, nothing is activated because of it, and a
lost one is written again at the next change. Active release and last refusal are kept apart, so
that a refusal never hides what is running.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from handbill.plan.canonical import canonical_bytes
from handbill.plan.model import Digest, PlanStruct
from handbill.store.errors import ReceiptUnreadable
from handbill.store.instant import parse_utc
from handbill.store.paths import receipt_path, receipts_folder
from handbill.store.store import Store

RECEIPT_FORMAT = 1
_MAX_BYTES = 64 * 1024


class ActiveReceipt(PlanStruct, frozen=True, kw_only=True):
    """The release that the runtime runs; `at` is when it was activated, with milliseconds."""

    sequence: int
    release: Digest
    commit: str
    at: str


class RefusalReceipt(PlanStruct, frozen=True, kw_only=True):
    """The newest refusal since the active release was activated."""

    code: str
    message: str
    at: str
    hint: str | None = None
    sequence: int | None = None


class TroubleReceipt(PlanStruct, frozen=True, kw_only=True):
    """What the runtime cannot do for one tenant just now: its data, a provider, a bug."""

    tenant: str
    code: str
    message: str
    hint: str | None = None


class PauseReceipt(PlanStruct, frozen=True, kw_only=True):
    """Whom the runtime sends nothing for, by the pause of this number (the first of the tenants);
    `code` and `message`: what is wrong with the store's pause, which it does not obey."""

    number: int
    everyone: bool = False
    tenants: tuple[str, ...] = ()
    code: str = ""
    message: str = ""


class Receipt(PlanStruct, frozen=True, kw_only=True):
    format: int
    runtime: str
    environment: str
    written: str
    active: ActiveReceipt | None = None
    refused: RefusalReceipt | None = None
    ended: str | None = None
    """When the runtime stopped of itself; then nobody waits for it."""
    troubles: tuple[TroubleReceipt, ...] = ()
    pause: PauseReceipt | None = None
    """Absent where nobody was ever stopped."""
    formats: tuple[int, ...] = ()
    """Plan formats that the runtime executes; none where it does not say."""
    operations: tuple[int, ...] = ()
    """Operation sets, likewise."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """By runtime; `unreadable` says why a receipt was left out."""

    receipts: Mapping[str, Receipt]
    unreadable: Mapping[str, ReceiptUnreadable]


_decoder = msgspec.json.Decoder(Receipt)


def write_receipt(store: Store, receipt: Receipt) -> None:
    """Replaces the runtime's receipt: whole, but without waiting for the disk."""
    path = receipt_path(receipt.environment, receipt.runtime)
    store.put({path: canonical_bytes(receipt)}, durable=False)


def read_receipts(store: Store, environment: str) -> Receipts:
    receipts: dict[str, Receipt] = {}
    unreadable: dict[str, ReceiptUnreadable] = {}
    for name in store.names(receipts_folder(environment)):
        stored = store.read(f"{receipts_folder(environment)}/{name}")
        if stored is None:
            continue
        try:
            receipts[name] = _decoded(name, environment, stored.data)
        except ReceiptUnreadable as error:
            unreadable[name] = error
    return Receipts(receipts, unreadable)


def live_receipts(receipts: Receipts, now: datetime) -> Mapping[str, Receipt]:
    """Those of runtimes that are there at `now`: whom `status` waits for, whom a rollout asks."""
    return {name: each for name, each in receipts.receipts.items() if each.ended is None}


def _decoded(runtime: str, environment: str, data: bytes) -> Receipt:
    try:
        if len(data) > _MAX_BYTES:
            raise ValueError(f"larger than {_MAX_BYTES} bytes")
        receipt = _decoder.decode(data)
        if (receipt.format, receipt.runtime, receipt.environment) != (
            RECEIPT_FORMAT,
            runtime,
            environment,
        ):
            raise ValueError("it belongs to another runtime, environment or version")
        parse_utc(receipt.written)
    except (ValueError, msgspec.DecodeError) as error:
        raise ReceiptUnreadable(
            f"the receipt of `{runtime}` cannot be read: {error}",
            "it is written anew when that runtime next activates a release",
        ) from error
    return receipt
