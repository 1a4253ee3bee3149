"""What a test and a persona may say."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from handbill.schema.models.campaign_test import (
    CampaignTestDocument,
    ExpectationDocument,
    PersonaDocument,
)

WHOLE = {
    "campaign": "hello",
    "now": "2026-12-05T10:00",
    "customers": {"ann": {"persona": "gold", "tier": None}},
    "expect": {"ann": {"selected": True, "contains": {"email.subject": ["a", "b"]}}},
}


def test_a_test() -> None:
    test = CampaignTestDocument.model_validate(WHOLE)
    assert (test.holdouts, test.data, test.sent, test.stopped) == (False, {}, {}, {})
    assert test.expect["ann"].contains == {"email.subject": ["a", "b"]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customers", {}),
        ("customers", {"a b": {}}),
        ("expect", {}),
        ("expect", {"ann": {"segments": 0}}),
        ("expect", {"ann": {"contains": []}}),
        ("expect", {"ann": {"text": {"A.b.c": "x"}}}),
        ("sent", {"ann": []}),
        ("now", "tomorrow"),
        ("surprise", 1),
    ],
)
def test_what_a_test_cannot_say(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        CampaignTestDocument.model_validate({**WHOLE, field: value})


def test_an_expectation_knows_what_was_written() -> None:
    assert ExpectationDocument(selected=False).model_dump(exclude_none=True) == {"selected": False}


def test_a_persona_is_somebody() -> None:
    assert PersonaDocument.model_validate({"customer": {"tier": "gold"}}).data == {}
    with pytest.raises(ValidationError):
        PersonaDocument.model_validate({"customer": {}})
