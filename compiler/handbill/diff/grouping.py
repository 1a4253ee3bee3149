"""Changes that happen in the same way to many: one entry with its list of subjects.

Two are the same where everything that is said of them is, but for the customers of the examples, the
renderings, and the retailer's own name in the words of messages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain

import msgspec

from handbill.diff.forecasts import Outlook, longer
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


class Group(msgspec.Struct, frozen=True):
    """An entry, what it is told apart by, and what it means later."""

    signature: bytes
    entry: Entry
    outlook: Outlook


def grouped(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Those that say the same as one, each with all its subjects, the weightiest first. Where several
    say the same, their campaigns come in order: all of one before all of the next."""
    together: dict[bytes, list[Group]] = {}
    for each in groups:
        together.setdefault(each.signature, []).append(each)
    return tuple(sorted(map(_merged, together.values()), key=lambda each: _weight(each.entry)))


def _merged(groups: Sequence[Group]) -> Group:
    first = groups[0]
    subjects = tuple(chain.from_iterable(each.entry.subjects for each in groups))
    entry = msgspec.structs.replace(first.entry, subjects=subjects)
    return Group(first.signature, entry, reduce(longer, (each.outlook for each in groups)))


def _weight(entry: Entry) -> tuple[int, int, int, str, str]:
    """By what happens, then by whether somebody joins or leaves, then by how many it reaches."""
    audience = any(isinstance(each, AudienceChange) for each in entry.aspects)
    first = entry.subjects[0]
    return (
        _WEIGHT[entry.kind], 0 if audience else 1, -len(entry.subjects),
        first.tenant, first.campaign,
    )  # fmt: skip


# ── signatures ───────────────────────────────────────────────────────────────────────────────────


def signature_of(told: Told) -> bytes:
    """Equal where the same happens to two."""
    aspects = tuple(_anonymous(each, told.names) for each in told.entry.aspects)
    entry = told.entry
    said = msgspec.json.encode((entry.kind, entry.marketing, aspects), order="deterministic")
    return hashlib.sha256(said).digest()


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
