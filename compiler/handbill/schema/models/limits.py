"""What holds for every message below, whoever writes it: caps and quiet hours, which only ever tighten
on the way down, and what is appended to links."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from handbill.schema.models.values import Document, Name, Rate, Text, Window


class Limits(Document):
    """`per_customer` is a rolling cap. `quiet_hours`: channel → the recipient's local hours in which
    nothing is sent; a message then waits, and expires."""

    per_customer: Rate | None = None
    quiet_hours: dict[Name, Window | None] | None = None


class EffectiveLimits(Document):
    """All caps of all layers apply; quiet hours are the union of every layer's windows."""

    per_customer: tuple[Rate, ...] = ()
    quiet_hours: dict[Name, tuple[Window, ...]] = Field(default_factory=dict)


LinkParameter: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")]


class Links(Document):
    """`utm`: parameters appended to the query of every link to the retailer's own domains. Values
    may use `channel`, `campaign`, `variant` and constants."""

    utm: dict[LinkParameter, Text | None] | None = None


class EffectiveLinks(Document):
    utm: dict[LinkParameter, Text] = Field(default_factory=dict)
