"""A headless Chromium that takes pictures of pages: it may reach nothing, and not take forever.

The one of HANDBILL_CHROMIUM, or the first on PATH. Each picture has a profile of its own that is thrown
away; only root, in whom Chromium's sandbox cannot work, does without it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VARIABLE = "HANDBILL_CHROMIUM"
SECONDS = 60.0
"""How long one picture may take."""
FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


class NoPicture(Exception):
    """There is no Chromium, or it made no picture; says what to do."""


def find_chromium() -> str:
    """The program. Raises NoPicture where there is none."""
    named = os.environ.get(VARIABLE, "")
    if named:
        if shutil.which(named) is None:
            raise NoPicture(f"{VARIABLE} names no program that can be run: {named}")
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise NoPicture(f"--png needs Chromium: install it, or say where it is with {VARIABLE}")
    return found


def take_picture(
    program: str, page: Path, target: Path, size: tuple[int, int], seconds: float = SECONDS
) -> None:
    """`target` becomes a PNG of the page in a window of `size` pixels, 500 wide at least. Raises
    NoPicture."""
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="handbill-chromium-", ignore_cleanup_errors=True) as at:
        command = [
            program,
            *FLAGS,
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            f"--user-data-dir={at}",
            f"--window-size={size[0]},{size[1]}",
            f"--screenshot={target.resolve()}",
            page.resolve().as_uri(),
        ]
        _run(command, seconds)
    if not target.is_file():
        raise NoPicture(f"{program} made no picture of {page.name}; see that it runs by itself")


def _run(command: list[str], seconds: float) -> None:
    """Its children too are gone when this returns."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise NoPicture(f"{command[0]} cannot be run: {error.strerror}") from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise NoPicture(f"{command[0]} took longer than {seconds:.0f} s") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
