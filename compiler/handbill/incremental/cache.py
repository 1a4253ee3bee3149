"""What compiles leave behind for the next process: values under keys, in one SQLite file.

An entry may be missing and is never wrong: a key is a digest of everything that the value was made
from, each value carries a checksum, and what cannot be read is not there. A file that is damaged or
is something else is made anew; a file that cannot be written is done without. Values are plain data
(msgspec), never code, so reading a foreign cache runs nothing. Several processes may use one file.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import time
from pathlib import Path

import zstandard

from handbill.incremental.fingerprint import fingerprint

VARIABLE = "HANDBILL_CACHE"
OFF = ("off", "0", "no", "")
APPLICATION = 0x48425543
LIMIT = 4 * 1024**3
"""Bytes that the file may have; beyond that, what was not asked for longest is forgotten."""
MAX_BYTES = 64 * 1024 * 1024
"""Of one value: nothing that is remembered comes near it."""
_WAIT_SECONDS = 5.0
_DAY = 86_400
_TABLE = """
CREATE TABLE IF NOT EXISTS entries (
    key BLOB PRIMARY KEY, value BLOB NOT NULL, checksum BLOB NOT NULL, day INTEGER NOT NULL
)
"""

_packing, _unpacking = zstandard.ZstdCompressor(level=1), zstandard.ZstdDecompressor()


def default_folder() -> Path | None:
    """Where HANDBILL_CACHE says, else the user's folder for caches; None where it says `off`, and
    where the user has no folder (a container's nameless one)."""
    said = os.environ.get(VARIABLE)
    if said is not None and said.strip().lower() in OFF:
        return None
    home = os.environ.get("XDG_CACHE_HOME")
    try:
        if said is not None:
            return Path(said).expanduser()
        return (Path(home) if home else Path.home() / ".cache") / "handbill"
    except RuntimeError:
        return None


class Cache:
    """Values by key. What is put is there at once, for other processes after `flush`. Of one thread
    at a time, whichever that is. A forked process opens the file for itself."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.path = folder / f"compiled-{fingerprint()}.db"
        self._limit = limit
        self._waiting: dict[bytes, bytes] = {}
        self._asked: set[bytes] = set()
        self._database = self._opened()
        self._owner = os.getpid()
        self._inherited: list[object] = []

    @property
    def is_shared(self) -> bool:
        """Whether other processes see what is flushed."""
        return self._database is not None

    def get(self, *parts: str) -> bytes | None:
        """The value that was put under these parts of a key."""
        key = _key(parts)
        if key in self._waiting:
            return self._waiting[key]
        row = self._row(key)
        if row is None:
            return None
        packed, checksum, day = row
        if not isinstance(packed, bytes) or _checksum(key, packed) != checksum:
            return None
        if day != _today():
            self._asked.add(key)
        with contextlib.suppress(zstandard.ZstdError):
            if zstandard.frame_content_size(packed) <= MAX_BYTES:
                return _unpacking.decompress(packed)
        return None

    def put(self, value: bytes, *parts: str) -> None:
        self._waiting[_key(parts)] = value

    def flush(self) -> None:
        """Writes down what waits; where that is not possible, it stays in memory."""
        self._leave_to_the_parent()
        if self._database is None or not (self._waiting or self._asked):
            return
        rows = list(map(_row_of, self._waiting.items()))  # others wait while the file is written
        try:
            with self._database as database:
                database.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", rows)
                database.executemany(
                    "UPDATE entries SET day = ? WHERE key = ?",
                    [(_today(), key) for key in self._asked],
                )
            self._waiting, self._asked = {}, set()
        except (sqlite3.Error, OSError):
            return

    def close(self) -> None:
        """Flushes, and forgets what is too much."""
        self.flush()
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error, OSError):
                self._forget()
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
        self._database = None

    def _row(self, key: bytes) -> tuple[object, object, object] | None:
        self._leave_to_the_parent()
        if self._database is None:
            return None
        try:
            asked = "SELECT value, checksum, day FROM entries WHERE key = ?"
            found: tuple[object, object, object] | None = self._database.execute(
                asked, (key,)
            ).fetchone()
        except sqlite3.OperationalError:  # locked for long, or no longer there
            return None
        except sqlite3.DatabaseError:
            self._database = self._made_anew()
            return None
        return found

    def _leave_to_the_parent(self) -> None:
        """A connection must not be used in another process than that which opened it, nor be closed."""
        if self._owner != os.getpid() and self._database is not None:
            self._inherited.append(self._database)
            self._database = self._opened()
            self._owner = os.getpid()

    def _forget(self) -> None:
        assert self._database is not None
        ((pages,),) = self._database.execute("PRAGMA page_count")
        ((size,),) = self._database.execute("PRAGMA page_size")
        if pages * size <= self._limit:
            return
        with self._database as database:
            ((middle,),) = database.execute(
                "SELECT day FROM entries ORDER BY day LIMIT 1 OFFSET (SELECT count(*) / 2 FROM entries)"
            )
            database.execute("DELETE FROM entries WHERE day <= ? AND day < ?", (middle, _today()))
        self._database.execute("VACUUM")

    def _opened(self) -> sqlite3.Connection | None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return _connected(self.path)
        except sqlite3.OperationalError:
            return None
        except (sqlite3.DatabaseError, _Foreign):
            return self._made_anew()
        except OSError:
            return None

    def _made_anew(self) -> sqlite3.Connection | None:
        try:
            for ending in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
            return _connected(self.path)
        except (sqlite3.Error, OSError, _Foreign):
            return None


class _Foreign(Exception):
    """A database of something else."""


def _connected(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_WAIT_SECONDS, check_same_thread=False)
    ((application,),) = database.execute("PRAGMA application_id")
    tables = database.execute("SELECT name FROM sqlite_master").fetchall()
    if application != APPLICATION:
        if tables:
            database.close()
            raise _Foreign
        database.execute(f"PRAGMA application_id = {APPLICATION}")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.execute(_TABLE)
    return database


def _key(parts: tuple[str, ...]) -> bytes:
    text = "\0".join(parts).encode("utf-8", "surrogateescape")
    return hashlib.blake2b(text, digest_size=20).digest()


def _checksum(key: bytes, packed: bytes) -> bytes:
    return hashlib.blake2b(key + packed, digest_size=12).digest()


def _row_of(item: tuple[bytes, bytes]) -> tuple[bytes, bytes, bytes, int]:
    key, value = item
    packed = _packing.compress(value)
    return key, packed, _checksum(key, packed), _today()


def _today() -> int:
    return int(time.time()) // _DAY
