"""Publishing into a real folder: what is active afterwards, and what the reader is told."""

from __future__ import annotations

import pytest
from published_titles import root_of, titles_of
from sample_release import compiled, environment, every_file, signing_key

from handbill.publish.publication import Outcome, TenantChanges
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.rollback import rollback
from handbill.store.errors import PointerUntrusted, PublishConflict


def test_the_first_publish(publisher: Publisher) -> None:
    publication = publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    assert publication.outcome is Outcome.PUBLISHED
    assert publication.changes == TenantChanges(added=("fresh", "valle"))
    assert publication.packs == 4 and publication.diagnostics == ()
    assert publication.pointer is not None
    assert (publication.pointer.sequence, publication.pointer.previous) == (1, None)
    assert publication.pointer.issued == "2026-12-05T10:00:00Z"
    assert publication.pointer.expires == "2027-01-04T10:00:00Z"
    assert titles_of(publisher) == {"fresh": "A", "valle": "B"}


def test_what_is_active_is_not_published_again(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A"}), environment())
    before = {path: path.read_bytes() for path in every_file(root_of(publisher))}
    again = publish(publisher, compiled({"fresh": "A"}, commit="d" * 40), environment())
    assert again.outcome is Outcome.UNCHANGED and again.packs == 0
    assert {path: path.read_bytes() for path in every_file(root_of(publisher))} == before


def test_a_changed_environment_is_published(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A"}), environment())
    moved = environment(phones="fcm", mail="smtp")
    assert publish(publisher, compiled({"fresh": "A"}), moved).outcome is Outcome.PUBLISHED
    assert publish(publisher, compiled({"fresh": "A"}), moved).outcome is Outcome.UNCHANGED


def test_a_pointer_is_renewed_after_half_its_life(publisher: Publisher, clock) -> None:  # type: ignore[no-untyped-def]
    publish(publisher, compiled({"fresh": "A"}), environment())
    clock.pass_days(14)
    assert publish(publisher, compiled({"fresh": "A"}), environment()).outcome is Outcome.UNCHANGED
    clock.pass_days(1)
    renewed = publish(publisher, compiled({"fresh": "A"}), environment())
    assert renewed.outcome is Outcome.RENEWED and renewed.pointer is not None
    assert (renewed.pointer.sequence, renewed.pointer.expires) == (2, "2027-01-19T10:00:00Z")
    assert publish(publisher, compiled({"fresh": "A"}), environment()).outcome is Outcome.UNCHANGED


def test_being_held_is_published_even_where_nothing_else_changed(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    broken = compiled({"valle": "B"}, failed=["fresh"], commit="2" * 40)
    assert publish(publisher, broken, environment()).outcome is Outcome.PUBLISHED
    assert publish(publisher, broken, environment()).outcome is Outcome.UNCHANGED


def test_a_damaged_pointer_is_written_anew(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A"}), environment())
    pointer = root_of(publisher) / "environments" / "production" / "pointer"
    pointer.write_bytes(pointer.read_bytes()[:100])
    again = publish(publisher, compiled({"fresh": "A"}), environment())
    assert again.outcome is Outcome.PUBLISHED
    assert [found.code for found in again.diagnostics] == ["HB817"]
    assert titles_of(publisher) == {"fresh": "A"}


def test_another_key_does_not_take_over(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A"}), environment())
    stranger = Publisher(publisher.store, "production", signing_key(2), publisher.clock)
    with pytest.raises(PointerUntrusted):
        publish(stranger, compiled({"fresh": "evil"}), environment())
    assert titles_of(publisher) == {"fresh": "A"}


def _linear(later: str, earlier: str) -> bool:
    return later >= earlier


def test_a_commit_never_replaces_one_that_came_after_it(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "2"}, commit="2"), environment(), contains=_linear)
    late = publish(publisher, compiled({"fresh": "1"}, commit="1"), environment(), contains=_linear)
    assert late.outcome is Outcome.SUPERSEDED
    assert [found.code for found in late.diagnostics] == ["HB823"]
    assert titles_of(publisher) == {"fresh": "2"}
    same = publish(publisher, compiled({"fresh": "2"}, commit="2"), environment(), contains=_linear)
    assert same.outcome is Outcome.UNCHANGED
    publish(publisher, compiled({"fresh": "3"}, commit="3"), environment(), contains=_linear)
    assert titles_of(publisher) == {"fresh": "3"}


def test_a_follower_does_not_bring_back_what_was_rolled_back(publisher: Publisher) -> None:
    one, two = (compiled({"fresh": n}, commit=n) for n in "12")
    follow = {"contains": _linear, "leave_withdrawn": True}
    publish(publisher, one, environment(), **follow)  # type: ignore[arg-type]
    publish(publisher, two, environment(), **follow)  # type: ignore[arg-type]
    rollback(publisher)
    for commit in ("2", "20"):  # the same commit, and a later one that changes nothing
        again = compiled({"fresh": "2"}, commit=commit)
        publication = publish(publisher, again, environment(), **follow)  # type: ignore[arg-type]
        assert publication.outcome is Outcome.WITHDRAWN
        assert [found.code for found in publication.diagnostics] == ["HB827"]
    assert titles_of(publisher) == {"fresh": "1"}
    corrected = compiled({"fresh": "3"}, commit="3")
    publication = publish(publisher, corrected, environment(), **follow)  # type: ignore[arg-type]
    assert publication.outcome is Outcome.PUBLISHED
    rollback(publisher, to=1)
    assert publish(publisher, two, environment()).outcome is Outcome.PUBLISHED  # asked for by name
    assert titles_of(publisher) == {"fresh": "2"}


def test_losing_the_race_for_ever_is_reported(publisher: Publisher) -> None:
    publisher.store.swap = lambda *_: False  # type: ignore[method-assign]
    with pytest.raises(PublishConflict, match="100 times"):
        publish(publisher, compiled({"fresh": "A"}), environment())


def test_another_environments_object_is_a_bug(publisher: Publisher) -> None:
    with pytest.raises(ValueError, match="staging is not production"):
        publish(publisher, compiled({"fresh": "A"}), environment("staging"))
