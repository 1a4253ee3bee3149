"""How many SMS a text is: GSM 03.38 where all of it is in that alphabet, UCS-2 else.

One SMS holds 160 septets or 70 UTF-16 units; of several, each holds 153 or 67, because a header takes
the rest (3GPP TS 23.040, 9.2.3.24.1). Neither the two septets of an extension character nor the two
units of a character beyond U+FFFF are ever parted, so a part may stay one short of full.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from handbill.plan.alphabets import GSM, GSM_EXTENSION

Encoding: TypeAlias = Literal["GSM-7", "UCS-2"]


class Room(NamedTuple):
    """Units in an SMS that is alone, and in each of several."""

    alone: int
    part: int


ROOM: dict[Encoding, Room] = {"GSM-7": Room(160, 153), "UCS-2": Room(70, 67)}


@dataclass(frozen=True, slots=True)
class SmsSize:
    """`units` are septets or UTF-16 units; `segments` are the SMS that are paid for, 1 at least."""

    encoding: Encoding
    units: int
    segments: int


def sms_size(text: str) -> SmsSize:
    """What a text costs, exactly."""
    encoding: Encoding = "GSM-7" if GSM.issuperset(text) else "UCS-2"
    widths = [_width(character, encoding) for character in text]
    units, room = sum(widths), ROOM[encoding]
    if units <= room.alone:
        return SmsSize(encoding, units, 1)
    segments, left = 0, 0
    for width in widths:
        if width > left:
            segments, left = segments + 1, room.part
        left -= width
    return SmsSize(encoding, units, segments)


def _width(character: str, encoding: Encoding) -> int:
    wide = character in GSM_EXTENSION if encoding == "GSM-7" else character > "\uffff"
    return 2 if wide else 1


def most_segments(units: int, pairs: int, encoding: Encoding) -> int:
    """The most segments of any text of at most `units`, of which at most `pairs` are two units wide.

    Each part but the last may lose one unit to a pair that does not fit, as long as there are pairs.
    """
    room = ROOM[encoding]
    if units <= room.alone:
        return 1
    full = (units - 1) // (room.part - 1)
    return 1 + (full if full <= pairs else (units + pairs - 1) // room.part)


def fewest_segments(units: int, encoding: Encoding) -> int:
    """The fewest segments of any text of at least `units`."""
    room = ROOM[encoding]
    return 1 if units <= room.alone else -(-units // room.part)
