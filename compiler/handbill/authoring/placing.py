"""Files that are written together or not at all.

A new folder is made beside its place and moved there in one step. Into a folder that is there already
the entries are moved one by one, and taken back where one cannot be.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

MARK = ".handbill-"


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A folder on the same disk as `target`, gone at the end with what is left in it, and with the
    parents of `target` that were made for it."""
    near = target if target.is_dir() else target.parent
    made = _make_parents(near)
    try:
        folder = Path(tempfile.mkdtemp(prefix=MARK, dir=near))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        for parent in reversed(made):
            with contextlib.suppress(OSError):  # it is in use now, as it is meant to be
                parent.rmdir()


def _make_parents(folder: Path) -> list[Path]:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    made: list[Path] = []
    for each in reversed(missing):
        each.mkdir()
        made.append(each)
    return made


def write_below(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files that are not there yet, their folders with them."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.write(data)


def move_into_place(source: Path, target: Path) -> None:
    """All of `source` becomes `target`, or nothing does. What stands in `target` is kept."""
    if not target.exists():
        os.chmod(source, 0o777 & ~_umask())
        source.rename(target)
        return
    moved: list[Path] = []
    try:
        for entry in sorted(source.iterdir()):
            to = target / entry.name
            if os.path.lexists(to):
                raise FileExistsError(17, "somebody has made this meanwhile", str(to))
            entry.rename(to)
            moved.append(to)
    except BaseException:
        for each in moved:
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        raise


def add_files(root: Path, files: Mapping[str, bytes]) -> None:
    """Adds files to a configuration that is there; where one cannot be written, none is left."""
    written: list[Path] = []
    made: list[Path] = []
    try:
        for path, data in files.items():
            target = root / path
            made += _make_parents(target.parent)
            with target.open("xb") as file:
                written.append(target)
                file.write(data)
    except BaseException:
        for each in written:
            each.unlink()
        for folder in reversed(made):
            folder.rmdir()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
