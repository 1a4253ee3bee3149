"""The bytes of a part: both formats are read, none is believed further than its own length."""

from __future__ import annotations

import hashlib
import tracemalloc

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from handbill.plan.canonical import digest_of
from handbill.store.errors import PackDamaged
from handbill.store.part import compress, encode_part, open_part
from handbill.store.store import MAX_FILE_BYTES

NAME = digest_of(b"whatever")


def part(*contents: bytes) -> bytes:
    return encode_part((), {digest_of(data): data for data in contents})


def stored(length: int, frame: bytes) -> bytes:
    return b"handbill-pack 2 %d %s\n" % (length, hashlib.sha256(frame).hexdigest().encode()) + frame


@given(st.lists(st.binary(min_size=1, max_size=300), unique=True, max_size=6))
def test_both_formats_are_read_alike(contents: list[bytes]) -> None:
    plain = part(*contents)
    for data in (plain, compress(plain)):
        opened = open_part(NAME, data)
        assert opened.plain == plain
        assert dict(opened.objects()) == {digest_of(each): each for each in contents}
        assert all(opened.object(digest_of(each)) == each for each in contents)


def test_text_gets_much_smaller() -> None:
    plain = part(*(b'{"campaign": %d, "text": "Thank you for shopping"}' % n for n in range(200)))
    assert len(compress(plain)) < len(plain) / 2


def test_every_flipped_bit_and_every_cut_is_refused() -> None:
    whole = compress(part(b"one", b"two"))
    for at in range(len(whole) * 8):
        harmed = bytearray(whole)
        harmed[at // 8] ^= 1 << (at % 8)
        with pytest.raises(PackDamaged):
            open_part(NAME, bytes(harmed))
    for length in range(len(whole)):
        with pytest.raises(PackDamaged):
            open_part(NAME, whole[:length])


BOMB = zstandard.ZstdCompressor().compress(bytes(200 * 1024 * 1024))
"""200 MiB of nothing in some kilobytes."""
ENDLESS = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(200 * 1024 * 1024))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (stored(200 * 1024 * 1024, BOMB), "more than a part can have"),
        (stored(999_999_999, BOMB), "more than a part can have"),
        (stored(1000, BOMB), "not the one it states"),
        (stored(MAX_FILE_BYTES, BOMB), "not the one it states"),
        (stored(1000, ENDLESS), "not the one it states"),
        (stored(18, b"no frame at all"), "cannot be decompressed"),
        (stored(len(part(b"a")), compress(part(b"a"))[80:]), "cannot be decompressed|not the one"),
    ],
)
def test_a_bomb_is_not_set_off(data: bytes, reason: str) -> None:
    tracemalloc.start()
    with pytest.raises(PackDamaged, match=reason):
        open_part(NAME, data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 * 1024 * 1024


def _lying(claimed: int, content: bytes) -> bytes:
    """A frame whose header states another length than it has."""
    frame = bytearray(zstandard.ZstdCompressor(level=1).compress(content))
    size = zstandard.frame_content_size(bytes(frame))
    assert size == len(content) and 256 <= size < 65_536 + 256
    frame[5:7] = (claimed - 256).to_bytes(2, "little")
    assert zstandard.frame_content_size(bytes(frame)) == claimed
    return bytes(frame)


@pytest.mark.parametrize("claimed", [300, 20_000])
def test_a_frame_that_lies_about_its_length_is_refused(claimed: int) -> None:
    with pytest.raises(PackDamaged, match="cannot be decompressed"):
        open_part(NAME, stored(claimed, _lying(claimed, part(b"x" * 8000))))


def test_what_comes_after_the_frame_is_refused() -> None:
    plain = part(b"one")
    frame = zstandard.ZstdCompressor().compress(plain)
    with pytest.raises(PackDamaged, match="cannot be decompressed"):
        open_part(NAME, stored(len(plain), frame + b"more"))


def test_a_compressed_something_is_no_part() -> None:
    with pytest.raises(PackDamaged, match="no part"):
        open_part(NAME, stored(5, zstandard.ZstdCompressor().compress(b"hello")))
