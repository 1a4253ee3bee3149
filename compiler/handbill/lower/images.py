"""What the bytes of a picture say about it: its kind and size, read from its header alone.

PNG: W3C PNG 3rd edition, 11.2.1. GIF: GIF89a, 18. JPEG: ITU-T T.81, B.2.2. WebP: Google's container
specification ("Simple", "Lossless" and "Extended File Format").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

ImageKind: TypeAlias = Literal["png", "jpg", "gif", "webp"]


@dataclass(frozen=True, slots=True)
class Image:
    """Width and height in pixels."""

    kind: ImageKind
    width: int
    height: int


def read_image(data: bytes) -> Image | None:
    """None where the bytes are no picture of these kinds, or are cut off before its size."""
    for begins, read in (
        (b"\x89PNG\r\n\x1a\n", _png),
        (b"GIF87a", _gif),
        (b"GIF89a", _gif),
        (b"\xff\xd8\xff", _jpeg),
        (b"RIFF", _webp),
    ):
        if data.startswith(begins):
            image = read(data)
            return image if image and image.width and image.height else None
    return None


def _png(data: bytes) -> Image | None:
    if data[12:16] != b"IHDR" or len(data) < 24:
        return None
    return Image("png", _big(data, 16, 4), _big(data, 20, 4))


def _gif(data: bytes) -> Image | None:
    if len(data) < 10:
        return None
    return Image("gif", _little(data, 6, 2), _little(data, 8, 2))


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""


def _jpeg(data: bytes) -> Image | None:
    """The first frame header; the segments before it are passed over."""
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _FRAMES:
            return Image("jpg", _big(data, at + 7, 2), _big(data, at + 5, 2))
        else:
            at += 2 if marker in _ALONE else 2 + max(_big(data, at + 2, 2), 2)
    return None


def _webp(data: bytes) -> Image | None:
    if data[8:12] != b"WEBP" or len(data) < 30:
        return None
    match data[12:16]:
        case b"VP8 " if data[23:26] == b"\x9d\x01\x2a":
            return Image("webp", _little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF)
        case b"VP8L" if data[20] == 0x2F:
            bits = _little(data, 21, 4)
            return Image("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8X":
            return Image("webp", _little(data, 24, 3) + 1, _little(data, 27, 3) + 1)
        case _:
            return None


def _big(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")


def _little(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "little")
