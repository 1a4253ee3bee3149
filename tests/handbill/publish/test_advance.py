from __future__ import annotations

from pathlib import Path

import pytest
from sample_release import signing_key

from handbill.plan.pointer import Pointer
from handbill.publish.advance import history_sequences, read_standing, swap_pointer
from handbill.publish.publisher import Publisher
from handbill.store.errors import PointerUntrusted
from handbill.store.paths import history_path, pointer_path
from handbill.store.trust import flat_trust

RELEASE, ENVIRONMENT = "sha256:" + "a" * 64, "sha256:" + "e" * 64


def _move(publisher: Publisher, commit: str = "c") -> Pointer | None:
    standing = read_standing(publisher.store, "production", publisher.trust)
    return publisher.move_pointer(standing, RELEASE, ENVIRONMENT, commit, ())


def _pointer_file(publisher: Publisher) -> Path:
    folder = publisher.store.watched_folder("production")
    assert folder is not None
    return folder / "pointer"


def test_each_pointer_says_what_it_replaced(publisher: Publisher) -> None:
    pointers = [_move(publisher) for _ in range(3)]
    assert [(p.sequence, p.replaces, p.previous) for p in pointers if p] == [
        (1, 0, None),
        (2, 1, RELEASE),
        (3, 2, RELEASE),
    ]
    assert history_sequences(publisher.store, "production") == (1, 2, 3)
    stored = publisher.store.read(history_path("production", 3))
    assert stored is not None and stored.data == _pointer_file(publisher).read_bytes()


def test_who_saw_an_older_pointer_loses(publisher: Publisher) -> None:
    _move(publisher)
    late = read_standing(publisher.store, "production", publisher.trust)
    _move(publisher)
    assert publisher.move_pointer(late, RELEASE, ENVIRONMENT, "late", ()) is None
    now = read_standing(publisher.store, "production", publisher.trust)
    assert now.pointer is not None and now.pointer.sequence == 2
    assert history_sequences(publisher.store, "production") == (1, 2, 3)
    fourth = _move(publisher)
    assert fourth is not None and (fourth.sequence, fourth.replaces) == (4, 2)


def test_a_sequence_taken_meanwhile_is_skipped(publisher: Publisher) -> None:
    standing = read_standing(publisher.store, "production", publisher.trust)
    publisher.store.create(history_path("production", 1), b"somebody was cut off here")
    publisher.store.create(history_path("production", 9), b"and here")
    pointer = publisher.move_pointer(standing, RELEASE, ENVIRONMENT, "c", ())
    assert pointer is not None and (pointer.sequence, pointer.replaces) == (10, 0)


def test_a_sequence_created_between_looking_and_writing_is_skipped(publisher: Publisher) -> None:
    """The history is read, then somebody else is faster: create-only says so."""
    standing = read_standing(publisher.store, "production", publisher.trust)
    store = publisher.store
    names = store.names

    def names_then_lose(folder: str) -> tuple[str, ...]:
        found = names(folder)
        store.create(history_path("production", 2), b"faster")
        return found

    store.create(history_path("production", 1), b"cut off")

    store.names = names_then_lose  # type: ignore[method-assign]
    pointer = swap_pointer(store, standing, _dated(publisher), (publisher.key,))
    assert pointer is not None and pointer.sequence == 3


def _dated(publisher: Publisher) -> Pointer:
    return Pointer(
        environment="production",
        environment_digest=ENVIRONMENT,
        sequence=1,
        release=RELEASE,
        commit="c",
        compiler="0",
        issued="2026-12-05T10:00:00Z",
        expires="2026-12-06T10:00:00Z",
    )


@pytest.mark.parametrize("harm", ["removed", "cut", "garbage", "of another environment"])
def test_a_damaged_pointer_is_written_anew_from_the_history(
    publisher: Publisher, harm: str
) -> None:
    _move(publisher, "one")
    _move(publisher, "two")
    file = _pointer_file(publisher)
    match harm:
        case "removed":
            file.unlink()
        case "cut":
            file.write_bytes(file.read_bytes()[:-40])
        case "garbage":
            file.write_bytes(b"\0" * 300)
        case _:
            other = Publisher(publisher.store, "staging", publisher.key, publisher.clock)
            standing = read_standing(publisher.store, "staging", publisher.trust)
            other.move_pointer(standing, RELEASE, ENVIRONMENT, "c", ())
            staged = publisher.store.read(pointer_path("staging"))
            assert staged is not None
            file.write_bytes(staged.data)
    standing = read_standing(publisher.store, "production", publisher.trust)
    assert standing.pointer is not None and standing.pointer.commit == "two"
    assert standing.damaged is not None and standing.damaged.code == "HB817"
    third = _move(publisher, "three")
    assert third is not None and (third.sequence, third.replaces) == (3, 2)
    assert read_standing(publisher.store, "production", publisher.trust).damaged is None


def test_damaged_entries_of_the_history_are_passed_over(publisher: Publisher) -> None:
    _move(publisher, "one")
    publisher.store.create(history_path("production", 2), b"damaged")
    _pointer_file(publisher).unlink()
    standing = read_standing(publisher.store, "production", publisher.trust)
    assert standing.pointer is not None and standing.pointer.commit == "one"


def test_somebody_elses_pointer_is_never_overwritten(publisher: Publisher) -> None:
    _move(publisher)
    stranger = Publisher(publisher.store, "production", signing_key(2), publisher.clock)
    with pytest.raises(PointerUntrusted):
        read_standing(publisher.store, "production", stranger.trust)
    successor = Publisher(
        publisher.store,
        "production",
        signing_key(2),
        publisher.clock,
        flat_trust(publisher.key.public),
    )
    pointer = _move(successor)
    assert pointer is not None and pointer.sequence == 2
