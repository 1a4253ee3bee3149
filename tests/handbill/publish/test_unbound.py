"""Who could not send: held where there is something to keep, else the environment is refused."""

from __future__ import annotations

from published_titles import titles_of
from sample_release import compiled, environment

from handbill.publish.publication import Outcome
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.store.pointer import read_pointer


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
    assert titles_of(publisher) == {"fresh": "A", "valle": "B2"}


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
    assert titles_of(publisher) == {"fresh": "A", "valle": "B"}
