"""The emergency stop: a signed file that says which retailers of an environment send nothing just now.

It says the whole state, not a change of it, so that the newest one is all that a runtime needs. It takes
only the store and an operator's key: no git, no compiler, no publisher. Each stop and resumption is also
kept for ever under its number, written before the file that runtimes look at.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handbill.plan.canonical import canonical_bytes
from handbill.plan.model import PlanStruct
from handbill.store import dsse
from handbill.store.errors import (
    PauseOlder,
    PauseUnreadable,
    PauseUntrusted,
    PublishConflict,
    StoreError,
)
from handbill.store.instant import parse_utc, utc_text
from handbill.store.paths import (
    MAX_SEQUENCE,
    pause_line_path,
    pause_path,
    pauses_folder,
    sequence_of,
)
from handbill.store.store import Store
from handbill.store.trust import Trust

PAYLOAD_TYPE = "application/vnd.handbill.pause+json"
MAX_TENANTS = 10_000
ATTEMPTS = 100


class Pause(PlanStruct, frozen=True, kw_only=True):
    """Who is stopped from now on: everybody with `everyone`, else `tenants`; nobody where both are
    empty. `issued` is UTC. `number` only grows: it is about the seconds since 1970."""

    environment: str
    number: int
    issued: str
    by: str
    reason: str
    everyone: bool = False
    tenants: tuple[str, ...] = ()

    def stops(self, tenant: str) -> bool:
        return self.everyone or tenant in self.tenants

    @property
    def is_idle(self) -> bool:
        """Nobody is stopped."""
        return not self.everyone and not self.tenants

    def stops_all_of(self, other: Pause) -> bool:
        """Whether whoever `other` stops is stopped by this too."""
        return self.everyone or (not other.everyone and set(other.tenants) <= set(self.tenants))


_decoder = msgspec.json.Decoder(Pause)


@dataclass(frozen=True, slots=True)
class StoredPause:
    pause: Pause
    envelope: bytes


@dataclass(frozen=True, slots=True)
class PauseStanding:
    """What holds now. `pause` is the newest that verifies, from the file that runtimes look at or
    from the lines kept; `problem` says what is wrong with that file."""

    pause: Pause | None
    version: str | None
    problem: StoreError | None = None


def sign_pause(pause: Pause, *keys: Ed25519PrivateKey) -> bytes:
    """The bytes to store. ValueError where a field has a value that no operator's command writes."""
    _refuse_nonsense(pause)
    return dsse.sign(PAYLOAD_TYPE, canonical_bytes(pause), keys)


def verify_pause(envelope: bytes, environment: str, trust: Trust) -> Pause:
    """The pause, if the environment's operators signed these very bytes for it.

    Raises PauseUnreadable or PauseUntrusted.
    """
    quorum = trust.operators(environment)
    try:
        payload = dsse.verify(envelope, PAYLOAD_TYPE, quorum.keys, quorum.threshold)
        if not dsse.is_canonical(envelope):
            raise dsse.EnvelopeError("its bytes were changed after signing")
        pause = _decoder.decode(payload)
        if canonical_bytes(pause) != payload:
            raise dsse.EnvelopeError("its payload is not in canonical form")
        _refuse_nonsense(pause)
    except dsse.SignatureError as error:
        raise PauseUntrusted(
            f"the pause of `{environment}` is not signed by whoever may stop it",
            "pause again with an operator's key (--key)",
        ) from error
    except (ValueError, msgspec.DecodeError, UnicodeError) as error:
        raise PauseUnreadable(
            f"the pause of `{environment}` cannot be read: {error}",
            "pause again, or resume: it is then written anew",
        ) from error
    if pause.environment != environment:
        raise PauseUntrusted(
            f"the pause of `{environment}` was signed for `{pause.environment}`",
            "somebody moved it here: pause this environment again, or resume",
        )
    return pause


def verify_former_pause(envelope: bytes, environment: str, trust: Trust) -> Pause:
    """As `verify_pause`, by the operators of the newest or any earlier known root document."""
    for version in reversed(trust.chain[1:]):
        try:
            return verify_pause(envelope, environment, trust.as_of(version.root.version))
        except StoreError:
            continue
    return verify_pause(envelope, environment, trust.as_of(0))


def read_pause(store: Store, environment: str, trust: Trust, seen: int = 0) -> StoredPause | None:
    """What the file says that runtimes look at; None where nobody was ever stopped.

    Raises PauseUnreadable, PauseUntrusted, or PauseOlder where number `seen` was seen already and
    the file is older, or gone.
    """
    stored = store.read(pause_path(environment))
    if stored is None:
        if seen:
            raise PauseOlder(
                f"the pause of `{environment}` is gone from the store, and number {seen} was seen",
                "what it stopped stays stopped: resume with an operator's key, or pause again",
            )
        return None
    pause = verify_pause(stored.data, environment, trust)
    if pause.number < seen:
        raise PauseOlder(
            f"the pause of `{environment}` is number {pause.number}, older than number {seen}",
            "an old one was put back: resume with an operator's key, or pause again",
        )
    return StoredPause(pause, stored.data)


