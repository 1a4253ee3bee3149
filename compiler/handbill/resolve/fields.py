"""The laws of schema/laws.py as the merge asks for them: one law per path, and who may write there.

Two tables: a campaign's fields, and the fields that platform, group and tenant share. Channels'
own rules in a campaign (`channels.sms.window`) follow the laws of the field they are for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from handbill.resolve.layers import Layer
from handbill.schema.laws import CAMPAIGN_LAWS, RETAILER_LAWS, FieldLaw, Law, law_of
from handbill.source.located import Path

LawOf: TypeAlias = Callable[[Path], Law]

LETTERS = {
    Layer.PLATFORM: "P",
    Layer.CHANNEL: "N",
    Layer.BLUEPRINT: "B",
    Layer.GROUP: "G",
    Layer.TENANT: "T",
    Layer.CAMPAIGN: "C",
    Layer.VARIANT: "C",
}
"""The layers as schema/laws.py names them; a variant is written in a campaign file."""

CHANNELS = "channels"
"""First step of the paths below which a campaign keeps what holds for one channel only."""


def field_path(path: Path) -> Path:
    """The campaign's field that a path is about, a channel's own rules included."""
    return path[2:] if path[:1] == (CHANNELS,) else path


@lru_cache(maxsize=4_096)
def campaign_field(path: Path) -> FieldLaw | None:
    """The law of a path in a normalised campaign; None where the path only groups fields."""
    return law_of(CAMPAIGN_LAWS, field_path(path))


@lru_cache(maxsize=4_096)
def retailer_field(path: Path) -> FieldLaw | None:
    """The law of a path in what platform, group and tenant share."""
    return law_of(RETAILER_LAWS, path)


def campaign_law(path: Path) -> Law:
    field = campaign_field(path)
    return field.law if field else Law.MERGE


def retailer_law(path: Path) -> Law:
    """Fields that only a tenant has merge with nothing: an atom or a map comes to the same."""
    field = retailer_field(path)
    return field.law if field else Law.MERGE


FIELDS = tuple(dict.fromkeys((*CAMPAIGN_LAWS, *RETAILER_LAWS)))
ATOMS = tuple(pattern for pattern, field in CAMPAIGN_LAWS.items() if field.law is Law.ATOM)
"""Nothing may be opened or locked below these."""
