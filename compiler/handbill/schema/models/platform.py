"""handbill.yaml: what holds for every retailer."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from handbill.schema.models.limits import Limits, Links
from handbill.schema.models.review import Owners, Policy, ReviewLimits
from handbill.schema.models.values import Document, FieldPath, Name, Prose, Share, Window

CategoryClass: TypeAlias = Literal["marketing", "transactional", "safety"]
ConsentRule: TypeAlias = Literal["opt_in", "opt_out", "requested", "not-stopped", "none"]


class SenderChoice(Document):
    """A category's own provider and sender on one channel."""

    provider: Name | list[Name] | None = None
    from_: Prose | None = Field(default=None, alias="from")
    workspace: Prose | None = None


class CategoryDocument(Document):
    """Consent, caps, footer and holdout follow from `class`. Groups and tenants may add categories
    of class marketing and give any category senders of its own."""

    class_: CategoryClass | None = Field(default=None, alias="class")
    consent: ConsentRule | None = None
    sms_consent: ConsentRule | None = None
    quiet_hours: dict[Name, Window | None] | None = None
    channels: dict[Name, SenderChoice | None] | None = None


class PlatformCategory(CategoryDocument):
    class_: CategoryClass = Field(alias="class")


class AddedCategory(Document):
    """What a group or a tenant may write about a category."""

    class_: Literal["marketing"] | None = Field(default=None, alias="class")
    channels: dict[Name, SenderChoice | None] | None = None


class PlatformDocument(Document):
    format: int = Field(default=1, ge=1)
    """Of all files of the configuration; schema/formats.py knows which there are."""
    categories: dict[Name, PlatformCategory] = Field(min_length=1)
    limits: Limits | None = None
    links: Links | None = None
    holdout: Share | None = None
    """Held out of all marketing; the largest of platform, group and tenant counts."""
    lock: list[FieldPath] = Field(default_factory=list)
    """Paths that nothing below may change, not even to tighten them."""
    policies: list[Policy] = Field(default_factory=list, max_length=200)
    review: ReviewLimits | None = None
    owners: Owners | None = None
    """Of all that nobody else owns."""