def read_pause_lines(
    store: Store, environment: str, trust: Trust, limit: int | None = None
) -> tuple[Pause, ...]:
    """Of the newest `limit` stops and resumptions those that verify, newest first; those too that an
    earlier root document let somebody sign."""
    numbers = _numbers(store, environment)[:limit]
    found = (_line(store, environment, number, trust, former=True) for number in numbers)
    return tuple(each.pause for each in found if each is not None)


def newest_pause_line(store: Store, environment: str, trust: Trust) -> StoredPause | None:
    for number in _numbers(store, environment):
        if (line := _line(store, environment, number, trust)) is not None:
            return line
    return None


def read_pause_standing(store: Store, environment: str, trust: Trust) -> PauseStanding:
    """What an operator's next stop or resumption begins from."""
    stored = store.read(pause_path(environment))
    line = newest_pause_line(store, environment, trust)
    kept = line.pause if line else None
    if stored is None:
        return PauseStanding(kept, None, _gone(environment) if kept else None)
    try:
        pause = verify_pause(stored.data, environment, trust)
    except StoreError as error:
        return PauseStanding(kept, stored.version, error)
    if kept is not None and kept.number > pause.number:
        # its operator was cut off between the line and the file, or an old file was put back
        return PauseStanding(kept, stored.version)
    return PauseStanding(pause, stored.version)


def change_pause(
    store: Store,
    environment: str,
    trust: Trust,
    keys: Collection[Ed25519PrivateKey],
    *,
    stop: Collection[str] = (),
    resume: Collection[str] = (),
    everyone: bool | None = None,
    by: str,
    reason: str,
    now: datetime,
) -> Pause:
    """Stops and resumes retailers beside those who are stopped already; `everyone` True stops all,
    False lets all go on (but for `stop`).

    Raises PublishConflict where others keep being faster, or another StoreError.
    """
    issued = utc_text(now)
    for _ in range(ATTEMPTS):
        standing = read_pause_standing(store, environment, trust)
        before = standing.pause
        stopped = set(before.tenants) if before and everyone is not False else set()
        all_stopped = (before is not None and before.everyone) if everyone is None else everyone
        tenants = tuple(sorted((stopped | set(stop)) - set(resume)))
        pause = Pause(
            environment=environment,
            number=_next_number(before, now),
            issued=issued,
            by=by,
            reason=reason,
            everyone=all_stopped,
            tenants=tenants,
        )
        envelope = _signed(pause, keys)
        verify_pause(envelope, environment, trust)
        if not store.create(pause_line_path(environment, pause.number), envelope):
            now += timedelta(seconds=1)
            continue
        if store.swap(pause_path(environment), standing.version, envelope):
            return pause
    raise PublishConflict(
        f"other operators changed the pause of `{environment}` {ATTEMPTS} times meanwhile",
        "see who else does, then try again",
    )


def _signed(pause: Pause, keys: Collection[Ed25519PrivateKey]) -> bytes:
    try:
        return sign_pause(pause, *keys)
    except ValueError as error:
        raise PauseUnreadable(
            f"this would be no pause: {error}",
            "look at this machine's clock; where there are too many tenants, stop all",
        ) from error


def _next_number(before: Pause | None, now: datetime) -> int:
    """The seconds since 1970, or one more than the last. So it exceeds whatever a runtime has seen,
    even where somebody removed every trace of it from the store."""
    return max(before.number + 1 if before else 0, int(now.timestamp()))


def _numbers(store: Store, environment: str) -> tuple[int, ...]:
    """Newest first."""
    names = store.names(pauses_folder(environment))
    return tuple(sorted((n for name in names if (n := sequence_of(name))), reverse=True))


def _line(
    store: Store, environment: str, number: int, trust: Trust, former: bool = False
) -> StoredPause | None:
    stored = store.read(pause_line_path(environment, number))
    if stored is None:
        return None
    try:
        judge = verify_former_pause if former else verify_pause
        pause = judge(stored.data, environment, trust)
    except StoreError:
        return None
    return StoredPause(pause, stored.data) if pause.number == number else None


def _gone(environment: str) -> PauseOlder:
    return PauseOlder(
        f"the pause of `{environment}` is gone from the store",
        "what it stopped stays stopped: resume with an operator's key, or pause again",
    )


def _refuse_nonsense(pause: Pause) -> None:
    if not 1 <= pause.number <= MAX_SEQUENCE:
        raise ValueError(f"{pause.number} is not a number of a pause")
    if len(pause.tenants) > MAX_TENANTS or list(pause.tenants) != sorted(set(pause.tenants)):
        raise ValueError("its list of tenants is too long, or out of order")
    parse_utc(pause.issued)
