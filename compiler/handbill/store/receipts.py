"""Receipts: what each runtime says it has active, what it last refused, and what it can execute.

A receipt is a report, not an authority: nothing is activated because of it, and a lost one is written
again within minutes. It is signed by the runtime's own key. Where a root document lists the runtimes,
only their receipts count; elsewhere the key is shown, so that a stranger is seen. Active release and
last refusal are kept apart: a refusal never hides what is running.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handbill.plan.canonical import canonical_bytes
from handbill.plan.model import Digest, PlanStruct
from handbill.store import dsse
from handbill.store.errors import KeyUnusable, NotInStore, ReceiptUnreadable, TooLarge
from handbill.store.instant import parse_utc
from handbill.store.keys import PublicKey, parse_public_keys, public_key_of
from handbill.store.paths import receipt_path, receipts_folder
from handbill.store.store import Store, Stored

PAYLOAD_TYPE = "application/vnd.handbill.receipt+json"
RECEIPT_FORMAT = 2
HEARTBEAT = timedelta(minutes=5)
"""How long a runtime with nothing new to say waits before it says so."""
LIVE_WITHIN = 3 * HEARTBEAT
"""A runtime that has said nothing for longer is not there."""
READ_SECONDS = 30.0
"""A receipt that cannot be had within this counts as unreadable."""
_TOGETHER = 32
_HELD = 256
"""So many receipts are in memory before they are looked at."""
_MAX_BYTES = 64 * 1024


class ActiveReceipt(PlanStruct, frozen=True, kw_only=True):
    """The release that the runtime runs; `at` is when it was activated, with milliseconds. `missing`:
    so many retailers' packs are not on its disk yet; until none is, it is not its last good release."""

    sequence: int
    release: Digest
    commit: str
    at: str
    missing: int = 0


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
    key: str = ""
    """The public key that the receipt is signed with, `ed25519:…`."""
    root: int = 0
    """Version of the root document that the runtime goes by; 0 where it trusts plain keys."""
    formats: tuple[int, ...] = ()
    """Plan formats that the runtime executes; none where it does not say."""
    operations: tuple[int, ...] = ()
    """Operation sets, likewise."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """By runtime. `unreadable` says why a receipt was left out; `modified` is when each came to the
    store, by the store's clock."""

    receipts: Mapping[str, Receipt]
    unreadable: Mapping[str, ReceiptUnreadable]
    modified: Mapping[str, datetime] = field(default_factory=dict)


_decoder = msgspec.json.Decoder(Receipt)


def sign_receipt(receipt: Receipt, key: Ed25519PrivateKey) -> bytes:
    """The bytes to store: the receipt with the key in it, in an envelope signed by that key."""
    named = msgspec.structs.replace(receipt, key=str(public_key_of(key)))
    return dsse.sign(PAYLOAD_TYPE, canonical_bytes(named), [key])


def write_receipt(store: Store, receipt: Receipt, key: Ed25519PrivateKey) -> None:
    """Replaces the runtime's receipt: whole, but without waiting for the disk."""
    path = receipt_path(receipt.environment, receipt.runtime)
    store.put({path: sign_receipt(receipt, key)}, durable=False)


def read_receipts(
    store: Store,
    environment: str,
    runtimes: Mapping[str, PublicKey] | None = None,
    seconds: float = READ_SECONDS,
) -> Receipts:
    """Every receipt of the environment, by one listing and reads that do not wait for each other.

    With `runtimes` (those of a root document) a receipt counts only under its runtime's own key.
    What has not come within `seconds` is among the unreadable.
    """
    folder = receipts_folder(environment)
    listed = store.listed(folder)
    receipts: dict[str, Receipt] = {}
    unreadable: dict[str, ReceiptUnreadable] = {}
    fit = [each.name for each in listed if each.size <= _MAX_BYTES]
    unreadable |= {each.name: _too_large(each.name) for each in listed if each.size > _MAX_BYTES}
    for name, data in _read_all(store, folder, fit, seconds):
        try:
            if data is not None:
                receipts[name] = _decoded(name, environment, data, runtimes)
        except ReceiptUnreadable as error:
            unreadable[name] = error
    return Receipts(receipts, unreadable, {each.name: each.modified for each in listed})


def live_receipts(receipts: Receipts, now: datetime) -> Mapping[str, Receipt]:
    """Those of runtimes that are there at `now`: whom `status` waits for, whom a rollout asks.

    A runtime is there that has not ended and said something lately, by its own clock or, where that is
    wrong, by the store's.
    """

    def is_live(name: str, receipt: Receipt) -> bool:
        said = (parse_utc(receipt.written), receipts.modified.get(name))
        lately = any(at is not None and abs(now - at) <= LIVE_WITHIN for at in said)
        return receipt.ended is None and lately

    return {name: each for name, each in receipts.receipts.items() if is_live(name, each)}


def _read_all(
    store: Store, folder: str, names: Sequence[str], seconds: float
) -> Iterator[tuple[str, bytes | None]]:
    """Name and bytes; ReceiptUnreadable's reason stands in for what does not come in time."""
    deadline = time.monotonic() + seconds
    readers = ThreadPoolExecutor(_TOGETHER, thread_name_prefix="receipts")
    try:
        for at in range(0, len(names), _HELD):
            some = names[at : at + _HELD]
            reading = {name: readers.submit(store.read, f"{folder}/{name}") for name in some}
            for name, one in reading.items():
                yield name, _data(one, deadline)
    finally:
        readers.shutdown(wait=False, cancel_futures=True)


def _data(reading: Future[Stored | None], deadline: float) -> bytes | None:
    """None where the file has gone; nothing where it cannot be had, or not in time."""
    try:
        stored = reading.result(timeout=max(0.0, deadline - time.monotonic()))
    except (TimeoutError, TooLarge, NotInStore):
        return b""
    return stored.data if stored else None


def _too_large(runtime: str) -> ReceiptUnreadable:
    return _unreadable(runtime, f"larger than {_MAX_BYTES} bytes")


def _unreadable(runtime: str, reason: str) -> ReceiptUnreadable:
    return ReceiptUnreadable(
        f"the receipt of `{runtime}` cannot be read: {reason}",
        "that runtime writes it anew within minutes; if it has ended for good, remove the file",
    )


def _decoded(
    runtime: str, environment: str, data: bytes, runtimes: Mapping[str, PublicKey] | None
) -> Receipt:
    try:
        if not data:
            raise ValueError("it is empty, or the store does not give it in time")
        if len(data) > _MAX_BYTES:
            raise ValueError(f"larger than {_MAX_BYTES} bytes")
        _, unverified = dsse.unverified(data)
        receipt = _decoder.decode(unverified)
        (key,) = parse_public_keys(receipt.key)
        dsse.verify(data, PAYLOAD_TYPE, [key])
        if (receipt.format, receipt.runtime, receipt.environment) != (
            RECEIPT_FORMAT,
            runtime,
            environment,
        ):
            raise ValueError("it belongs to another runtime, environment or version")
        parse_utc(receipt.written)
    except (ValueError, msgspec.DecodeError, KeyUnusable) as error:
        raise _unreadable(runtime, str(error)) from error
    if runtimes and runtimes.get(runtime) != key:
        raise ReceiptUnreadable(
            f"the receipt of `{runtime}` does not count: the root document lists "
            + ("another key for it" if runtime in runtimes else "no such runtime"),
            f"if it is yours, add its key: handbill root, runtime {runtime} {key}",
        )
    return receipt
