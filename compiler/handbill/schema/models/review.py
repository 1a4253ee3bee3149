"""What a platform asks of a change before it is merged: policies, limits on jumps, and who owns what."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from handbill.schema.models.values import Document, Expr, Handle, Name, Prose

Owners: TypeAlias = Annotated[list[Handle], Field(min_length=1, max_length=20)]
"""Each of them may approve alone."""
AUDIENCE_GROWTH = 100
REMOVALS = 5


class Policy(Document):
    """A rule over `plan` and `change`. It speaks where `when` holds."""

    name: Name
    when: Expr
    level: Literal["deny", "warn", "approve"]
    by: Owners | None = None
    message: Prose | None = None


class ReviewLimits(Document):
    """Above these a change is held until one of `by` approves it; the platform's owners where `by`
    is absent. `audience_growth` is in percent."""

    audience_growth: int | None = Field(default=None, ge=1, le=1_000_000)
    removals: int | None = Field(default=None, ge=0, le=1_000_000)
    by: Owners | None = None
