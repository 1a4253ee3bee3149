"""audiences/A.yaml: a named audience, used as `audiences.A`."""

from __future__ import annotations

from pydantic import Field

from handbill.schema.models.values import Document, Expr, Name, Prose


class AudienceDocument(Document):
    description: Prose | None = None
    include: Expr
    exclude: dict[Name, Expr] = Field(default_factory=dict)
