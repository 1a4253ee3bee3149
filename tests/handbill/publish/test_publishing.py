"""Publishing into a real folder: what is active afterwards, and what the reader is told."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from sample_release import compiled, environment, every_file, signing_key

from handbill.plan.model import Held
from handbill.publish.publication import Outcome, TenantChanges
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.publish.rollback import rollback
from handbill.store.errors import PointerUntrusted, PublishConflict
from handbill.store.folder import FolderStore
from handbill.store.paths import part_path
from handbill.store.pointer import read_pointer
from handbill.store.release import prove_whole, read_release, read_tenant


def _root(publisher: Publisher) -> Path:
    assert isinstance(publisher.store, FolderStore)
    return publisher.store.root


def _titles(publisher: Publisher) -> dict[str, str]:
    """What a reader of the store finds: tenant → its push title."""
    stored = read_pointer(publisher.store, "production", publisher.trust)
    assert stored is not None
    prove_whole(publisher.store, stored.pointer)
    release = read_release(publisher.store, stored.pointer.release).release
    titles = {}
    for name, digest in release.tenants.items():
        plan = read_tenant(publisher.store, digest).plans["hello"]
        (content,) = plan.variants[0].messages["main"].values()
        titles[name] = content.locales["en-US"]["title"][0].text  # type: ignore[union-attr]
    return titles


def test_the_first_publish(publisher: Publisher) -> None:
    publication = publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    assert publication.outcome is Outcome.PUBLISHED
    assert publication.changes == TenantChanges(added=("fresh", "valle"))
    assert publication.packs == 4 and publication.diagnostics == ()
    assert publication.pointer is not None
    assert (publication.pointer.sequence, publication.pointer.previous) == (1, None)
    assert publication.pointer.issued == "2026-12-05T10:00:00Z"
    assert publication.pointer.expires == "2027-01-04T10:00:00Z"
    assert _titles(publisher) == {"fresh": "A", "valle": "B"}


def test_only_what_changed_is_written(publisher: Publisher) -> None:
    first = publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    second = publish(publisher, compiled({"fresh": "A2", "valle": "B"}), environment())
    assert second.changes == TenantChanges(changed=("fresh",)) and second.packs == 2
    assert first.pointer is not None and second.pointer is not None
    assert second.pointer.previous == first.pointer.release
    third = publish(publisher, compiled({"fresh": "A2"}), environment())
    assert third.changes == TenantChanges(removed=("valle",)) and third.packs == 1
    back = publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    assert back.outcome is Outcome.PUBLISHED and back.packs == 0


def test_what_is_active_is_not_published_again(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A"}), environment())
    before = {path: path.read_bytes() for path in every_file(_root(publisher))}
    again = publish(publisher, compiled({"fresh": "A"}, commit="d" * 40), environment())
    assert again.outcome is Outcome.UNCHANGED and again.packs == 0
    assert {path: path.read_bytes() for path in every_file(_root(publisher))} == before


def test_a_changed_environment_is_published(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A"}), environment())
    moved = environment(phones="fcm", mail="smtp")
    assert publish(publisher, compiled({"fresh": "A"}), moved).outcome is Outcome.PUBLISHED
    assert publish(publisher, compiled({"fresh": "A"}), moved).outcome is Outcome.UNCHANGED


def test_an_environment_with_too_long_a_public_url_is_refused(publisher: Publisher) -> None:
    far = msgspec.structs.replace(environment(), public_url=f"https://{'x' * 70}.example")
    refused = publish(publisher, compiled({"fresh": "A"}), far)
    assert refused.outcome is Outcome.REFUSED
    assert [each.code for each in refused.diagnostics] == ["HB630"]
    assert every_file(_root(publisher)) == []


def test_a_pointer_is_renewed_after_half_its_life(publisher: Publisher, clock) -> None:  # type: ignore[no-untyped-def]
    publish(publisher, compiled({"fresh": "A"}), environment())
    clock.pass_days(14)
    assert publish(publisher, compiled({"fresh": "A"}), environment()).outcome is Outcome.UNCHANGED
    clock.pass_days(1)
    renewed = publish(publisher, compiled({"fresh": "A"}), environment())
    assert renewed.outcome is Outcome.RENEWED and renewed.pointer is not None
    assert (renewed.pointer.sequence, renewed.pointer.expires) == (2, "2027-01-19T10:00:00Z")
    assert publish(publisher, compiled({"fresh": "A"}), environment()).outcome is Outcome.UNCHANGED


def test_a_failed_tenant_is_held_until_it_recovers(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A", "valle": "B"}, commit="1" * 40), environment())
    broken = compiled({"valle": "B2"}, failed=["fresh"], commit="2" * 40)
    held = publish(publisher, broken, environment())
    assert held.outcome is Outcome.PUBLISHED and held.changes == TenantChanges(changed=("valle",))
    assert held.held == (Held(tenant="fresh", since="2" * 40),)
    assert [(found.code, found.tenant) for found in held.diagnostics] == [("HB825", "fresh")]
    assert _titles(publisher) == {"fresh": "A", "valle": "B2"}
    still = compiled({"valle": "B3"}, failed=["fresh"], commit="3" * 40)
    assert publish(publisher, still, environment()).held == held.held
    assert _titles(publisher) == {"fresh": "A", "valle": "B3"}
    well = publish(publisher, compiled({"fresh": "A2", "valle": "B3"}), environment())
    assert well.held == () and _titles(publisher) == {"fresh": "A2", "valle": "B3"}


def test_being_held_is_published_even_where_nothing_else_changed(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    broken = compiled({"valle": "B"}, failed=["fresh"], commit="2" * 40)
    assert publish(publisher, broken, environment()).outcome is Outcome.PUBLISHED
    assert publish(publisher, broken, environment()).outcome is Outcome.UNCHANGED


def test_a_failed_tenant_that_was_never_published_is_left_out(publisher: Publisher) -> None:
    publication = publish(publisher, compiled({"valle": "B"}, failed=["fresh"]), environment())
    assert publication.left_out == ("fresh",) and publication.held == ()
    assert [found.code for found in publication.diagnostics] == ["HB826"]
    assert _titles(publisher) == {"valle": "B"}


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
        assert _titles(publisher) == {"valle": "B"}


def test_a_tenant_with_an_unbound_provider_is_held_and_the_others_go_on(
    publisher: Publisher,
) -> None:
    publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    through = {"fresh": "carrier-pigeon", "valle": "phones"}
    publication = publish(
        publisher, compiled({"fresh": "A2", "valle": "B2"}, provider=through), environment()
    )
    assert [(found.code, found.is_error) for found in publication.diagnostics] == [
        ("HB820", True),
        ("HB825", False),
    ]
    assert _titles(publisher) == {"fresh": "A", "valle": "B2"}


def test_the_first_publish_fails_where_no_provider_is_bound(publisher: Publisher) -> None:
    publication = publish(publisher, compiled({"fresh": "A"}), environment(mail="smtp"))
    assert publication.outcome is Outcome.REFUSED
    assert [found.code for found in publication.diagnostics] == ["HB820", "HB824"]
    assert read_pointer(publisher.store, "production", publisher.trust) is None


def test_an_environment_that_drops_a_provider_in_use_is_refused(publisher: Publisher) -> None:
    """There is nothing to hold: what is published would lose its provider too."""
    publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    publication = publish(
        publisher, compiled({"fresh": "A", "valle": "B2"}), environment(mail="smtp")
    )
    assert publication.outcome is Outcome.REFUSED
    assert {found.code for found in publication.diagnostics} == {"HB820"}
    assert _titles(publisher) == {"fresh": "A", "valle": "B"}


def test_a_held_tenant_that_cannot_be_read_stops_the_publish(publisher: Publisher) -> None:
    """Going on would take the tenant down, which holding is there to prevent."""
    first = compiled({"fresh": "A", "valle": "B"})
    publish(publisher, first, environment())
    (_root(publisher) / part_path(first.release.tenants["fresh"])).write_bytes(b"damaged")
    broken = compiled({"valle": "B2"}, failed=["fresh"])
    publication = publish(publisher, broken, environment())
    assert publication.outcome is Outcome.REFUSED
    assert [found.code for found in publication.diagnostics] == ["HB828", "HB805"]
    (_root(publisher) / part_path(first.digest)).unlink()
    publication = publish(publisher, broken, environment())
    assert [found.code for found in publication.diagnostics] == ["HB828", "HB804"]


def test_publishing_again_repairs_a_damaged_store(publisher: Publisher) -> None:
    release = compiled({"fresh": "A", "valle": "B"})
    publish(publisher, release, environment())
    files = every_file(_root(publisher) / "packs")
    whole = {path: path.read_bytes() for path in files}
    for number, path in enumerate(files):
        if number % 2:
            path.unlink()
        else:
            path.write_bytes(path.read_bytes().replace(b"handbill", b"handbell"))
    again = publish(publisher, release, environment())
    assert (again.outcome, again.packs) == (Outcome.UNCHANGED, len(files))
    assert {path: path.read_bytes() for path in files} == whole


def test_a_damaged_pointer_is_written_anew(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A"}), environment())
    pointer = _root(publisher) / "environments" / "production" / "pointer"
    pointer.write_bytes(pointer.read_bytes()[:100])
    again = publish(publisher, compiled({"fresh": "A"}), environment())
    assert again.outcome is Outcome.PUBLISHED
    assert [found.code for found in again.diagnostics] == ["HB817"]
    assert _titles(publisher) == {"fresh": "A"}


def test_another_key_does_not_take_over(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "A"}), environment())
    stranger = Publisher(publisher.store, "production", signing_key(2), publisher.clock)
    with pytest.raises(PointerUntrusted):
        publish(stranger, compiled({"fresh": "evil"}), environment())
    assert _titles(publisher) == {"fresh": "A"}


def _linear(later: str, earlier: str) -> bool:
    return later >= earlier


def test_a_commit_never_replaces_one_that_came_after_it(publisher: Publisher) -> None:
    publish(publisher, compiled({"fresh": "2"}, commit="2"), environment(), contains=_linear)
    late = publish(publisher, compiled({"fresh": "1"}, commit="1"), environment(), contains=_linear)
    assert late.outcome is Outcome.SUPERSEDED
    assert [found.code for found in late.diagnostics] == ["HB823"]
    assert _titles(publisher) == {"fresh": "2"}
    same = publish(publisher, compiled({"fresh": "2"}, commit="2"), environment(), contains=_linear)
    assert same.outcome is Outcome.UNCHANGED
    publish(publisher, compiled({"fresh": "3"}, commit="3"), environment(), contains=_linear)
    assert _titles(publisher) == {"fresh": "3"}


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
    assert _titles(publisher) == {"fresh": "1"}
    corrected = compiled({"fresh": "3"}, commit="3")
    publication = publish(publisher, corrected, environment(), **follow)  # type: ignore[arg-type]
    assert publication.outcome is Outcome.PUBLISHED
    rollback(publisher, to=1)
    assert publish(publisher, two, environment()).outcome is Outcome.PUBLISHED  # asked for by name
    assert _titles(publisher) == {"fresh": "2"}


def test_losing_the_race_for_ever_is_reported(publisher: Publisher) -> None:
    publisher.store.swap = lambda *_: False  # type: ignore[method-assign]
    with pytest.raises(PublishConflict, match="100 times"):
        publish(publisher, compiled({"fresh": "A"}), environment())


def test_another_environments_object_is_a_bug(publisher: Publisher) -> None:
    with pytest.raises(ValueError, match="staging is not production"):
        publish(publisher, compiled({"fresh": "A"}), environment("staging"))


def test_a_tenant_held_by_another_version_is_told_of(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(publisher, compiled({"fresh": "A", "valle": "B"}), environment())
    monkeypatch.setattr("handbill.publish.held.OPERATION_SET", 99)
    second = compiled({"valle": "B2"}, failed=["fresh"], commit="2" * 40)
    done = publish(publisher, second, environment())
    assert done.outcome is Outcome.PUBLISHED and done.left_out == ("fresh",)
    assert [(each.code, each.tenant) for each in done.diagnostics] == [("HB829", "fresh")]
