"""Changes that happen in the same way to many: one entry with its list of subjects.

Two are the same where everything that is said of them is, but for the customers of the examples, the
renderings, and the retailer's own name in the words of messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from handbill.diff.model import (
    Aspect,
    AudienceChange,
    ContentChange,
    Entry,
    PartDiff,
    Stretch,
    TextChange,
    Witness,
)

BRAND = "{brand}"
_WEIGHT = {"stopped": 0, "removed": 1, "started": 2, "added": 3, "changed": 4}


@dataclass(frozen=True, slots=True)
class Told:
    """One subject's entry, and the names that its retailer goes by."""

    entry: Entry
    names: tuple[str, ...]


def grouped(told: Iterable[Told]) -> tuple[Entry, ...]:
    """The entries, each with all subjects to which it happens; the weightiest first."""
    together: dict[bytes, list[Entry]] = {}
    for each in told:
        together.setdefault(_signature(each), []).append(each.entry)
    merged = [_merged(entries) for entries in together.values()]
    return tuple(sorted(merged, key=_weight))


def _merged(entries: Sequence[Entry]) -> Entry:
    subjects = sorted(
        (subject for entry in entries for subject in entry.subjects),
        key=lambda subject: (subject.tenant, subject.campaign),
    )
    first = min(entries, key=lambda each: (each.subjects[0].tenant, each.subjects[0].campaign))
    return msgspec.structs.replace(first, subjects=tuple(subjects))


def _weight(entry: Entry) -> tuple[int, int, int, str, str]:
    """By what happens, then by whether somebody joins or leaves, then by how many it reaches."""
    audience = any(isinstance(each, AudienceChange) for each in entry.aspects)
    first = entry.subjects[0]
    return (
        _WEIGHT[entry.kind], 0 if audience else 1, -len(entry.subjects),
        first.tenant, first.campaign,
    )  # fmt: skip


# ── signatures ───────────────────────────────────────────────────────────────────────────────────


def _signature(told: Told) -> bytes:
    aspects = tuple(_anonymous(each, told.names) for each in told.entry.aspects)
    entry = told.entry
    return msgspec.json.encode((entry.kind, entry.marketing, aspects), order="deterministic")


def _anonymous(aspect: Aspect, names: tuple[str, ...]) -> Aspect:
    match aspect:
        case AudienceChange():
            replaced = {
                kind: Witness(answer=getattr(aspect, kind).answer)
                for kind in ("lost", "gained", "kept")
            }
            return msgspec.structs.replace(aspect, counts=None, **replaced)
        case ContentChange():
            texts = tuple(_text(each, names) for each in aspect.texts)
            return msgspec.structs.replace(aspect, pairs=(), texts=texts)
        case _:
            return aspect


def _text(text: TextChange, names: tuple[str, ...]) -> TextChange:
    """Only what differs, under nobody's name."""
    parts = tuple(
        PartDiff(
            part=part.part,
            stretches=tuple(
                Stretch(kind=each.kind, text=_unnamed(each.text, names))
                for each in part.stretches
                if each.kind != "same"
            ),
        )
        for part in text.parts
    )
    return TextChange(where=text.where, parts=parts)


def _unnamed(text: str, names: tuple[str, ...]) -> str:
    for name in names:
        text = text.replace(name, BRAND)
    return text
