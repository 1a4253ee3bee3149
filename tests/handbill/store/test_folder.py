"""The folder store with real files, real processes and real refusals of the operating system."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.store.errors import NotInStore, StoreBusy, StoreUnavailable, TooLarge
from handbill.store.folder import FolderStore
from handbill.store.store import MAX_FILE_BYTES, Unchanged

PATH = "environments/production/pointer"


def test_what_is_put_is_read(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "deep" / "store")
    assert store.read(PATH) is None and store.size(PATH) is None and store.names("packs") == ()
    store.put({PATH: b"one", "packs/a": b"", "packs/b": b"two"})
    store.put({PATH: b"three"}, durable=False)
    stored = store.read(PATH)
    assert stored is not None and stored.data == b"three"
    assert store.size("packs/b") == 3
    assert store.names("packs") == ("a", "b")
    assert os.listdir(store.root / "temporary") == []


def test_many_files_in_order_and_what_is_in_folders(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert store.folders("environments") == () and store.listed("packs") == ()
    store.put({PATH: b"one", "packs/b": b"two", "packs/a": b"", "environments/x/y/z": b"z"})
    found = list(store.read_many(("packs/b", "packs/none", PATH)))
    assert [each.data if each else None for each in found] == [b"two", None, b"one"]
    assert store.sizes(("packs/b", "packs/none")) == (3, None)
    assert store.folders("environments") == ("production", "x")
    assert store.folders("environments/x") == ("y",) and store.listed("environments") == ()
    [a, b] = store.listed("packs")
    assert (a.name, a.size, b.name, b.size) == ("a", 0, "b", 3)
    assert abs(b.modified.timestamp() - time.time()) < 3600
    store.remove(("packs/a", "packs/none"))
    assert store.names("packs") == ("b",)


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert store.read_unless(PATH, "some version") is None
    store.put({PATH: b"one"})
    first = store.read(PATH)
    assert first is not None and store.read_unless(PATH, first.version) is Unchanged.UNCHANGED
    store.put({PATH: b"two"})
    second = store.read_unless(PATH, first.version)
    assert second is not None and second is not Unchanged.UNCHANGED and second.data == b"two"


@given(st.lists(st.binary(max_size=50), unique=True, min_size=2, max_size=5))
def test_different_bytes_have_different_versions(tmp_path_factory, contents: list[bytes]) -> None:  # type: ignore[no-untyped-def]
    store = FolderStore(tmp_path_factory.mktemp("store"))
    versions = set()
    for content in contents:
        store.put({PATH: content}, durable=False)
        stored = store.read(PATH)
        assert stored is not None
        versions.add(stored.version)
    assert len(versions) == len(contents)


def test_create_never_overwrites(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert store.create("environments/e/history/1", b"first")
    assert not store.create("environments/e/history/1", b"second")
    stored = store.read("environments/e/history/1")
    assert stored is not None and stored.data == b"first"


def test_swap_asks_what_was_there(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert not store.swap(PATH, "some version", b"x")
    assert store.swap(PATH, None, b"first")
    assert not store.swap(PATH, None, b"x")
    first = store.read(PATH)
    assert first is not None
    assert store.swap(PATH, first.version, b"second")
    assert not store.swap(PATH, first.version, b"x")
    second = store.read(PATH)
    assert second is not None and second.data == b"second"


SWAP_OFTEN = """
import sys
from pathlib import Path
from handbill.store.folder import FolderStore
store, done = FolderStore(Path(sys.argv[1])), 0
while done < 25:
    stored = store.read("environments/production/pointer")
    value = int(stored.data) if stored else 0
    version = stored.version if stored else None
    done += store.swap("environments/production/pointer", version, b"%d" % (value + 1))
