"""Named audiences."""

from __future__ import annotations

from handbill.schema.models.audience import AudienceDocument


def test_exclusions_may_be_absent() -> None:
    assert AudienceDocument.model_validate({"include": "customer.x"}).exclude == {}
