"""How many SMS a text can cost, and what makes it cost more: the characters that plain SMS lacks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from handbill.language.bounds.measure import Extent
from handbill.language.bounds.rendering import extent_of
from handbill.language.bounds.spelling import Swap
from handbill.language.expressions.facts import Assumption
from handbill.plan.alphabets import GSM
from handbill.plan.ir import Const, Op, Text
from handbill.plan.segments import Encoding, fewest_segments, most_segments

PASTED = {
    "’": ("'", "a pasted apostrophe"),
    "‘": ("'", "a pasted apostrophe"),
    "‚": (",", "a pasted quotation mark"),
    "“": ('"', "a pasted quotation mark"),
    "”": ('"', "a pasted quotation mark"),
    "„": ('"', "a pasted quotation mark"),
    "«": ('"', "a quotation mark"),
    "»": ('"', "a quotation mark"),
    "`": ("'", "a backtick"),
    "´": ("'", "an accent that stands alone"),
    "–": ("-", "a dash"),
    "—": ("-", "a long dash"),
    "‑": ("-", "a hyphen that does not break"),
    "−": ("-", "a minus sign"),
    "…": ("...", "three dots in one"),
    "•": ("-", "a bullet"),
    "·": ("-", "a middle dot"),
    "\u00a0": (" ", "a no-break space"),
    "\u202f": (" ", "a narrow no-break space"),
    "\u2009": (" ", "a thin space"),
    "\t": (" ", "a tab"),
    "™": ("TM", "a trademark sign"),
    "©": ("(c)", "a copyright sign"),
    "®": ("(R)", "a registered sign"),
}
"""Characters that word processors put in, what stands for them in plain SMS, and what they are."""


@dataclass(frozen=True, slots=True)
class Segments:
    """The fewest and the most SMS. `encoding` is that of the text that costs most."""

    fewest: int
    most: int
    encoding: Encoding


def segments_of(extent: Extent) -> Segments:
    """Each way of sending that some text can need."""
    low, high = extent.low, extent.high
    ways: list[Segments] = []
    if low.foreign == 0:
        most = most_segments(high.septets, high.extensions, "GSM-7")
        ways.append(Segments(fewest_segments(low.septets, "GSM-7"), most, "GSM-7"))
    if high.foreign > 0:
        most = most_segments(high.units, high.pairs, "UCS-2")
        ways.append(Segments(fewest_segments(low.units, "UCS-2"), most, "UCS-2"))
    worst = max(ways, key=lambda way: way.most)
    return Segments(min(way.fewest for way in ways), worst.most, worst.encoding)


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What characters written into an SMS cost everyone: `now` segments instead of `plain`.

    `longest` is the longest text once they are replaced, and `most_mended` the most segments that it
    can cost then, whatever the customers' values hold.
    """

    characters: tuple[str, ...]
    now: int
    plain: int
    longest: int
    most_mended: int

    @property
    def is_pasted(self) -> bool:
        """Whether a plain character would do as well."""
        return all(character in PASTED for character in self.characters)


def surcharge(ops: Sequence[Op], assumptions: Sequence[Assumption]) -> Surcharge | None:
    """None where what is written costs nothing extra for customers with plain names."""
    written = tuple(dict.fromkeys(c for text in _constants(ops) for c in text if c not in GSM))
    if not written:
        return None
    swaps = tuple(Swap(character, plain_spelling(character) or "?") for character in written)
    now = segments_of(extent_of(ops, assumptions, any_letters=GSM))
    extent = extent_of(ops, assumptions, swaps, any_letters=GSM)
    plain = segments_of(extent)
    if plain.most >= now.most:
        return None
    mended = segments_of(extent_of(ops, assumptions, swaps))
    return Surcharge(written, now.most, plain.most, extent.high.characters, mended.most)


def plain_spelling(character: str) -> str | None:
    """What plain SMS has for it: `'` for ’, `o` for ó; None where it has nothing like it."""
    if character in PASTED:
        return PASTED[character][0]
    base = unicodedata.normalize("NFD", character)[:1]
    return base if base in GSM else None


def name_of(character: str) -> str:
    """`’ (U+2019, a pasted apostrophe)`; what cannot be seen only by its name: `U+00A0, a no-break space`."""
    what = PASTED[character][1] if character in PASTED else ""
    what = what or unicodedata.name(character, "").lower()
    name = f"U+{ord(character):04X}{', ' + what if what else ''}"
    return f"{character} ({name})" if _is_seen(character) else name


def replacement_of(character: str) -> str:
    """What to write instead, readable in a sentence."""
    plain = plain_spelling(character)
    return "a plain space" if plain == " " else plain or "nothing"


def _is_seen(character: str) -> bool:
    """Whether it can be told from others by looking: no space, nothing of no width, no lone accent."""
    visible = character.isprintable() and not character.isspace()
    return visible and unicodedata.category(character)[0] != "M"


def _constants(ops: Sequence[Op]) -> Iterator[str]:
    waiting: list[object] = list(reversed(ops))
    while waiting:
        match waiting.pop():
            case Text(text=text):
                yield text
            case Const(value=str(text)):
                yield text
            case msgspec.Struct() as struct:
                waiting += [getattr(struct, name) for name in reversed(struct.__struct_fields__)]
            case tuple() as items:
                waiting += reversed(items)
            case _:
                pass
