from __future__ import annotations

from sample_release import compiled, environment

from handbill.publish.advance import read_standing
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.rollback import rollback
from handbill.publish.withdrawn import taken_back
from handbill.store.paths import history_path


def _taken(publisher: Publisher) -> list[str]:
    active = read_standing(publisher.store, "production", publisher.trust).pointer
    assert active is not None
    pointers = taken_back(publisher.store, "production", publisher.trust, active)
    return [pointer.commit for pointer in pointers]


def _publish(publisher: Publisher, *titles: str) -> None:
    for title in titles:
        publish(publisher, compiled({"fresh": title}, commit=title), environment())


def test_a_publish_took_nothing_back(publisher: Publisher) -> None:
    _publish(publisher, "A", "B")
    assert _taken(publisher) == []


def test_each_rollback_adds_what_it_took_back(publisher: Publisher) -> None:
    _publish(publisher, "A", "B", "C")
    rollback(publisher)
    assert _taken(publisher) == ["C"]
    rollback(publisher)
    assert _taken(publisher) == ["B", "C"]
    _publish(publisher, "D")
    assert _taken(publisher) == []


def test_going_forward_again_takes_back_only_the_detour(publisher: Publisher) -> None:
    _publish(publisher, "A", "B", "C")
    rollback(publisher, to=1)
    rollback(publisher, to=3)
    assert _taken(publisher) == ["A"]


def test_a_damaged_entry_ends_the_search(publisher: Publisher) -> None:
    _publish(publisher, "A", "B")
    rollback(publisher)
    publisher.store.put({history_path("production", 2): b"damaged"})
    assert _taken(publisher) == []
