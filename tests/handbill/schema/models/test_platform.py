"""handbill.yaml."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from handbill.schema.models.platform import AddedCategory, PlatformDocument


def test_a_category_of_the_platform_has_a_class() -> None:
    platform = PlatformDocument.model_validate({"categories": {"a": {"class": "safety"}}})
    assert platform.categories["a"].class_ == "safety"
    with pytest.raises(ValidationError):
        PlatformDocument.model_validate({"categories": {"a": {"consent": "opt_in"}}})


def test_below_the_platform_only_marketing_may_be_added() -> None:
    assert AddedCategory.model_validate({"class": "marketing"}).class_ == "marketing"
    for value in ({"class": "safety"}, {"consent": "none"}):
        with pytest.raises(ValidationError):
            AddedCategory.model_validate(value)
