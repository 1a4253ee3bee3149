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


class RootUnreadable(StoreError):
    """A root document's bytes are not one."""

    code = "HB870"


class RootUntrusted(StoreError):
    """A root document lacks signatures of its own keys, or of those of the version before."""

    code = "HB871"


class RootExpired(StoreError):
    """The newest root document's expiry has passed."""

    code = "HB872"


class RootOlder(StoreError):
    """The chain of root documents ends before a version that was already seen."""

    code = "HB873"


class KeyNotDelegated(StoreError):
    """The root document does not let this key do this."""

    code = "HB874"


class KeyRevoked(PointerUntrusted):
    """Signed by a key that an earlier root document named, and the newest does not."""

    code = "HB875"


class PauseUnreadable(StoreError):
    """The pause's bytes are damaged, or gone."""

    code = "HB876"


class PauseUntrusted(StoreError):
    """The pause is not signed by whoever may stop this environment, or not for it."""

    code = "HB877"


class PauseOlder(StoreError):
    """The pause is older than one that was already seen."""

    code = "HB878"


class TrustedStateDamaged(StoreError):
    """What a runtime remembers of the signatures it has seen cannot be read."""

    code = "HB879"


class AttestationUnsound(StoreError):
    """The statement of how a release was made is missing, damaged, or about something else."""

    code = "HB881"


class HistoryBroken(StoreError):
    """The chain of pointers does not lead back to the first one."""

    code = "HB882"


class RootConflict(StoreError):
    """Another root document of this version is already published."""

    code = "HB884"


class SequenceJump(StoreError):
    """The pointer's number is further ahead than any publisher goes."""

    code = "HB885"


class CollectionRefused(StoreError):
    """Garbage collection cannot tell what is needed, so it removes nothing."""

    code = "HB861"


class CollectionBusy(StoreError):
    """A garbage collection is removing what is asked for, or another one removes already."""

    code = "HB862"


class StoreLeased(StoreError):
    """Another publisher has this store, which takes one at a time."""

    code = "HB863"
