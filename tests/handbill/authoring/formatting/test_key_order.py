"""The orders name fields that exist, and each kind's fields are all in its order."""

from __future__ import annotations

import pytest

from handbill.authoring.formatting.key_order import FIRST, OF_A_BLUEPRINT, in_order, ordered
from handbill.schema.document_schema import MODELS, document_schema
from handbill.source.layout import DocumentKind

PLANNED = {"exit", "messages", "steps"}
"""Of the language, with an order before they exist."""
NOT_ITS_OWN = {DocumentKind.BLUEPRINT: {"status"}}
"""Of orders that kinds share."""


@pytest.mark.parametrize("kind", FIRST)
def test_they_are_fields(kind: DocumentKind) -> None:
    fields = set(document_schema(kind)["properties"])
    assert set(FIRST[kind]) - fields <= PLANNED | NOT_ITS_OWN.get(kind, set())
    assert len(set(FIRST[kind])) == len(FIRST[kind])


def test_a_campaign_of_a_blueprint_says_first_what_it_gives_it() -> None:
    schema = document_schema(DocumentKind.CAMPAIGN)
    fields = set(schema["properties"])
    assert set(OF_A_BLUEPRINT) - fields <= PLANNED
    written = {"trigger": 1, "with": 1, "status": 1, "uses": 1}
    assert ordered(DocumentKind.CAMPAIGN, schema, written) == ["uses", "status", "with", "trigger"]
    del written["uses"]
    assert ordered(DocumentKind.CAMPAIGN, schema, written) == ["status", "trigger", "with"]


@pytest.mark.parametrize("kind", [kind for kind in MODELS if kind is not DocumentKind.FIELDS])
def test_every_order_is_the_same_whatever_was_written_first(kind: DocumentKind) -> None:
    schema = document_schema(kind)
    fields = list(schema["properties"])
    forwards = ordered(kind, schema, dict.fromkeys(fields))
    assert ordered(kind, schema, dict.fromkeys(reversed(fields))) == forwards
    assert sorted(forwards) == sorted(fields)


def test_an_unknown_field_stays_behind_the_one_before_it() -> None:
    assert in_order(["x", "b", "y", "a"], ["a", "b"]) == ["x", "a", "b", "y"]
