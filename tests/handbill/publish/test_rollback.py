from __future__ import annotations

from pathlib import Path

from sample_release import compiled, environment

from handbill.publish.history import Place, read_history
from handbill.publish.publication import Outcome, Publication
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.rollback import rollback
from handbill.store.folder import FolderStore
from handbill.store.paths import part_path


def _publish(publisher: Publisher, title: str) -> Publication:
    return publish(publisher, compiled({"fresh": title}, commit=title), environment())


def _runs(publication: Publication) -> tuple[str, int, int]:
    pointer = publication.pointer
    assert pointer is not None
    return pointer.commit, pointer.sequence, pointer.restores


def test_going_back_twice_goes_back_two_releases(publisher: Publisher) -> None:
    for title in "ABC":
        _publish(publisher, title)
    assert _runs(rollback(publisher)) == ("B", 4, 2)
    assert _runs(rollback(publisher)) == ("A", 5, 1)
    nothing = rollback(publisher)
    assert nothing.outcome is Outcome.REFUSED and nothing.diagnostics[0].code == "HB840"
    assert _runs(nothing) == ("A", 5, 1)


def test_after_a_rollback_and_a_publish_one_goes_back_to_what_ran(publisher: Publisher) -> None:
    for title in "ABC":
        _publish(publisher, title)
    rollback(publisher)
    _publish(publisher, "D")
    assert _runs(rollback(publisher)) == ("B", 6, 2)
    assert _runs(rollback(publisher)) == ("A", 7, 1)


def test_a_sequence_can_be_named_and_going_forward_too(publisher: Publisher) -> None:
    for title in "ABC":
        _publish(publisher, title)
    back = rollback(publisher, to=1)
    assert _runs(back) == ("A", 4, 1) and back.changes.changed == ("fresh",)
    assert _runs(rollback(publisher, to=3)) == ("C", 5, 3)
    assert _runs(rollback(publisher, to=4)) == ("A", 6, 1)
    same = rollback(publisher, to=1)
    assert same.outcome is Outcome.UNCHANGED and _runs(same) == ("A", 6, 1)


def test_renewals_are_no_releases_to_go_back_to(publisher: Publisher, clock) -> None:  # type: ignore[no-untyped-def]
    _publish(publisher, "A")
    _publish(publisher, "B")
    clock.pass_days(20)
    assert _publish(publisher, "B").outcome is Outcome.RENEWED
    assert _runs(rollback(publisher)) == ("A", 4, 1)


def test_the_environment_goes_back_with_the_release(publisher: Publisher) -> None:
    _publish(publisher, "A")
    before = read_history(publisher.store, "production", publisher.trust).standing.pointer
    publish(publisher, compiled({"fresh": "A"}), environment(phones="fcm", mail="smtp"))
    after = rollback(publisher).pointer
    assert before is not None and after is not None
    assert after.environment_digest == before.environment_digest
    assert after.release == before.release


def test_held_tenants_stay_marked(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    held = publish(publisher, compiled({"valle": "B2"}, failed=["fresh"]), environment()).held
    publish(publisher, compiled({"fresh": "A3", "valle": "B3"}), environment())
    assert held and rollback(publisher).held == held


def test_a_target_that_is_not_whole_is_refused(publisher: Publisher) -> None:
    first = compiled({"fresh": "A"})
    publish(publisher, first, environment())
    _publish(publisher, "B")
    assert isinstance(publisher.store, FolderStore)
    (publisher.store.root / part_path(first.release.tenants["fresh"])).write_bytes(b"x")
    refused = rollback(publisher)
    assert refused.outcome is Outcome.REFUSED and refused.diagnostics[0].code == "HB805"
    assert _runs(refused) == ("B", 2, 0)


def test_what_is_rolled_back_from_may_be_damaged(publisher: Publisher) -> None:
    _publish(publisher, "A")
    second = _publish(publisher, "B").pointer
    assert isinstance(publisher.store, FolderStore) and second is not None
    (publisher.store.root / part_path(second.release)).unlink()
    assert _runs(rollback(publisher)) == ("A", 3, 1)


def test_an_unknown_sequence_is_refused(publisher: Publisher) -> None:
    _publish(publisher, "A")
    for sequence in (9, 0, -1):
        refused = rollback(publisher, to=sequence)
        assert refused.outcome is Outcome.REFUSED and refused.diagnostics[0].code == "HB804"


def test_an_environment_without_a_release_cannot_go_back(publisher: Publisher) -> None:
    refused = rollback(publisher)
    assert refused.outcome is Outcome.REFUSED and refused.diagnostics[0].code == "HB810"
    assert refused.pointer is None


def test_a_damaged_entry_on_the_way_is_named(publisher: Publisher) -> None:
    _publish(publisher, "A")
    _publish(publisher, "B")
    assert isinstance(publisher.store, FolderStore)
    entry = publisher.store.root / "environments/production/history" / "0000000001"
    entry.write_bytes(Path(entry).read_bytes()[:-1])
    refused = rollback(publisher)
    assert refused.outcome is Outcome.REFUSED and refused.diagnostics[0].code == "HB811"


def test_rollbacks_are_in_the_history(publisher: Publisher) -> None:
    _publish(publisher, "A")
    _publish(publisher, "B")
    rollback(publisher)
    entries = read_history(publisher.store, "production", publisher.trust).entries
    assert [(entry.sequence, entry.place) for entry in entries] == [
        (3, Place.ACTIVE),
        (2, Place.PAST),
        (1, Place.PAST),
    ]
