"""The cache's promise: an entry may be missing and is never wrong, whatever became of the file."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from handbill.incremental import cache as cache_module
from handbill.incremental.cache import Cache, default_folder


def filled(folder: Path, count: int = 50) -> Cache:
    cache = Cache(folder)
    for number in range(count):
        cache.put(f"value {number}".encode() * 20, "stage", str(number))
    cache.close()
    return cache


def known(cache: Cache, count: int = 50) -> int:
    """How many are there; none of them wrong."""
    found = 0
    for number in range(count):
        value = cache.get("stage", str(number))
        assert value in (None, f"value {number}".encode() * 20)
        found += value is not None
    return found


def test_the_next_process_has_it(tmp_path: Path) -> None:
    filled(tmp_path)
    cache = Cache(tmp_path)
    assert known(cache) == 50
    assert cache.get("stage", "50") is None
    assert cache.get("stag", "e", "1") is None


def test_it_is_there_at_once_and_for_others_after_a_flush(tmp_path: Path) -> None:
    cache, other = Cache(tmp_path), Cache(tmp_path)
    cache.put(b"1", "a")
    assert (cache.get("a"), other.get("a")) == (b"1", None)
    cache.flush()
    assert (cache.get("a"), other.get("a")) == (b"1", b"1")


def test_a_forked_process_has_a_connection_of_its_own(tmp_path: Path) -> None:
    filled(tmp_path)
    cache = Cache(tmp_path)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        cache.put(b"child", "of", "child")
        cache.flush()
        os.write(write, str(known(cache)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert (os.read(read, 9), known(cache), cache.get("of", "child")) == (b"50", 50, b"child")


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_file(tmp_path: Path, seed: int) -> None:
    path = filled(tmp_path).path
    chance, data = random.Random(seed), bytearray(path.read_bytes())
    if seed % 3 == 0:
        del data[chance.randrange(len(data)) :]
    else:
        for _ in range(chance.choice((1, 50, 4000))):
            data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    path.write_bytes(data)
    cache = Cache(tmp_path)
    known(cache)
    cache.put(b"new", "a")
    cache.close()
    known(Cache(tmp_path))


def test_a_value_under_another_key_is_not_taken(tmp_path: Path) -> None:
    path = filled(tmp_path).path
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT key, value, checksum FROM entries").fetchall()
        for (key, _, _), (_, value, checksum) in zip(rows, rows[1:] + rows[:1], strict=True):
            database.execute(
                "UPDATE entries SET value = ?, checksum = ? WHERE key = ?", (value, checksum, key)
            )
    assert known(Cache(tmp_path)) == 0


@pytest.mark.parametrize("foreign", ["text", "database", "folder"])
def test_something_else_in_its_place(tmp_path: Path, foreign: str) -> None:
    path = Cache(tmp_path / "other").path
    path = tmp_path / path.name
    match foreign:
        case "text":
            path.write_text("shopping list\n" * 1000)
        case "database":
            with sqlite3.connect(path) as database:
                database.execute("CREATE TABLE entries (a INTEGER)")
        case _:
            path.mkdir()
    cache = Cache(tmp_path)
    cache.put(b"1", "a")
    cache.flush()
    assert cache.get("a") == b"1"
    assert cache.is_shared == (foreign != "folder")


def test_two_processes_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from handbill.incremental import cache\n"
        "cache.fingerprint = lambda: 'under-test'\n"
        "Cache = cache.Cache\n"
        "cache = Cache(Path(sys.argv[1]))\n"
        "for number in range(200):\n"
        "    cache.put(f'value {number % 50}'.encode() * 20, 'stage', str(number % 50))\n"
        "    cache.flush()\n"
        "cache.close()\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    assert [writer.communicate()[1] for writer in writers] == [b""] * 3
    assert known(Cache(tmp_path)) == 50


def test_a_place_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / "file" / "inside")
    cache.put(b"1", "a")
    cache.close()
    assert cache.get("a") == b"1" and not cache.is_shared


def test_what_was_not_asked_for_longest_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = iter((1, 2, 3))
    day = [0]
    monkeypatch.setattr(cache_module, "_today", lambda: day[0])
    for day[0] in days:
        cache = Cache(tmp_path)
        for number in range(100):
            cache.put(
                bytes(random.Random(f"{day}{number}").randbytes(400)), str(day[0]), str(number)
            )
        assert day[0] == 1 or cache.get("1", "7") is not None
        cache.close()
    size = cache.path.stat().st_size
    day[0] = 4
    Cache(tmp_path, limit=size // 2).close()
    after = Cache(tmp_path)
    assert cache.path.stat().st_size < size
    assert after.get("3", "1") is not None and after.get("1", "7") is not None
    assert after.get("1", "1") is None


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HANDBILL_CACHE", "off")
    assert default_folder() is None
    monkeypatch.setenv("HANDBILL_CACHE", str(tmp_path))
    assert default_folder() == tmp_path
    monkeypatch.delenv("HANDBILL_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "x"))
    assert default_folder() == tmp_path / "x" / "handbill"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder() == tmp_path / ".cache" / "handbill"


def test_who_has_no_home_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDBILL_CACHE", "~nobody-of-this-name/cache")
    assert default_folder() is None
    for name in ("HANDBILL_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 54_321)
    assert default_folder() is None
