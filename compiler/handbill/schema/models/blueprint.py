"""blueprints/B/blueprint.yaml: a shared campaign that tenants instantiate."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from handbill.schema.models.campaign import CampaignFields
from handbill.schema.models.review import Owners
from handbill.schema.models.values import Document, FieldName, FieldPath, Prose


class ParamSchema(Document):
    """A JSON Schema property, of the constructs that a parameter may use."""

    type: Literal["string", "integer", "number", "boolean", "array", "object"] | None = None
    enum: list[Any] | None = Field(default=None, min_length=1)
    default: Any | None = None
    description: Prose | None = None
    minimum: float | None = None
    maximum: float | None = None
    multipleOf: float | None = Field(default=None, gt=0)
    minLength: int | None = Field(default=None, ge=0)
    maxLength: int | None = Field(default=None, ge=0)
    items: ParamSchema | None = None
    minItems: int | None = Field(default=None, ge=0)
    maxItems: int | None = Field(default=None, ge=0)
    properties: dict[FieldName, ParamSchema] | None = None
    required: list[FieldName] | None = None


class BlueprintDocument(CampaignFields):
    """Closed except what `open` lists. A constant may be {param: NAME}."""

    params: dict[FieldName, ParamSchema] = Field(default_factory=dict)
    open: list[FieldPath] = Field(default_factory=lambda: ["with"])
    owners: Owners | None = None
    """Of its files; who owns a plan that it makes is the tenant's matter."""
