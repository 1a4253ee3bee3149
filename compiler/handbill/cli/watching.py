"""Doing something again whenever a configuration's files change, until Ctrl-C.

A folder that is gone for a moment (a branch is switched, a folder is moved and put back) is waited for.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import rich_click as click

from handbill.source.layout import is_readable_root

STEP = 100
"""Milliseconds without a change after which a burst of changes is over."""
LONGEST = 1_000
"""Milliseconds after which a burst is answered even if it goes on."""
LOOK = 200
"""Milliseconds after which the folder itself is looked at."""


def whenever_it_changes(root: Path, act: Callable[[], None]) -> None:
    """Calls `act` now and after every change of a file that may be read. Returns at Ctrl-C.

    On a terminal the screen is cleared first, so that what is shown is what holds.
    """
    try:
        for _ in changes(root):
            _act(act)
    except KeyboardInterrupt:
        return


def changes(root: Path) -> Iterator[None]:
    """Once as soon as `root` is watched, then for each burst of changes below it, and when it is back
    after it was gone. What changes while the caller is at work is a burst of its own."""
    from watchfiles import watch

    def matters(_: object, path: str) -> bool:
        inside = os.path.relpath(path, root).replace(os.sep, "/")
        return not os.path.basename(path).startswith(".") and is_readable_root(inside)

    while True:
        known, is_new = _wait_for(root), True
        try:
            for found in watch(
                root,
                watch_filter=matters,
                debounce=LONGEST,
                step=STEP,
                rust_timeout=LOOK,
                yield_on_timeout=True,
            ):
                if found or is_new:
                    is_new = False
                    yield
                if _identity(root) != known:
                    break
        except FileNotFoundError:  # it went between two looks
            pass


def _wait_for(root: Path) -> tuple[int, int]:
    while (identity := _identity(root)) is None:
        time.sleep(LOOK / 1000)
    return identity


def _identity(root: Path) -> tuple[int, int] | None:
    """Which folder this is; None where there is none."""
    try:
        status = root.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _act(act: Callable[[], None]) -> None:
    if sys.stdout.isatty():
        click.clear()
    act()
    click.echo("watching for changes; Ctrl-C ends", err=True)
    sys.stdout.flush()
