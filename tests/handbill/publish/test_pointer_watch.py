from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sample_release import compiled, environment, signing_key

from handbill.plan.pointer import Pointer
from handbill.publish.pointer_watch import PointerWatch
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.rollback import rollback
from handbill.store.errors import PointerUntrusted
from handbill.store.folder import FolderStore


def test_every_new_pointer_is_told_of_once_whoever_made_it(publisher: Publisher) -> None:
    found: list[Pointer] = []
    answers: list[None] = []
    watch = PointerWatch(lambda: publisher, found.append, lambda: answers.append(None))
    watch.look(publisher)
    assert found == [] and len(answers) == 1
    for title in ("A", "B"):
        publish(publisher, compiled({"fresh": title}, commit=title), environment())
        watch.look(publisher)
        watch.look(publisher)
    rollback(publisher)
    watch.look(publisher)
    assert [each.sequence for each in found] == [1, 2, 3] and len(answers) == 6


def test_a_foreign_pointer_is_not_told_of(publisher: Publisher, tmp_path: Path) -> None:
    other = Publisher(publisher.store, "production", signing_key(2), publisher.clock)
    publish(other, compiled({"fresh": "A"}), environment())
    found: list[Pointer] = []
    with pytest.raises(PointerUntrusted):
        PointerWatch(lambda: publisher, found.append, lambda: None).look(publisher)
    assert found == []


def test_it_looks_by_itself_and_a_store_that_fails_does_not_end_it(
    publisher: Publisher, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    broken = Publisher(
        FolderStore(tmp_path / "file" / "x"), "production", publisher.key, publisher.clock
    )
    at: list[Publisher | None] = [None]
    told, tried = threading.Event(), threading.Event()

    def current() -> Publisher | None:
        if at[0] is broken:
            tried.set()
        return at[0]

    watch = PointerWatch(current, lambda _: told.set(), lambda: None, seconds=0.01)
    watch.start()
    at[0] = broken
    assert tried.wait(30)
    publish(publisher, compiled({"fresh": "A"}), environment())
    at[0] = publisher
    assert told.wait(30)
    watch.close()
