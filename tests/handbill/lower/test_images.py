"""The kind and size of pictures, from the headers that real encoders write."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

from pictures import GIF, JPEG, WEBP_EXTENDED, WEBP_LOSSLESS, WEBP_LOSSY, png

from handbill.lower.images import Image, read_image


@pytest.mark.parametrize(
    ("data", "image"),
    [
        (png(600, 200), Image("png", 600, 200)),
        (GIF, Image("gif", 2, 3)),
        (JPEG, Image("jpg", 5, 4)),
        (WEBP_LOSSY, Image("webp", 2, 3)),
        (WEBP_LOSSLESS, Image("webp", 2, 3)),
        (WEBP_EXTENDED, Image("webp", 600, 200)),
    ],
)
def test_pictures(data: bytes, image: Image) -> None:
    assert read_image(data) == image


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", png(3, 3)[:20], JPEG[:40],
     b"\xff\xd8\xff", b"RIFF\0\0\0\0WAVE" + b"\0" * 30, png(0, 3), b"%PDF-1.7",
     b"\xff\xd8\xff\xe0\x00\x00" + b"\x00" * 40],
)  # fmt: skip
def test_what_is_no_whole_picture(data: bytes) -> None:
    assert read_image(data) is None


def test_a_size_behind_an_exif_block_is_found() -> None:
    exif = b"\xff\xe1\x01\x00" + b"\xff" * 254
    assert read_image(JPEG[:2] + exif + JPEG[2:]) == Image("jpg", 5, 4)


@given(st.sampled_from([GIF, JPEG, WEBP_LOSSY, WEBP_LOSSLESS, WEBP_EXTENDED, png(5, 5)]), st.data())
def test_spoilt_bytes_are_read_to_an_end(data: bytes, draw: st.DataObject) -> None:
    cut = data[: draw.draw(st.integers(0, len(data)))]
    place = draw.draw(st.integers(0, max(len(cut) - 1, 0)))
    spoilt = cut[:place] + draw.draw(st.binary(max_size=4)) + cut[place:]
    image = read_image(spoilt)
    assert image is None or (image.width > 0 and image.height > 0)
