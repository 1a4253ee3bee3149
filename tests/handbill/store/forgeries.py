"""What thieves put into a store, each of which must be refused; `accepted` says which ones were not."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import TypeAlias

import msgspec
from root_world import MADE, OPERATOR, PUBLISHER, ROOT_KEYS, STRANGER, SUCCESSOR, first_root, signed

from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.pointer import Pointer
from handbill.publish.rooting import Change, next_version, with_keys, without_key
from handbill.store import dsse, pause, pointer, provenance, root, trust
from handbill.store.errors import StoreError
from handbill.store.folder import FolderStore
from handbill.store.paths import attestation_path

Forgery: TypeAlias = tuple[str, Callable[[], object]]

POINTER = Pointer(
    environment="production",
    environment_digest="sha256:" + "e" * 64,
    sequence=7,
    release="sha256:" + "a" * 64,
    commit="c" * 40,
    compiler="0.1.0",
    issued="2026-12-05T10:00:00Z",
    expires="2027-01-04T10:00:00Z",
    replaces=6,
)
OTHER = msgspec.structs.replace(POINTER, release="sha256:" + "b" * 64, sequence=8)
PAUSE = pause.Pause(
    environment="production", number=9, issued="2026-12-05T10:00:00Z", by="olga", reason="prices"
)
FIRST = first_root()
FIRST_OF_TWO = first_root(threshold=2)
FLAT = trust.flat_trust(PUBLISHER.public)
ROOTED = trust.pinned_trust(FIRST)
OF_TWO = trust.pinned_trust(FIRST_OF_TWO)
REVOKED = trust.Trust(
    chain=(
        *ROOTED.chain,
        trust.Version(
            next_version(
                without_key(
                    with_keys(
                        ROOTED.chain[0].root,
                        Change(environment="production", publishers=[SUCCESSOR.public]),
                    ),
                    PUBLISHER.public,
                ),
                MADE,
            ),
            b"",
        ),
    )
)


def with_payload(envelope: bytes, payload: bytes) -> bytes:
    """The envelope's signatures over another payload."""
    other = json.loads(dsse.sign("x", payload, []))["payload"]
    return canonical_bytes(json.loads(envelope) | {"payload": other})


def respelt(envelope: bytes) -> bytes:
    return envelope + b" "


def by(key, body=POINTER, kind=pointer.PAYLOAD_TYPE):  # type: ignore[no-untyped-def]
    return dsse.sign(kind, canonical_bytes(body), [key.private])


def pointers() -> Iterator[Forgery]:
    sound = by(PUBLISHER)
    with contextlib.suppress(StoreError):
        pointer.verify_pointer(sound, "production", FLAT)
    forged = {
        "another payload": with_payload(sound, canonical_bytes(OTHER)),
        "stripped": dsse.sign(pointer.PAYLOAD_TYPE, canonical_bytes(POINTER), []),
        "a stranger": by(STRANGER),
        "another kind": by(PUBLISHER, kind="application/json"),
        "respelt": respelt(sound),
        "another environment": by(PUBLISHER, msgspec.structs.replace(POINTER, environment="b")),
        "nonsense": by(PUBLISHER, msgspec.structs.replace(POINTER, sequence=0, replaces=0)),
        "an operator": by(OPERATOR),
    }
    for name, envelope in forged.items():
        for believed in (FLAT, ROOTED):
            yield name, lambda e=envelope, b=believed: pointer.verify_pointer(e, "production", b)
    twice = json.loads(sound)
    twice["signatures"].append(twice["signatures"][0] | {"keyid": SUCCESSOR.public.key_id})
    two = {"one of two": sound, "one twice": canonical_bytes(twice)}
    for name, envelope in two.items():
        yield name, lambda e=envelope: pointer.verify_pointer(e, "production", OF_TWO)
    yield "revoked", lambda: pointer.verify_pointer(sound, "production", REVOKED)


