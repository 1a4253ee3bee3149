"""What a publish decides of tenants with errors, and what it refuses before anything is written."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from published_titles import root_of, titles_of
from root_world import PUBLISHER, SUCCESSOR, Roots
from sample_release import compiled, environment, every_file

from handbill.plan.pointer import Held
from handbill.publish.orders import NO_FIRST, Orders
from handbill.publish.publication import Outcome, TenantChanges
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.rooting import without_key
from handbill.store.paths import part_path


def test_an_environment_with_too_long_a_public_url_is_refused(publisher: Publisher) -> None:
    far = msgspec.structs.replace(environment(), public_url=f"https://{'x' * 70}.example")
    refused = publish(publisher, compiled({"fresh": "A"}), far)
    assert refused.outcome is Outcome.REFUSED
    assert [each.code for each in refused.diagnostics] == ["HB630"]
    assert every_file(root_of(publisher)) == []


def test_a_failed_tenant_is_held_until_it_recovers(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A", "valle": "B"}, commit="1" * 40), environment())
    broken = compiled({"valle": "B2"}, failed=["fresh"], commit="2" * 40)
    held = publish(publisher, broken, environment())
    assert held.outcome is Outcome.PUBLISHED and held.changes == TenantChanges(changed=("valle",))
    assert held.held == (Held(tenant="fresh", since="2" * 40),)
    assert [(found.code, found.tenant) for found in held.diagnostics] == [("HB825", "fresh")]
    assert titles_of(publisher) == {"fresh": "A", "valle": "B2"}
    still = compiled({"valle": "B3"}, failed=["fresh"], commit="3" * 40)
    assert publish(publisher, still, environment()).held == held.held
    assert titles_of(publisher) == {"fresh": "A", "valle": "B3"}
    well = publish(publisher, compiled({"fresh": "A2", "valle": "B3"}), environment())
    assert well.held == () and titles_of(publisher) == {"fresh": "A2", "valle": "B3"}


def test_a_failed_tenant_that_was_never_published_is_left_out(publisher: Publisher) -> None:
    publication = publish(publisher, compiled({"valle": "B"}, failed=["fresh"]), environment())
    assert publication.left_out == ("fresh",) and publication.held == ()
    assert [found.code for found in publication.diagnostics] == ["HB826"]
    assert titles_of(publisher) == {"valle": "B"}


@pytest.mark.parametrize("published", [False, True])
def test_a_commit_without_any_tenant_publishes_nothing(
    publisher: Publisher, published: bool
) -> None:
    if published:
        publish(publisher, compiled({"valle": "B"}), environment())
    publication = publish(publisher, compiled({}), environment())
    assert publication.outcome is Outcome.REFUSED
    (found,) = publication.diagnostics
    assert found.code == "HB824" and found.is_error
    assert found.notes == (("the environment goes on as it is: valle",) if published else ())
    if published:
        assert titles_of(publisher) == {"valle": "B"}


def test_a_held_tenant_that_cannot_be_read_stops_the_publish(publisher: Publisher) -> None:
    """Going on would take the tenant down, which holding is there to prevent."""
    first = compiled({"fresh": "A", "valle": "B"})
    publish(publisher, first, environment())
    (root_of(publisher) / part_path(first.release.tenants["fresh"])).write_bytes(b"damaged")
    broken = compiled({"valle": "B2"}, failed=["fresh"])
    publication = publish(publisher, broken, environment())
    assert publication.outcome is Outcome.REFUSED
    assert [found.code for found in publication.diagnostics] == ["HB828", "HB805"]
    (root_of(publisher) / part_path(first.digest)).unlink()
    publication = publish(publisher, broken, environment())
    assert [found.code for found in publication.diagnostics] == ["HB828", "HB804"]


def test_a_tenant_held_by_another_version_is_told_of(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    monkeypatch.setattr("handbill.publish.held.OPERATION_SET", 99)
    second = compiled({"valle": "B2"}, failed=["fresh"], commit="2" * 40)
    done = publish(publisher, second, environment())
    assert done.outcome is Outcome.PUBLISHED and done.left_out == ("fresh",)
    assert [(each.code, each.tenant) for each in done.diagnostics] == [("HB829", "fresh")]


def test_what_follows_a_revoked_key_is_no_first_release(publisher: Publisher) -> None:
    roots = Roots(publisher.store)
    rooted = replace(publisher, key=PUBLISHER, trusted=roots.trust)
    publish(rooted, compiled({"fresh": "A"}, commit="A"), environment())
    roots.add_publisher(SUCCESSOR)
    roots.follow_up(without_key(roots.newest, PUBLISHER.public))
    now = roots.trust.updated(publisher.store)
    after = replace(rooted, key=SUCCESSOR, trusted=now)
    done = publish(
        after, compiled({"fresh": "B"}, commit="B"), environment(), orders=Orders(first=NO_FIRST)
    )
    assert done.outcome is Outcome.PUBLISHED and done.pointer is not None
    assert done.pointer.sequence == 2
    assert [each.code for each in done.diagnostics] == ["HB875"]
