"""A ledger that vanished, was replaced or was put back from a backup is not taken for the one used."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handbill.store.folder import FolderStore
from handbill_runtime.errors import LedgerFault
from handbill_runtime.ledger.memory import FILE, LedgerMemory
from handbill_runtime.ledger.model import LedgerIdentity

NOON = datetime(2026, 12, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def state(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "memory")


def use(state: FolderStore, path: Path, accept_new: bool = False) -> LedgerIdentity:
    """What a runtime does from its start to its end."""
    memory = LedgerMemory(state, accept_new)
    ledger = memory.open(f"sqlite://{path}")
    ledger.take_lease("test", NOON)
    memory.remember(ledger)
    identity = ledger.identity()
    ledger.close()
    return identity


def refused(state: FolderStore, path: Path) -> LedgerFault:
    with pytest.raises(LedgerFault) as caught:
        use(state, path)
    assert "--new-ledger" in caught.value.hint and "unsubscribes" in caught.value.message
    return caught.value


def test_the_first_start_makes_one_and_the_next_takes_it_up(state: FolderStore, path: Path) -> None:
    first, second = use(state, path), use(state, path)
    assert len(first.id) == 32 and first.id == second.id
    assert (first.generation, second.generation) == (1, 2)


def test_a_missing_ledger_is_refused_and_not_made(state: FolderStore, path: Path) -> None:
    use(state, path)
    path.unlink()
    assert refused(state, path).code == "HB904"
    assert not path.exists()
    shutil.rmtree(path.parent)
    assert refused(state, path).code == "HB904"
    assert not path.parent.exists()


def test_another_ledger_is_refused_until_it_is_meant(state: FolderStore, path: Path) -> None:
    before = use(state, path)
    path.unlink()
    other = use(FolderStore(state.root.with_name("elsewhere")), path)
    assert other.id != before.id
    assert refused(state, path).code == "HB904"
    assert use(state, path, accept_new=True).id == other.id
    use(state, path)


def test_one_unknown_ledger_passes_and_no_second(state: FolderStore, path: Path) -> None:
    use(state, path)
    memory = LedgerMemory(state, accept_new=True)
    ledger = memory.open(str(path.with_name("second.db")))
    ledger.take_lease("test", NOON)
    memory.remember(ledger)
    ledger.close()
    with pytest.raises(LedgerFault):
        memory.open(str(path))


def test_an_older_copy_is_refused(state: FolderStore, path: Path) -> None:
    use(state, path)
    shutil.copy(path, path.with_name("backup.db"))
    use(state, path)
    use(state, path)
    shutil.copy(path.with_name("backup.db"), path)
    assert refused(state, path).code == "HB905"
    use(state, path, accept_new=True)
    use(state, path)


def test_a_moved_ledger_is_still_the_one(state: FolderStore, path: Path) -> None:
    before = use(state, path)
    moved = path.rename(path.with_name("moved.db"))
    assert use(state, moved).id == before.id


def test_another_runtime_may_have_taken_it_up_since(state: FolderStore, path: Path) -> None:
    use(state, path)
    use(FolderStore(state.root.with_name("elsewhere")), path)
    assert use(state, path).generation == 3


def test_a_ledger_without_a_name_gets_one(state: FolderStore, path: Path) -> None:
    ledger = LedgerMemory(state).open(str(path))
    ledger.db.execute("DELETE FROM meta WHERE key <> 'secret'")
    ledger.close()
    assert len(use(state, path).id) == 32


def test_a_memory_that_cannot_be_read_or_kept_is_a_fault(state: FolderStore, path: Path) -> None:
    use(state, path)
    (state.root / FILE).write_text("{")
    assert refused(state, path).code == "HB904"
    use(state, path, accept_new=True)
    shutil.rmtree(state.root)
    state.root.write_text("a file")
    with pytest.raises(LedgerFault):
        use(state, path)
