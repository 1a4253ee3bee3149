"""A root document counts once its own keys and those of the version before have signed it."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest
from root_world import MADE, PUBLISHER, ROOT_KEYS, STRANGER, first_root, signed

from handbill.plan.canonical import canonical_bytes
from handbill.store import dsse
from handbill.store.errors import RootExpired, RootUnreadable, RootUntrusted
from handbill.store.root import (
    PAYLOAD_TYPE,
    Delegation,
    Role,
    Root,
    decode_root,
    encode_root,
    refuse_expired_root,
    signers,
    verify_root,
    verify_successor,
)

FIRST = first_root()
ROOT = decode_root(FIRST)


def changed(**values: object) -> Root:
    return msgspec.structs.replace(ROOT, **values)


def following(**values: object) -> Root:
    return changed(version=2, **values)


def test_a_signed_document_reads_back() -> None:
    assert verify_root(FIRST) == ROOT
    assert {key.raw for key in signers(FIRST, ROOT.root)} == {k.public.raw for k in ROOT_KEYS[:2]}


@pytest.mark.parametrize("keys", [ROOT_KEYS[:1], (ROOT_KEYS[0], STRANGER), (PUBLISHER, STRANGER)])
def test_too_few_root_keys_are_not_enough(keys) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RootUntrusted):
        verify_root(signed(ROOT, *keys))


def test_one_key_under_two_ids_counts_once() -> None:
    envelope = json.loads(signed(ROOT, ROOT_KEYS[0]))
    again = {**envelope["signatures"][0], "keyid": ROOT_KEYS[1].public.key_id}
    envelope["signatures"].append(again)
    with pytest.raises(RootUntrusted, match="1 of 2"):
        verify_root(json.dumps(envelope).encode())


def test_the_next_version_needs_both_thresholds() -> None:
    fresh = (STRANGER, PUBLISHER)
    taken = following(root=Role(keys=tuple(str(key.public) for key in fresh), threshold=2))
    for keys in (fresh, ROOT_KEYS[:2], (*fresh, ROOT_KEYS[0]), (*ROOT_KEYS, STRANGER)):
        with pytest.raises(RootUntrusted):
            verify_successor(signed(taken, *keys), ROOT)
    assert verify_successor(signed(taken, *fresh, *ROOT_KEYS[1:]), ROOT) == taken


@pytest.mark.parametrize("version", [1, 3])
def test_no_version_is_left_out_or_repeated(version: int) -> None:
    with pytest.raises(RootUntrusted, match="where version 2 belongs"):
        verify_successor(signed(changed(version=version)), ROOT)


def test_it_expires() -> None:
    refuse_expired_root(ROOT, MADE + timedelta(days=364))
    with pytest.raises(RootExpired, match="version 1"):
        refuse_expired_root(ROOT, MADE + timedelta(days=365))


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", FIRST[:-9], dsse.sign("application/json", b"{}", [])],
)
def test_what_is_no_root_document_is_refused(data: bytes) -> None:
    with pytest.raises(RootUnreadable):
        verify_root(data)


@pytest.mark.parametrize(
    "payload",
    [
        b"{}",
        canonical_bytes(ROOT) + b" ",
        canonical_bytes(ROOT).replace(b'"threshold":2', b'"threshold":4'),
        canonical_bytes(ROOT).replace(b'"format":1', b'"format":2'),
        canonical_bytes(ROOT).replace(b"ed25519:", b"ed25519!", 1),
        canonical_bytes(ROOT).replace(b'"version":1', b'"version":0'),
    ],
)
def test_even_a_signed_payload_must_make_sense(payload: bytes) -> None:
    keys = [key.private for key in ROOT_KEYS[:2]]
    with pytest.raises(RootUnreadable):
        verify_root(dsse.sign(PAYLOAD_TYPE, payload, keys))


@pytest.mark.parametrize(
    ("root", "why"),
    [
        (changed(root=Role(keys=ROOT.root.keys, threshold=4)), "4 signatures of 3"),
        (changed(root=Role(keys=(ROOT.root.keys[0],) * 2)), "one key twice"),
        (changed(root=Role(keys=())), "1 signatures of 0"),
        (changed(environments={"a": Delegation(publishers=Role(keys=()))}), "publishers of `a`"),
        (changed(runtimes={"one": f"{ROOT.root.keys[0]}\n{ROOT.root.keys[1]}"}), "has not one key"),
    ],
)
def test_nonsense_is_never_drafted(root: Root, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        encode_root(root)
