"""A campaign's category: what consent it needs follows from its class unless the platform says."""

from __future__ import annotations

from typing import Literal, TypeAlias

from handbill.plan.model import Category
from handbill.schema.models.platform import CategoryDocument

Consent: TypeAlias = Literal["opt_in", "opt_out", "requested", "not-stopped", "none"]

BY_CLASS: dict[str, tuple[Consent, Consent]] = {
    "marketing": ("opt_in", "opt_in"),
    "transactional": ("none", "not-stopped"),
    "safety": ("none", "not-stopped"),
}
"""Class → consent in general, and for sms: a STOP to a number ends everything but opt-in again."""


def lower_category(name: str, document: CategoryDocument) -> Category:
    """Resolving saw to it that the category has a class."""
    kind = document.class_
    assert kind is not None
    consent, sms = BY_CLASS[kind]
    return Category(
        name=name,
        kind=kind,
        consent=document.consent or consent,
        sms_consent=document.sms_consent or document.consent or sms,
    )
