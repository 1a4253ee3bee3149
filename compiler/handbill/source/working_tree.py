"""A configuration as it stands in a folder, committed or not: what `handbill check` reads.

No symbolic link is followed and only regular files are read. Everything but assets is read at once,
so that one check sees one state of the folder.
"""

from __future__ import annotations

import hashlib
import os
import pathlib
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.source import admission
from handbill.source.layout import (
    DocumentKind,
    classify,
    is_readable_root,
    misspelt_folder,
)
from handbill.source.misplaced import check_layout
from handbill.source.narrowed import TENANTS, others
from handbill.source.tree import WORKING_TREE, SourceTree

Result = tuple[SourceTree | None, tuple[Diagnostic, ...]]


@dataclass(frozen=True, slots=True)
class WorkingTree:
    """A SourceTree over a folder."""

    root: pathlib.Path
    paths: tuple[str, ...]
    refused: tuple[str, ...]
    _bytes: Mapping[str, bytes]

    @property
    def revision(self) -> str:
        return WORKING_TREE

    def read(self, path: str) -> bytes:
        if path not in self._bytes and path not in self.paths:
            raise KeyError(path)
        if path in self._bytes:
            return self._bytes[path]
        return _read_file(self.root / path)

    def blob_id(self, path: str) -> str:
        data = self.read(path)
        return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def open_working_tree(root: pathlib.Path, tenants: Collection[str] | None = None) -> Result:
    """The configuration whose `handbill.yaml` stands in `root`. No tree is returned when `root` is
    not a folder; otherwise the tree leaves out what the diagnostics refuse.

    With `tenants` the folders of all others are passed over, as if they were not there.
    """
    if not root.is_dir():
        missing = Diagnostic(
            "HB101",
            f"{admission.printable(str(root))} is not a folder",
            hint="name the folder that holds handbill.yaml",
        )
        return None, (missing,)
    found: list[Diagnostic] = []
    listed: list[str] = []
    passed_over = frozenset(others(_folders(root / TENANTS), tenants))
    for path, refusal in _walk(root, "", passed_over):
        if refusal:
            found.append(refusal)
        else:
            listed.append(path)
    found.extend(admission.find_collisions(path for path in listed if is_readable_root(path)))
    found.extend(check_layout(frozenset(listed)))
    return _read_all(root, listed, found)


def _folders(path: pathlib.Path) -> list[str]:
    try:
        return [entry.name for entry in os.scandir(path) if entry.is_dir(follow_symlinks=False)]
    except OSError:  # told when it is walked through
        return []


def _read_all(root: pathlib.Path, listed: list[str], found: list[Diagnostic]) -> Result:
    contents: dict[str, bytes] = {}
    paths: list[str] = []
    for path in sorted(listed):
        place = classify(path)
        if place is None:
            continue
        limit = admission.size_limit(place)
        try:
            size = (root / path).stat(follow_symlinks=False).st_size
            if size > limit:
                found.append(admission.too_large(path, size, limit))
                continue
            if place.kind is not DocumentKind.ASSET:
                contents[path] = _read_file(root / path)
        except OSError as error:
            found.append(_unreadable(path, error))
            continue
        paths.append(path)
    return WorkingTree(root, tuple(paths), admission.refused_paths(found), contents), tuple(found)


def _read_file(path: pathlib.Path) -> bytes:
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as file:
        return file.read()


def _walk(
    root: pathlib.Path, below: str, passed_over: Collection[str] = ()
) -> Iterator[tuple[str, Diagnostic | None]]:
    """Every file that may matter, sorted, each with what speaks against reading it. `passed_over`
    are folders of tenants."""
    try:
        entries = sorted(os.scandir(root / below), key=lambda entry: entry.name)
    except OSError as error:
        yield below, _unreadable(below, error)
        return
    for entry in entries:
        path = f"{below}/{entry.name}" if below else entry.name
        if entry.name.startswith(".") or (below == TENANTS and entry.name in passed_over):
            continue
        if is_readable_root(path):
            yield from _inside(root, entry, path, passed_over)
        elif below and entry.is_dir(follow_symlinks=False):
            yield from _walk(root, path)
        elif below:
            yield path, None
        else:
            yield from _outside(root, entry, path)


def _inside(
    root: pathlib.Path, entry: os.DirEntry[str], path: str, passed_over: Collection[str] = ()
) -> Iterator[tuple[str, Diagnostic | None]]:
    mode = entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        yield path, admission.symlink(path)
    elif stat.S_ISDIR(mode):
        yield from _walk(root, path, passed_over)
    elif stat.S_ISREG(mode):
        yield path, admission.odd_path(path)
    else:
        yield (
            path,
            admission.refuse(
                "HB107",
                path,
                "this is not a plain file (a device, pipe or socket)",
                "remove it from the configuration",
            ),
        )


def _outside(
    root: pathlib.Path, entry: os.DirEntry[str], path: str
) -> Iterator[tuple[str, Diagnostic | None]]:
    """What stands beside the configuration matters only when it may be a misspelt part of it."""
    if admission.odd_path(path) is not None:
        return
    if entry.is_file(follow_symlinks=False):
        yield path, None
    elif entry.is_dir(follow_symlinks=False) and misspelt_folder(entry.name):
        yield from (found for found in _walk(root, path) if found[1] is None)


def _unreadable(path: str, error: OSError) -> Diagnostic:
    return admission.refuse(
        "HB111",
        path,
        f"this cannot be read: {error.strerror or 'the system refuses it'}",
        "check its permissions",
    )
