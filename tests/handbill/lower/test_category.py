"""What consent a category needs follows from its class, unless the platform says otherwise."""

from __future__ import annotations

import pytest

from handbill.lower.category import lower_category
from handbill.schema.models.platform import CategoryDocument


@pytest.mark.parametrize(
    ("written", "consent", "sms"),
    [
        ({"class": "marketing"}, "opt_in", "opt_in"),
        ({"class": "transactional"}, "none", "not-stopped"),
        ({"class": "safety"}, "none", "not-stopped"),
        ({"class": "marketing", "consent": "opt_out"}, "opt_out", "opt_out"),
        ({"class": "marketing", "sms_consent": "requested"}, "opt_in", "requested"),
        ({"class": "safety", "consent": "none", "sms_consent": "none"}, "none", "none"),
    ],
)
def test_consent(written: dict[str, str], consent: str, sms: str) -> None:
    category = lower_category("news", CategoryDocument.model_validate(written))
    assert (category.name, category.kind) == ("news", written["class"])
    assert (category.consent, category.sms_consent) == (consent, sms)
