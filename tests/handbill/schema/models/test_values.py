"""Models refuse what they do not know and never change."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from handbill.schema.models.audience import AudienceDocument


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError):
        AudienceDocument.model_validate({"include": "customer.x", "inclde": "y"})


def test_a_document_never_changes() -> None:
    document = AudienceDocument.model_validate({"include": "customer.x"})
    with pytest.raises(ValidationError):
        document.include = "customer.y"  # type: ignore[misc]
