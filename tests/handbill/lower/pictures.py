"""Pictures of every kind, as encoders write them."""

from __future__ import annotations

import base64
import struct
import zlib


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    pixels = zlib.compress((b"\0" + b"\x80" * 3 * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


GIF = base64.b64decode("R0lGODlhAgADAPAAAP8AAAAAACH5BAAAAAAALAAAAAACAAMAAAIDhI8FADs=")
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300" + "01" * 64 + "ffc0000b080004000501011100"
)
WEBP_LOSSY = bytes.fromhex("52494646240000005745425056503820180000003001009d012a0200030002003425a4")
WEBP_LOSSLESS = bytes.fromhex(
    "524946461a000000574542505650384c0d0000002f01800000071011fd0f4444ff03"
)
WEBP_EXTENDED = b"RIFF\x30\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\x57\x02\0\xc7\0\0" + b"\0" * 8
