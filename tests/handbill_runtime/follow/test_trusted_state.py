"""What a runtime remembers: kept whole, never lowered, and told when it cannot be read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "handbill" / "store"))

from root_world import SUCCESSOR, Roots

from handbill.store.errors import StoreUnavailable, TrustedStateDamaged
from handbill.store.folder import FolderStore
from handbill.store.trust import flat_trust
from handbill_runtime.follow.trusted_state import PATH, TrustedMemory, TrustedState


@pytest.fixture
def memory(tmp_path: Path) -> TrustedMemory:
    return TrustedMemory(FolderStore(tmp_path / "state"), "production")


def again(memory: TrustedMemory) -> TrustedMemory:
    found = TrustedMemory(memory.store, "production")
    found.load()
    return found


def test_nothing_was_seen_at_first(memory: TrustedMemory) -> None:
    assert memory.load() == TrustedState() and memory.kept_pause() is None


def test_it_outlives_the_process_and_never_goes_back(memory: TrustedMemory) -> None:
    memory.activated(b"new", 9, flat_trust())
    memory.activated(b"old", 4, flat_trust())
    memory.paused(7, b"pause 7")
    memory.paused(3, b"pause 3")
    found = again(memory)
    assert (found.state.sequence, found.state.pause) == (9, 7)
    assert found.is_last_activated(b"old") and not found.is_last_activated(b"new")
    assert found.kept_pause() == b"pause 7"
    found.floor(5)
    assert found.state.sequence == 9
    found.floor(12)
    assert found.state.sequence == 12


def test_two_runtimes_with_one_folder_never_lower_each_other(memory: TrustedMemory) -> None:
    beside = again(memory)
    memory.activated(b"new", 9, flat_trust())
    beside.paused(5, b"pause")
    assert (again(memory).state.sequence, again(memory).state.pause) == (9, 5)


def test_root_documents_are_kept_as_they_were_signed(memory: TrustedMemory, tmp_path: Path) -> None:
    roots = Roots(FolderStore(tmp_path / "store"))
    roots.add_publisher(SUCCESSOR)
    trust = roots.trust.updated(roots.store)
    memory.followed(trust)
    memory.followed(roots.trust)
    assert again(memory).state.root == 2
    assert roots.trust.updated(memory.store) == trust


@pytest.mark.parametrize("data", [b"", b"{", b'{"sequence":-1}', b'{"format":2}', b'{"more":1}'])
def test_what_cannot_be_read_is_not_taken_for_nothing(memory: TrustedMemory, data: bytes) -> None:
    memory.store.put({PATH: data})
    with pytest.raises(TrustedStateDamaged, match=r"trusted\.json cannot be read"):
        memory.load()


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    memory = TrustedMemory(FolderStore(tmp_path / "file" / "state"), "production")
    with pytest.raises(StoreUnavailable):
        memory.activated(b"x", 1, flat_trust())
