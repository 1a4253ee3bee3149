"""How each field merges across layers, and which layers may write it (the five laws).

Paths are those of the normalised campaign; `*` stands for any one key. Fields that are not listed
below a listed path follow it: everything inside an ATOM belongs to the atom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Law(Enum):
    MERGE = "maps merge key by key"
    ATOM = "the innermost layer's value replaces the whole"
    ADD = "entries are only ever added"
    STRICTEST = "every layer's limit applies"
    UNION = "every layer's windows apply"
    LARGEST = "the largest counts"

    @property
    def tightens(self) -> bool:
        """Whether lower layers can only make it stricter (law 3)."""
        return self in (Law.ADD, Law.STRICTEST, Law.UNION, Law.LARGEST)


@dataclass(frozen=True, slots=True)
class FieldLaw:
    """`layers`: who may write it: Platform, Environment, chaNnel, Blueprint, Group, Tenant,
    Campaign file. `unlocked`: a blueprint cannot close it."""

    law: Law
    layers: frozenset[str]
    unlocked: bool = False


def _law(law: Law, layers: str, *, unlocked: bool = False) -> FieldLaw:
    return FieldLaw(law, frozenset(layers), unlocked or law.tightens)


CAMPAIGN_LAWS: Mapping[tuple[str, ...], FieldLaw] = {
    ("uses",): _law(Law.ATOM, "C"),
    ("with",): _law(Law.MERGE, "BGTC"),
    ("with", "*"): _law(Law.ATOM, "BGTC"),
    ("status",): _law(Law.ATOM, "C", unlocked=True),
    ("category",): _law(Law.ATOM, "BC"),
    ("owner",): _law(Law.ATOM, "BGTC", unlocked=True),
    ("description",): _law(Law.ATOM, "BGTC", unlocked=True),
    ("tags",): _law(Law.ATOM, "BGTC", unlocked=True),
    ("priority",): _law(Law.ATOM, "BGTC"),
    ("starts",): _law(Law.ATOM, "BGTC", unlocked=True),
    ("ends",): _law(Law.ATOM, "BGTC", unlocked=True),
    ("trigger",): _law(Law.ATOM, "BC"),
    ("audience",): _law(Law.MERGE, "BGTC"),
    ("audience", "include"): _law(Law.ATOM, "BGTC"),
    ("audience", "exclude"): _law(Law.ADD, "BGTC"),
    ("audience", "limit"): _law(Law.ATOM, "BGTC"),
    ("audience", "rank"): _law(Law.ATOM, "BGTC"),
    ("limits", "per_customer"): _law(Law.STRICTEST, "PNBGTC"),
    ("limits", "quiet_hours"): _law(Law.UNION, "PNBGTC"),
    ("links", "utm"): _law(Law.MERGE, "PBGTC"),
    ("links", "utm", "*"): _law(Law.ATOM, "PBGTC"),
    ("holdout",): _law(Law.LARGEST, "BGTC"),
    ("reentry",): _law(Law.ATOM, "BGTC"),
    ("offer",): _law(Law.ATOM, "BGTC"),
    ("messages",): _law(Law.MERGE, "BGTC"),
    ("messages", "*"): _law(Law.MERGE, "BGTC"),
    ("messages", "*", "*"): _law(Law.MERGE, "BGTC"),
    ("messages", "*", "*", "*"): _law(Law.ATOM, "BGTC"),
    ("messages", "*", "*", "blocks"): _law(Law.MERGE, "BGTC"),
    ("messages", "*", "*", "blocks", "*"): _law(Law.ATOM, "BGTC"),
    ("deliver",): _law(Law.ATOM, "BGTC"),
    ("window",): _law(Law.ATOM, "NBGTC"),
    ("expires",): _law(Law.ATOM, "NBGTC"),
    ("locales",): _law(Law.ATOM, "BGTC"),
    ("experiment",): _law(Law.ATOM, "BGTC"),
    ("was",): _law(Law.ATOM, "C", unlocked=True),
}
"""Every field of a campaign. Groups and tenants write defaults below `blueprints.NAME`; a group's
campaign file counts as C."""

RETAILER_LAWS: Mapping[tuple[str, ...], FieldLaw] = {
    ("brand",): _law(Law.MERGE, "GT"),
    ("brand", "colors"): _law(Law.MERGE, "GT"),
    ("brand", "colors", "*"): _law(Law.ATOM, "GT"),
    ("brand", "*"): _law(Law.ATOM, "GT"),
    ("categories",): _law(Law.MERGE, "PGT"),
    ("categories", "*"): _law(Law.MERGE, "PGT"),
    ("categories", "*", "class"): _law(Law.ATOM, "PGT"),
    ("categories", "*", "consent"): _law(Law.ATOM, "P"),
    ("categories", "*", "sms_consent"): _law(Law.ATOM, "P"),
    ("categories", "*", "quiet_hours"): _law(Law.UNION, "P"),
    ("categories", "*", "channels"): _law(Law.MERGE, "PGT"),
    ("categories", "*", "channels", "*"): _law(Law.MERGE, "PGT"),
    ("categories", "*", "channels", "*", "*"): _law(Law.ATOM, "PGT"),
    ("limits", "per_customer"): _law(Law.STRICTEST, "PGT"),
    ("limits", "quiet_hours"): _law(Law.UNION, "PGT"),
    ("links", "utm"): _law(Law.MERGE, "PGT"),
    ("links", "utm", "*"): _law(Law.ATOM, "PGT"),
    ("holdout",): _law(Law.LARGEST, "PGT"),
    ("lock",): _law(Law.ADD, "PGT"),
    ("owners",): _law(Law.ATOM, "PGT"),
    ("policies",): _law(Law.ATOM, "P"),
    ("review",): _law(Law.ATOM, "P"),
}
"""Fields that the platform, groups and tenants share; every other tenant field is the tenant's."""


def law_of(
    laws: Mapping[tuple[str, ...], FieldLaw], path: tuple[str | int, ...]
) -> FieldLaw | None:
    """The law of the longest listed path that `path` equals or stands below; None when there is
    none, as for `limits`, which only groups fields."""
    for length in range(len(path), 0, -1):
        wanted = tuple(str(part) for part in path[:length])
        for pattern in _patterns(wanted):
            if pattern in laws:
                return laws[pattern]
    return None


def _patterns(path: tuple[str, ...]) -> list[tuple[str, ...]]:
    """`path` itself and every form of it with `*`, the most specific first."""
    forms: list[tuple[str, ...]] = [()]
    for part in path:
        forms = [(*form, choice) for form in forms for choice in (part, "*")]
    return sorted(forms, key=lambda form: form.count("*"))
