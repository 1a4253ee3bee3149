"""A disk that is full from the n-th write on, in this process: what the system says then is said."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class FullDisk:
    """`met` counts the writes that were refused."""

    def __init__(self, room: int) -> None:
        self._room, self.met = room, 0
        self._lock = threading.Lock()

    def guarding(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def write(descriptor: int, data: Any, *rest: Any) -> Any:
            with self._lock:
                self._room -= 1
                if self._room < 0:
                    self.met += 1
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                if self._room == 0:
                    data = memoryview(data)[: max(1, len(data) // 2)]  # the last bit of room
            return call(descriptor, data, *rest)

        return write


@contextmanager
def full_after(writes: int) -> Iterator[FullDisk]:
    disk, write = FullDisk(writes), os.write
    os.write = disk.guarding(write)  # type: ignore[assignment]
    try:
        yield disk
    finally:
        os.write = write
