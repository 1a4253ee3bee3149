from __future__ import annotations

from datetime import UTC, datetime

from sample_release import compiled, environment, signing_key

from handbill.publish.advance import read_standing
from handbill.publish.publication import Outcome
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.renewal import is_due, renew
from handbill.publish.rollback import rollback
from handbill.publish.withdrawn import taken_back
from handbill.store.paths import pointer_path
from handbill.store.trust import flat_trust


def test_nothing_is_renewed_before_half_its_life(publisher: Publisher, clock) -> None:  # type: ignore[no-untyped-def]
    assert renew(publisher) is None
    published = publish(publisher, compiled({"fresh": "A"}), environment()).pointer
    assert published is not None
    clock.pass_days(14)
    assert renew(publisher) is None
    clock.pass_days(1)
    renewed = renew(publisher)
    assert renewed is not None and renewed.outcome is Outcome.RENEWED
    assert renewed.pointer is not None and renewed.pointer.release == published.release
    assert (renewed.pointer.sequence, renewed.pointer.expires) == (2, "2027-01-19T10:00:00Z")
    assert renew(publisher) is None


def test_a_renewed_rollback_is_still_one(publisher: Publisher, clock) -> None:  # type: ignore[no-untyped-def]
    for title in "ABC":
        publish(publisher, compiled({"fresh": title}, commit=title), environment())
    rollback(publisher)
    clock.pass_days(20)
    renewed = renew(publisher)
    assert renewed is not None and renewed.pointer is not None
    assert (renewed.pointer.commit, renewed.pointer.restores) == ("B", 2)
    taken = taken_back(publisher.store, "production", publisher.trust, renewed.pointer)
    assert [pointer.commit for pointer in taken] == ["C"]
    back = rollback(publisher).pointer
    assert back is not None and back.commit == "A"


def test_a_damaged_pointer_is_not_renewed_but_left_to_a_publish(
    publisher: Publisher, clock
) -> None:  # type: ignore[no-untyped-def]
    publish(publisher, compiled({"fresh": "A"}), environment())
    publisher.store.put({pointer_path("production"): b"damaged"})
    clock.pass_days(20)
    assert renew(publisher) is None


def test_half_of_an_odd_life(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A"}), environment())
    pointer = read_standing(publisher.store, "production", flat_trust(signing_key().public)).pointer
    assert pointer is not None
    assert not is_due(pointer, datetime(2026, 12, 20, 9, 59, 59, tzinfo=UTC))
    assert is_due(pointer, datetime(2026, 12, 20, 10, tzinfo=UTC))
