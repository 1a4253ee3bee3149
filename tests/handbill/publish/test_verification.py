"""What is proved, and where each fault is: one file of a sound store spoilt at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from root_world import OPERATOR, PUBLISHER, STRANGER, SUCCESSOR, Roots
from sample_release import compiled, environment

from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.rollback import rollback
from handbill.publish.rooting import without_key
from handbill.publish.verification import Verification, verify_environment
from handbill.store import dsse
from handbill.store.paths import (
    attestation_path,
    history_path,
    part_path,
    pause_path,
    pointer_path,
    root_path,
)
from handbill.store.pause import change_pause
from handbill.store.pointer import PAYLOAD_TYPE
from handbill.store.release import read_release
from handbill.store.store import Store

POINTER = pointer_path("production")


@pytest.fixture
def sound(publisher: Publisher) -> Publisher:
    """Two releases, by a root document's publisher, and a stop."""
    roots = Roots(publisher.store)
    rooted = replace(publisher, key=PUBLISHER, trusted=roots.trust)
    for title in "AB":
        publish(rooted, compiled({"fresh": title, "other": "same"}, commit=title), environment())
    change_pause(
        publisher.store,
        "production",
        roots.trust,
        [OPERATOR.private],
        stop=["fresh"],
        by="olga",
        reason="prices",
        now=publisher.clock(),
    )
    return rooted


def verified(publisher: Publisher, sequence: int | None = None) -> Verification:
    now = publisher.clock()
    return verify_environment(publisher.store, "production", publisher.trusted, now, sequence)


def test_everything_is_proved_and_says_to_what_it_is_bound(sound: Publisher) -> None:
    found = verified(sound)
    assert found.faults == []
    told = {each.what: each.bound for each in found.proved}
    assert told["root documents 1 to 1"].startswith("signed one by one from the file given")
    assert told["pointer number 2"] == "signed by 1 of 1 publishers of production"
    assert told["history back to number 1"] == "2 pointers, each names the one before it"
    assert any(what.startswith("2 tenants, 2 plans, ") for what in told)
    assert any(what.startswith("provenance sha256:") for what in told)
    assert any(what.startswith("pause number ") for what in told)


def test_an_earlier_release_is_proved_by_its_number(sound: Publisher) -> None:
    found = verified(sound, 1)
    assert found.faults == [] and found.pointer is not None and found.pointer.commit == "A"
    assert [each.code for each in verified(sound, 9).faults] == ["HB804"]


def test_a_rollback_keeps_the_statement_of_who_compiled_it(sound: Publisher) -> None:
    back = rollback(sound).pointer
    assert back is not None and back.restores == 1
    found = verified(sound)
    assert found.faults == [] and found.pointer == back


def spoil(data: bytes) -> bytes:
    return data[:-9] + b"!" + data[-8:]


def resign(data: bytes) -> bytes:
    payload = dsse.verify(data, PAYLOAD_TYPE, [PUBLISHER.public])
    return dsse.sign(PAYLOAD_TYPE, payload, [STRANGER.private])


@pytest.mark.parametrize(
    ("place", "change", "code"),
    [
        (lambda store, p: POINTER, resign, "HB812"),
        (lambda store, p: POINTER, spoil, "HB811"),
        (lambda store, p: history_path("production", 1), resign, "HB812"),
        (lambda store, p: history_path("production", 2), spoil, "HB882"),
        (lambda store, p: history_path("production", 1), None, "HB882"),
        (lambda store, p: part_path(p.release), spoil, "HB805"),
        (lambda store, p: part_path(p.environment_digest), spoil, "HB805"),
        (lambda store, p: part_path(p.environment_digest), None, "HB804"),
        (lambda store, p: tenant_path(store, p.release), spoil, "HB805"),
        (lambda store, p: tenant_path(store, p.release), None, "HB804"),
        (lambda store, p: attestation_path(p.statement), spoil, "HB881"),
        (lambda store, p: attestation_path(p.statement), None, "HB881"),
        (lambda store, p: pause_path("production"), spoil, "HB876"),
        (lambda store, p: pause_path("production"), None, "HB878"),
    ],
)
def test_a_fault_is_found_in_its_place(  # type: ignore[no-untyped-def]
    sound: Publisher, place, change: Callable[[bytes], bytes] | None, code: str
) -> None:
    pointer = verified(sound).pointer
    assert pointer is not None
    path = place(sound.store, pointer)
    file = Path(sound.store.url.removeprefix("file://")) / path
    if change is None:
        file.unlink()
    else:
        file.write_bytes(change(file.read_bytes()))
    faults = verified(sound).faults
    assert (path, code) in [(each.place, each.code) for each in faults]


def tenant_path(store: Store, release: str) -> str:
    return part_path(read_release(store, release).release.tenants["fresh"])


def test_a_forged_root_document_is_a_fault_in_its_place(sound: Publisher) -> None:
    sound.store.put({root_path(2): b"?"})
    assert [(each.place, each.code) for each in verified(sound).faults] == [(root_path(2), "HB870")]


def test_what_expired_is_a_fault(sound: Publisher) -> None:
    late = sound.clock() + timedelta(days=400)
    found = verify_environment(sound.store, "production", sound.trusted, late)
    assert [each.code for each in found.faults] == ["HB872", "HB815"]


def test_history_by_a_key_that_counts_no_more_is_history_all_the_same(sound: Publisher) -> None:
    roots = Roots(sound.store)
    roots.add_publisher(SUCCESSOR)
    roots.follow_up(without_key(roots.newest, PUBLISHER.public))
    assert [each.code for each in verified(sound).faults] == ["HB875"]
    heir = replace(sound, key=SUCCESSOR, trusted=roots.trust.updated(sound.store))
    publish(heir, compiled({"fresh": "C"}, commit="C"), environment())
    found = verified(sound)
    assert found.faults == [] and found.pointer is not None
    assert found.pointer.sequence == 3 and found.pointer.replaces == 0


def test_plain_keys_are_told_apart(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A"}, commit="A"), environment())
    found = verify_environment(publisher.store, "production", publisher.trust, publisher.clock())
    assert found.faults == [] and found.proved[0].what == "no root document"
