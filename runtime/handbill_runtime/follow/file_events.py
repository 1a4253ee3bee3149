"""Hints from the file system: the folder in which the pointer appears has changed.

A network folder may deliver none, and a machine may have run out of watches: then there are no hints.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger("handbill.follow")

STEP_MS, DEBOUNCE_MS = 5, 20


@dataclass(frozen=True, slots=True)
class FileEvents:
    """`look_seconds`: how often it is looked whether the folder has appeared."""

    folder: Path
    look_seconds: float

    async def listen(self, hint: Callable[[], None]) -> None:
        """Until cancelled; gives up quietly, once, where the folder cannot be watched."""
        from watchfiles import awatch

        while True:
            if not self.folder.is_dir():
                await asyncio.sleep(self.look_seconds)
                continue
            try:
                async for _ in awatch(
                    self.folder,
                    watch_filter=None,  # the default one skips what lies below a `.git` or `.venv`
                    step=STEP_MS,
                    debounce=DEBOUNCE_MS,
                    recursive=False,
                ):
                    hint()
            except (OSError, RuntimeError) as error:
                log.warning(
                    "%s cannot be watched (%s): looking every %s s",
                    self.folder,
                    error,
                    self.look_seconds,
                )
                return
