"""What can be wrong with a store, as typed errors that carry a stable HB8 code.

These are exceptions because a store is the outside world: a disk that is full, bytes that were
changed, a pointer that somebody else signed. `message` says what was found, `hint` what to do
next; both read the same in the publisher's terminal and in a runtime's status.
"""

from __future__ import annotations

from typing import ClassVar


class StoreError(Exception):
    """Anything that keeps a store, or something in it, from being used."""

    code: ClassVar[str] = "HB802"

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class StoreUnusable(StoreError):
    """The URL does not name a store that Handbill can open."""

    code = "HB801"


class StoreUnavailable(StoreError):
    """The operating system refused to read or write."""

    code = "HB802"


class StoreBusy(StoreError):
    """Another process held the store's lock for too long."""

    code = "HB803"


class NotInStore(StoreError):
    """Something that must be there is missing."""

    code = "HB804"


class PackDamaged(StoreError):
    """A pack's bytes are not those that its digests name: truncated, changed or incomplete."""

    code = "HB805"


class AssetDamaged(StoreError):
    """A picture's bytes are not those that its name says."""

    code = "HB807"


class TooLarge(StoreError):
    """A file or object is over the format's bound."""

    code = "HB806"


class PointerUnreadable(StoreError):
    """The pointer's bytes are not a pointer."""

    code = "HB811"


class PointerUntrusted(StoreError):
    """The pointer carries no valid signature by a trusted key."""

    code = "HB812"


class PointerForeign(StoreError):
    """The pointer was signed for another environment."""

    code = "HB813"


class PointerOlder(StoreError):
    """The pointer is older than one that was already seen."""

    code = "HB814"


class PointerExpired(StoreError):
    """The pointer's expiry has passed."""

    code = "HB815"


class PublishConflict(StoreError):
    """Other publishers kept winning the race for the pointer."""

    code = "HB816"


class KeyUnusable(StoreError):
    """A key cannot be read, or is not an Ed25519 key."""

    code = "HB830"


class ReceiptUnreadable(StoreError):
    """A runtime's receipt cannot be understood."""

    code = "HB860"
