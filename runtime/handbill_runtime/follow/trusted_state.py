"""What a runtime has seen and verified, kept on its own disk: the floor below which it never goes.

Written only after a signature was verified, whole or not at all. An older pointer, an older root
document or a pause that has disappeared are recognised by it, also after a restart with an empty store.
Root documents and the pause are kept as they were signed, and verified again when read.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Digest, PlanStruct
from handbill.store.errors import TrustedStateDamaged
from handbill.store.folder import FolderStore
from handbill.store.paths import pause_path, root_path
from handbill.store.trust import Trust

STATE_FORMAT = 1
PATH = "trusted.json"


class TrustedState(PlanStruct, frozen=True, kw_only=True):
    """`root`: version of the newest root document; `sequence`: the highest ever activated; `pause`:
    number of the newest pause; `pointer`: digest of the envelope of what was last activated, and
    `pointer_root` the root version by which it was."""

    format: int = STATE_FORMAT
    root: int = 0
    sequence: int = 0
    pause: int = 0
    pointer: Digest = ""
    pointer_root: int = 0


_decoder = msgspec.json.Decoder(TrustedState)


@dataclass(slots=True)
class TrustedMemory:
    """`store` is the folder of this runtime and environment."""

    store: FolderStore
    environment: str
    state: TrustedState = field(default_factory=TrustedState)

    def load(self) -> TrustedState:
        """From disk; nothing was ever seen where there is no file. Raises TrustedStateDamaged: a
        floor that cannot be read must not be taken for none."""
        stored = self.store.read(PATH)
        if stored is None:
            return self.state
        try:
            state = _decoder.decode(stored.data)
            if state.format != STATE_FORMAT or min(state.root, state.sequence, state.pause) < 0:
                raise ValueError("it is of another version, or makes no sense")
        except (ValueError, msgspec.DecodeError) as error:
            raise TrustedStateDamaged(
                f"{self.store.root / PATH} cannot be read: {error}",
                "look at what happened to this disk; what was signed and is kept beside it is the floor",
            ) from error
        self.state = state
        return state

    def is_last_activated(self, envelope: bytes) -> bool:
        """Whether these very bytes were verified and activated here."""
        return self.state.pointer == digest_of(envelope)

    def activated(self, envelope: bytes, sequence: int, trust: Trust) -> None:
        self._advance(
            sequence=max(sequence, self.state.sequence),
            pointer=digest_of(envelope),
            pointer_root=trust.version,
        )

    def floor(self, sequence: int) -> None:
        """What the last good release shows to have been active, if this file does not."""
        if sequence > self.state.sequence:
            self.state = msgspec.structs.replace(self.state, sequence=sequence)

    def followed(self, trust: Trust) -> None:
        """Keeps the chain of root documents, and then the version."""
        if trust.version <= self.state.root:
            return
        self._write_chain(trust)
        self._advance(root=trust.version)

    def paused(self, number: int, envelope: bytes) -> None:
        """Keeps the pause as it was signed, and then its number; nothing where it is an older one."""
        if number < self.state.pause:
            return
        self.store.put({pause_path(self.environment): envelope})
        self._advance(pause=max(number, self.state.pause))

    def kept_pause(self) -> bytes | None:
        stored = self.store.read(pause_path(self.environment))
        return stored.data if stored else None

    def _on_disk(self) -> TrustedState:
        """What a runtime beside this one, with the same folder, has written meanwhile."""
        stored = self.store.read(PATH)
        try:
            return _decoder.decode(stored.data) if stored else TrustedState()
        except (ValueError, msgspec.DecodeError):
            return TrustedState()

    def _write_chain(self, trust: Trust) -> None:
        files = {root_path(each.root.version): each.envelope for each in trust.chain[1:]}
        if files:
            self.store.put(files)

    def _advance(self, **changes: int | str) -> None:
        before = self.state
        self.state = _highest(msgspec.structs.replace(before, **changes), self._on_disk())
        if self.state != before or self.store.size(PATH) is None:
            self.store.put({PATH: canonical_bytes(self.state)})


def _highest(one: TrustedState, other: TrustedState) -> TrustedState:
    """`one`, but no floor of it lower than in `other`."""
    return msgspec.structs.replace(
        one,
        root=max(one.root, other.root),
        sequence=max(one.sequence, other.sequence),
        pause=max(one.pause, other.pause),
    )