def roots() -> Iterator[Forgery]:
    before = ROOTED.chain[0].root
    following = next_version(before, MADE)
    grab = with_keys(following, Change(root_keys=[STRANGER.public, PUBLISHER.public]))
    taken = msgspec.structs.replace(
        following, root=root.Role(keys=(str(STRANGER.public), str(PUBLISHER.public)), threshold=2)
    )
    forged = {
        "the old keys alone": signed(taken, *ROOT_KEYS[:2]),
        "the new keys alone": signed(taken, STRANGER, PUBLISHER),
        "too few": signed(grab, ROOT_KEYS[0]),
        "strangers": signed(grab, STRANGER, PUBLISHER),
        "the same version": FIRST,
        "a version left out": signed(msgspec.structs.replace(following, version=3)),
        "another payload": with_payload(signed(following), canonical_bytes(grab)),
    }
    for name, envelope in forged.items():
        yield name, lambda e=envelope: root.verify_successor(e, before)
    yield "unsigned", lambda: root.verify_root(signed(before, STRANGER))
    yield "pinned too few", lambda: root.verify_root(signed(before, ROOT_KEYS[0]))


def pauses() -> Iterator[Forgery]:
    sound = by(OPERATOR, PAUSE, pause.PAYLOAD_TYPE)
    with contextlib.suppress(StoreError):  # seen once, as a runtime has
        pause.verify_pause(sound, "production", ROOTED)
    wider = msgspec.structs.replace(PAUSE, number=10)
    forged = {
        "a publisher": by(PUBLISHER, PAUSE, pause.PAYLOAD_TYPE),
        "another payload": with_payload(sound, canonical_bytes(wider)),
        "another kind": by(OPERATOR, PAUSE, "application/json"),
        "respelt": respelt(sound),
        "another environment": by(
            OPERATOR, msgspec.structs.replace(PAUSE, environment="b"), pause.PAYLOAD_TYPE
        ),
    }
    for name, envelope in forged.items():
        yield name, lambda e=envelope: pause.verify_pause(e, "production", ROOTED)


def statements(store: FolderStore) -> Iterator[Forgery]:
    def about(body: Pointer, key=PUBLISHER) -> Pointer:  # type: ignore[no-untyped-def]
        said = provenance.statement_for(body, [key.public.key_id])
        digest = provenance.write_statement(store, said, [key.private])
        return msgspec.structs.replace(POINTER, statement=digest)

    replace = msgspec.structs.replace
    forged = {
        "another release": about(OTHER),
        "another commit": about(replace(POINTER, commit="d" * 40)),
        "other settings": about(replace(POINTER, environment_digest="sha256:" + "f" * 64)),
        "another environment": about(replace(POINTER, environment="b")),
        "a stranger": about(POINTER, STRANGER),
        "missing": replace(POINTER, statement="sha256:" + "0" * 64),
    }
    for name, body in forged.items():
        yield name, lambda b=body: provenance.read_statement(store, b, ROOTED)
    moved = about(OTHER)
    sound = about(replace(POINTER, compiler="9"))
    path = attestation_path(moved.statement or "")
    store.put({path: (store.read(attestation_path(sound.statement or "")) or moved).data})  # type: ignore[union-attr]
    yield "moved", lambda: provenance.read_statement(store, moved, ROOTED)


def accepted(store: FolderStore) -> list[str]:
    """The forgeries that were believed; a refusal of another kind than a refusal is a bug."""
    found = []
    for kind, forgeries in (
        ("pointer", pointers()),
        ("root", roots()),
        ("pause", pauses()),
        ("statement", statements(store)),
    ):
        for name, attempt in forgeries:
            try:
                attempt()
            except Exception:
                continue
            found.append(f"{kind}: {name}")
    return found


def believes_what_is_sound(store: FolderStore) -> bool:
    """The control: refusing everything is no verification either."""
    following = next_version(ROOTED.chain[0].root, MADE)
    said = provenance.statement_for(POINTER, [PUBLISHER.public.key_id])
    named = provenance.write_statement(store, said, [PUBLISHER.private])
    whole = msgspec.structs.replace(POINTER, statement=named)
    return (
        pointer.verify_pointer(by(PUBLISHER), "production", ROOTED) == POINTER
        and pointer.verify_pointer(by(PUBLISHER), "production", FLAT) == POINTER
        and root.verify_successor(signed(following), ROOTED.chain[0].root) == following
        and pause.verify_pause(by(OPERATOR, PAUSE, pause.PAYLOAD_TYPE), "production", ROOTED)
        == PAUSE
        and provenance.read_statement(store, whole, ROOTED) == said
        and digest_of(b"") != digest_of(b"x")
    )
