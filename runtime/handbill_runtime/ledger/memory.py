"""Which ledger a runtime used last, kept beside its last good release.

A ledger that vanished, was replaced or was put back from a backup looks like any other; but with it
whoever was sent something gets it again, and unsubscribes are forgotten. So it is refused until
somebody says that this is meant.
"""

from __future__ import annotations

import msgspec

from handbill.store.errors import StoreError
from handbill.store.folder import FolderStore
from handbill_runtime.errors import LedgerFault
from handbill_runtime.ledger.model import LedgerIdentity
from handbill_runtime.ledger.sqlite import SqliteLedger, ledger_path, open_ledger

FILE = "ledger"
HINT = "put the right ledger back, or begin with this one: handbill run … --new-ledger"


class LedgerMemory:
    """`state` holds one environment of one store. `accept_new` lets one unknown ledger pass."""

    def __init__(self, state: FolderStore, accept_new: bool = False) -> None:
        self._state = state
        self._accept_new = accept_new
        self._accepted = False

    def open(self, url: str) -> SqliteLedger:
        """The ledger, made if this runtime never used one; LedgerFault HB904 for another than it
        used last, HB905 for an older copy of that."""
        refusal = self._refusal(url)
        if refusal is not None and not self._accept_new:
            raise refusal
        self._accepted = refusal is not None
        return open_ledger(url)

    def remember(self, ledger: SqliteLedger) -> None:
        """Once its lease was taken; durable when it returns."""
        identity = ledger.identity()
        try:
            if self._accepted or _is_newer(identity, self._last()):
                self._state.put({FILE: msgspec.json.encode(identity)})
        except StoreError as error:
            raise LedgerFault(
                "HB904",
                f"it cannot be remembered which ledger was used: {error.message}",
                "give --state a folder that this user may write",
            ) from error
        if self._accepted:
            self._accept_new = self._accepted = False

    def _refusal(self, url: str) -> LedgerFault | None:
        try:
            last = self._last()
        except LedgerFault as fault:
            return fault
        if last is None:
            return None
        if not ledger_path(url).exists():
            return _unknown(f"the ledger {url} is missing, and this runtime has used one before")
        ledger = open_ledger(url, create=False)
        try:
            return _compare(url, ledger.identity(), last)
        finally:
            ledger.close()

    def _last(self) -> LedgerIdentity | None:
        try:
            stored = self._state.read(FILE)
            return None if stored is None else _decode(stored.data)
        except (StoreError, msgspec.DecodeError) as error:
            raise _unknown(
                f"it cannot be read which ledger this runtime used before: {error}"
            ) from error


def _decode(data: bytes) -> LedgerIdentity:
    return msgspec.json.decode(data, type=LedgerIdentity)


def _is_newer(identity: LedgerIdentity, last: LedgerIdentity | None) -> bool:
    return last is None or last.id != identity.id or last.generation < identity.generation


def _compare(url: str, identity: LedgerIdentity, last: LedgerIdentity) -> LedgerFault | None:
    if identity.id != last.id:
        return _unknown(f"the ledger {url} is not the one that this runtime used before")
    if identity.generation >= last.generation:
        return None
    return LedgerFault(
        "HB905",
        f"the ledger {url} is an older copy of the one that this runtime used before: what was "
        "sent since is not in it and would be sent again, and unsubscribes since are forgotten",
        HINT,
    )


def _unknown(what: str) -> LedgerFault:
    return LedgerFault(
        "HB904",
        f"{what}: with a new one, whoever was sent something may get it again, and unsubscribes "
        "are forgotten",
        HINT,
    )
