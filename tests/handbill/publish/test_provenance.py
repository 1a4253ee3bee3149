"""Every publish writes a signed statement before its pointer; what only moves a pointer keeps one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from root_world import PUBLISHER, STRANGER, SUCCESSOR, Roots, first_root
from sample_release import compiled, environment, signing_key

from handbill.publish.publication import Outcome, Publication
from handbill.publish.publisher import Publisher
from handbill.publish.publishing import publish
from handbill.store.errors import KeyNotDelegated
from handbill.store.provenance import read_statement


def _publish(publisher: Publisher, title: str, *failed: str) -> Publication:
    release = compiled({"fresh": title, "other": title}, commit=title, failed=failed)
    return publish(publisher, release, environment())


def test_a_published_release_has_a_statement_by_its_publisher(publisher: Publisher) -> None:
    done = _publish(publisher, "A")
    assert done.pointer is not None
    statement = read_statement(publisher.store, done.pointer, publisher.trust)
    assert statement is not None
    assert statement.predicate.run_details.builder.id.endswith(publisher.key.public.key_id)
    assert statement.predicate.run_details.metadata.finished_on == done.pointer.issued


def test_all_that_sign_a_pointer_sign_its_statement(publisher: Publisher) -> None:
    roots = Roots(publisher.store, first_root(threshold=2))
    two = replace(publisher, key=PUBLISHER, trusted=roots.trust, cosigners=(SUCCESSOR,))
    pointer = _publish(two, "A").pointer
    assert pointer is not None
    assert read_statement(publisher.store, pointer, roots.trust) is not None
    for keys in ((PUBLISHER, ()), (PUBLISHER, (STRANGER,)), (PUBLISHER, (PUBLISHER,))):
        lone = replace(two, key=keys[0], cosigners=keys[1])
        with pytest.raises(KeyNotDelegated, match="2 of 2 keys"):
            _publish(lone, "B")


def test_publishing_again_with_a_new_key_signs_what_runs(publisher: Publisher) -> None:
    _publish(publisher, "A")
    successor = replace(publisher, key=signing_key(2), trusted=publisher.trust)
    done = _publish(successor, "A")
    assert done.outcome is Outcome.RENEWED and done.pointer is not None
    assert done.pointer.sequence == 2
    assert _publish(successor, "A").outcome is Outcome.UNCHANGED
