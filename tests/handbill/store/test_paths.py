from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.store import paths
from handbill.store.errors import StoreUnusable

DIGEST = "sha256:" + "a" * 64


def test_the_layout_is_the_documented_one() -> None:
    assert paths.part_path(DIGEST) == "packs/" + "a" * 64
    assert paths.pointer_path("production") == "environments/production/pointer"
    assert paths.history_path("production", 42) == "environments/production/history/0000000042"
    assert paths.receipt_path("production", "web-1") == "environments/production/receipts/web-1"


@given(st.integers(1, paths.MAX_SEQUENCE), st.integers(1, paths.MAX_SEQUENCE))
def test_history_sorts_as_its_sequences(one: int, other: int) -> None:
    names = [paths.history_path("e", sequence).rpartition("/")[2] for sequence in (one, other)]
    assert (names[0] < names[1]) == (one < other)
    assert [paths.sequence_of(name) for name in names] == [one, other]


@pytest.mark.parametrize("name", ["", "0000000000", "1", "000000001x", "0000000001.tmp"])
def test_other_files_in_the_history_have_no_sequence(name: str) -> None:
    assert paths.sequence_of(name) is None


@pytest.mark.parametrize("name", ["", "..", "a/b", "Production", "-x", "a\n", "../../etc"])
def test_a_name_cannot_leave_its_folder(name: str) -> None:
    with pytest.raises(StoreUnusable):
        paths.pointer_path(name)
    if name not in ("Production",):
        with pytest.raises(StoreUnusable):
            paths.receipt_path("production", name)


@pytest.mark.parametrize("digest", ["", "sha256:", DIGEST.upper(), "sha256:../../x", DIGEST + "a"])
def test_what_is_no_digest_has_no_path(digest: str) -> None:
    with pytest.raises(ValueError):
        paths.part_path(digest)


@pytest.mark.parametrize("sequence", [0, -1, paths.MAX_SEQUENCE + 1])
def test_what_is_no_sequence_has_no_path(sequence: int) -> None:
    with pytest.raises(ValueError):
        paths.history_path("production", sequence)
