from __future__ import annotations

import pytest
from sample_release import compiled, environment, signing_key

from handbill.publish.advance import read_standing
from handbill.publish.history import Place, read_history
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.store.errors import PointerUntrusted, StoreError
from handbill.store.folder import FolderStore
from handbill.store.paths import history_path
from handbill.store.trust import flat_trust


def _places(publisher: Publisher, limit: int | None = None) -> list[tuple[int, str, str | None]]:
    history = read_history(publisher.store, "production", publisher.trust, limit)
    return [
        (entry.sequence, entry.place.value, entry.pointer.commit if entry.pointer else None)
        for entry in history.entries
    ]


def _publish(publisher: Publisher, *commits: str) -> None:
    for commit in commits:
        publish(publisher, compiled({"fresh": commit}, commit=commit), environment())


def test_an_environment_without_a_history(publisher: Publisher) -> None:
    history = read_history(publisher.store, "production", publisher.trust)
    assert history.entries == () and history.standing.pointer is None


def test_newest_first_and_no_more_than_asked_for(publisher: Publisher) -> None:
    _publish(publisher, "A", "B", "C")
    assert _places(publisher) == [(3, "active", "C"), (2, "past", "B"), (1, "past", "A")]
    assert _places(publisher, 2) == [(3, "active", "C"), (2, "past", "B")]


def test_who_lost_the_race_was_never_active(publisher: Publisher) -> None:
    _publish(publisher, "A")
    late = read_standing(publisher.store, "production", publisher.trust)
    assert late.pointer is not None
    _publish(publisher, "B")
    lost = publisher.move_pointer(
        late, late.pointer.release, late.pointer.environment_digest, "late", ()
    )
    assert lost is None
    _publish(publisher, "C")
    assert _places(publisher) == [
        (4, "active", "C"),
        (3, "never active", "late"),
        (2, "past", "B"),
        (1, "past", "A"),
    ]


def test_a_damaged_entry_breaks_the_chain_and_says_so(publisher: Publisher) -> None:
    _publish(publisher, "A", "B", "C")
    assert isinstance(publisher.store, FolderStore)
    publisher.store.put({history_path("production", 2): b"damaged"})
    assert _places(publisher) == [(3, "active", "C"), (2, "unknown", None), (1, "unknown", "A")]
    entry = read_history(publisher.store, "production", publisher.trust).entries[1]
    assert isinstance(entry.problem, StoreError) and entry.place is Place.UNKNOWN


def test_an_entry_under_another_number_is_not_believed(publisher: Publisher) -> None:
    _publish(publisher, "A", "B")
    second = publisher.store.read(history_path("production", 2))
    assert second is not None
    publisher.store.put({history_path("production", 7): second.data})
    newest = read_history(publisher.store, "production", publisher.trust).entries[0]
    assert newest.sequence == 7 and "really number 2" in str(newest.problem)


def test_a_stranger_reads_nothing(publisher: Publisher) -> None:
    _publish(publisher, "A")
    with pytest.raises(PointerUntrusted):
        read_history(publisher.store, "production", flat_trust(signing_key(2).public))