"""
CREATE_EACH = """
import sys
from pathlib import Path
from handbill.store.folder import FolderStore
store = FolderStore(Path(sys.argv[1]))
print(sum(store.create(f"environments/e/history/{n}", b"%d" % n) for n in range(40)))
"""


def _at_once(program: str, root: Path, processes: int) -> list[str]:
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(root)], stdout=subprocess.PIPE)
        for _ in range(processes)
    ]
    outputs = [process.communicate()[0].decode() for process in running]
    assert [process.returncode for process in running] == [0] * processes
    return outputs


def test_no_swap_of_many_processes_is_lost(tmp_path: Path) -> None:
    _at_once(SWAP_OFTEN, tmp_path, 4)
    stored = FolderStore(tmp_path).read(PATH)
    assert stored is not None and stored.data == b"100"


def test_each_file_is_created_by_one_process(tmp_path: Path) -> None:
    assert sum(int(output) for output in _at_once(CREATE_EACH, tmp_path, 3)) == 40


def test_a_lock_held_for_ever_is_reported(tmp_path: Path) -> None:
    store = FolderStore(tmp_path, lock_seconds=0.01)
    assert store.swap(PATH, None, b"x")
    with open(tmp_path / "lock", "rb") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        with pytest.raises(StoreBusy, match="held the lock"):
            store.create("environments/e/history/1", b"x")
    assert store.create("environments/e/history/1", b"x")


def test_what_is_not_a_plain_file_is_refused(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    (tmp_path / "packs").mkdir()
    os.mkfifo(tmp_path / "packs" / "pipe")
    with pytest.raises(NotInStore, match="not a file"):
        store.read("packs/pipe")
    (tmp_path / "packs" / "folder").mkdir()
    with pytest.raises((NotInStore, StoreUnavailable)):
        store.read("packs/folder")


def test_what_is_too_large_is_neither_read_nor_written(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    (tmp_path / "packs").mkdir()
    with open(tmp_path / "packs" / "huge", "wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(TooLarge):
        store.read("packs/huge")
    with pytest.raises(TooLarge):
        store.put({"packs/new": bytes(MAX_FILE_BYTES + 1)})
    assert store.names("packs") == ("huge",)


def test_the_operating_systems_refusal_is_told(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    (tmp_path / "store").write_text("a file has taken the folder's place")
    with pytest.raises(StoreUnavailable, match=r"store cannot be used: .*\(packs\)") as refusal:
        store.put({"packs/a": b"x"})
    assert refusal.value.hint
    assert store.read("packs/a") is None


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real ENOSPC: /dev/full refuses every write as a full disk does."""
    store = FolderStore(tmp_path)
    store.put({PATH: b"old"})
    whole_open = os.open

    def open_full(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_EXCL:
            whole_open(path, flags, mode)
            return whole_open("/dev/full", os.O_WRONLY)
        return whole_open(path, flags, mode)

    monkeypatch.setattr(os, "open", open_full)
    with pytest.raises(StoreUnavailable, match="No space left") as refusal:
        store.put({PATH: b"new"})
    monkeypatch.undo()
    assert "free some space" in (refusal.value.hint or "")
    stored = store.read(PATH)
    assert stored is not None and stored.data == b"old"
    assert os.listdir(tmp_path / "temporary") == []


def test_leftovers_of_killed_writers_are_swept_after_a_day(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert store.sweep() == 0
    store.put({"packs/a": b"x"})
    old, new = tmp_path / "temporary" / "old", tmp_path / "temporary" / "new"
    for leftover in (old, new):
        leftover.write_bytes(b"half")
    os.utime(old, (time.time() - 2 * 86_400,) * 2)
    assert store.swap(PATH, None, b"x"), "moving a pointer sweeps"
    assert new.exists() and not old.exists()
    os.utime(new, (time.time() - 2 * 86_400,) * 2)
    assert store.sweep() == 1


def test_the_watched_folder_sees_the_pointer_and_nothing_else(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    folder = store.watched_folder("production")
    assert folder is not None
    store.put({PATH: b"x", "packs/a": b"x"})
    assert [path.name for path in folder.iterdir()] == ["pointer"]
