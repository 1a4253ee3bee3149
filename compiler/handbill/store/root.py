"""The root document: which keys may publish to which environment, who may stop it, which runtimes exist.

Its own keys stay offline; they sign a document, never a release. Version n+1 counts once the
thresholds of both n and n+1 have signed it, so whoever has a file of version 1 can follow all later
ones by signatures alone. Documents lie in the store create-only, one per version.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from handbill.plan.canonical import canonical_bytes
from handbill.plan.model import PlanStruct
from handbill.store import dsse
from handbill.store.errors import KeyUnusable, RootExpired, RootUnreadable, RootUntrusted
from handbill.store.instant import parse_utc
from handbill.store.keys import PublicKey, parse_public_keys
from handbill.store.paths import MAX_SEQUENCE, environment_folder

PAYLOAD_TYPE = "application/vnd.handbill.root+json"
ROOT_FORMAT = 1
MAX_KEYS = 64
"""In one role."""


class Role(PlanStruct, frozen=True, kw_only=True):
    """`threshold` different keys of these must sign; a key is written `ed25519:…`."""

    keys: tuple[str, ...]
    threshold: int = 1

    @property
    def public_keys(self) -> tuple[PublicKey, ...]:
        return tuple(key for text in self.keys for key in parse_public_keys(text))


NOBODY = Role(keys=())
"""Nothing is signed by nobody: see `Role.threshold`, which is never below 1."""


class Delegation(PlanStruct, frozen=True, kw_only=True):
    """Of one environment: `publishers` sign its pointers, `operators` stop it and let it go on."""

    publishers: Role
    operators: Role = NOBODY


class Root(PlanStruct, frozen=True, kw_only=True):
    """`expires` is UTC, `2027-11-24T10:00:00Z`. `runtimes` are by name: who signs which receipt."""

    format: int
    version: int
    expires: str
    root: Role
    environments: Mapping[str, Delegation] = {}
    runtimes: Mapping[str, str] = {}


_decoder = msgspec.json.Decoder(Root)


def encode_root(root: Root) -> bytes:
    """The unsigned document: an envelope that waits for signatures. ValueError for nonsense."""
    refuse_nonsense(root)
    return dsse.sign(PAYLOAD_TYPE, canonical_bytes(root), [])


def decode_root(envelope: bytes) -> Root:
    """What the document says, believed by nobody yet. Raises RootUnreadable."""
    return _decoded(_payload(envelope))


def verify_root(envelope: bytes) -> Root:
    """The document, if its own root keys signed it: what a pinned file must be.

    Raises RootUnreadable, RootUntrusted.
    """
    return _decoded(_signed(envelope, decode_root(envelope).root))


def verify_successor(envelope: bytes, before: Root) -> Root:
    """The document, if it is the version after `before`, signed by the root keys of both."""
    by_the_old = _signed(envelope, before.root)
    root = _decoded(by_the_old)
    by_its_own = _signed(envelope, root.root)
    if by_its_own != by_the_old:
        raise RootUnreadable("the root document is ambiguous")
    if root.version != before.version + 1:
        raise RootUntrusted(
            f"the root document is version {root.version} where version {before.version + 1} belongs",
            "an old one was put in another's place: publish the right one again",
        )
    return root


def refuse_expired_root(root: Root, now: datetime) -> None:
    """Raises RootExpired once `now` has reached the document's expiry."""
    if now >= parse_utc(root.expires):
        raise RootExpired(
            f"the root document, version {root.version}, expired at {root.expires}",
            "sign a new one with the offline keys: handbill root renew, sign, publish",
        )


def signers(envelope: bytes, role: Role) -> tuple[PublicKey, ...]:
    """Which of the role's keys have signed the envelope, each once."""
    payload = _payload(envelope)
    message = dsse.pae(PAYLOAD_TYPE, payload)
    return tuple(
        dict.fromkeys(
            key
            for key in role.public_keys
            if any(key.verifies(sig, message) for sig in dsse.signature_bytes(envelope))
        )
    )


def refuse_nonsense(root: Root) -> None:
    """Raises ValueError where the document could never be obeyed, and says why."""
    if root.format != ROOT_FORMAT:
        raise ValueError(f"it has format {root.format}; this version reads format {ROOT_FORMAT}")
    if not 1 <= root.version <= MAX_SEQUENCE:
        raise ValueError(f"{root.version} is not a version")
    parse_utc(root.expires)
    _refuse_role("the root role", root.root)
    for name, delegation in root.environments.items():
        environment_folder(name)
        _refuse_role(f"the publishers of `{name}`", delegation.publishers)
        if delegation.operators.keys:
            _refuse_role(f"the operators of `{name}`", delegation.operators)
    for name, key in root.runtimes.items():
        if len(parse_public_keys(key)) != 1:
            raise ValueError(f"the runtime `{name}` has not one key")


def _refuse_role(what: str, role: Role) -> None:
    distinct = len(set(role.public_keys))
    if len(role.keys) > MAX_KEYS:
        raise ValueError(f"{what} has more than {MAX_KEYS} keys")
    if distinct != len(role.keys):
        raise ValueError(f"{what} names one key twice")
    if not 1 <= role.threshold <= distinct:
        raise ValueError(f"{what} asks for {role.threshold} signatures of {distinct} keys")


def _signed(envelope: bytes, role: Role) -> bytes:
    try:
        return dsse.verify(envelope, PAYLOAD_TYPE, role.public_keys, role.threshold)
    except dsse.SignatureError as error:
        raise RootUntrusted(
            f"the root document does not have enough signatures: {error}",
            "sign it with more of the root keys: handbill root sign",
        ) from error
    except dsse.EnvelopeError as error:
        raise _unreadable(error) from error


def _payload(envelope: bytes) -> bytes:
    """Unverified."""
    try:
        payload_type, payload = dsse.unverified(envelope)
        if payload_type != PAYLOAD_TYPE:
            raise dsse.EnvelopeError(f"it holds {payload_type!r}")
    except dsse.EnvelopeError as error:
        raise _unreadable(error) from error
    return payload


def _decoded(payload: bytes) -> Root:
    try:
        root = _decoder.decode(payload)
        if canonical_bytes(root) != payload:
            raise ValueError("its payload is not in canonical form")
        refuse_nonsense(root)
    except (ValueError, msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _unreadable(error) from error
    except KeyUnusable as error:
        raise RootUnreadable(
            f"the root document has a key that is none: {error.message}"
        ) from error
    return root


def _unreadable(error: Exception) -> RootUnreadable:
    return RootUnreadable(
        f"the root document cannot be read: {error}",
        "take the file that `handbill root publish` put into the store",
    )
