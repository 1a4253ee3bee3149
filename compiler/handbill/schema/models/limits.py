"""What only ever tightens on the way down: caps and quiet hours."""

from __future__ import annotations

from pydantic import Field

from handbill.schema.models.values import Document, Name, Rate, Window


class Limits(Document):
    """`per_customer` is a rolling cap. `quiet_hours`: channel → the recipient's local hours in which
    nothing is sent; a message then waits, and expires."""

    per_customer: Rate | None = None
    quiet_hours: dict[Name, Window | None] | None = None


class EffectiveLimits(Document):
    """All caps of all layers apply; quiet hours are the union of every layer's windows."""

    per_customer: tuple[Rate, ...] = ()
    quiet_hours: dict[Name, tuple[Window, ...]] = Field(default_factory=dict)
