"""The files of a configuration that `handbill fmt` would write otherwise, and writing them."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from handbill.authoring.formatting.document import format_file
from handbill.diagnostics.diagnostic import Diagnostic
from handbill.schema.contracts import ChannelContract, read_contracts
from handbill.schema.document_schema import document_schema
from handbill.schema.rewriting import Schema
from handbill.source.layout import DocumentKind, classify
from handbill.source.tree import SourceTree
from handbill.source.yaml import load_document


@dataclass(frozen=True, slots=True)
class FormattedFile:
    """`after` is None where the file is left alone."""

    path: str
    before: bytes
    after: bytes | None
    found: tuple[Diagnostic, ...] = ()

    @property
    def changes(self) -> bool:
        return self.after is not None and self.after != self.before


def formatted_files(tree: SourceTree, wanted: Callable[[str], bool]) -> Iterator[FormattedFile]:
    """Every YAML file of `tree` that is wanted, formatted."""
    contracts = contracts_of(tree)
    schemas: dict[DocumentKind, Schema] = {}
    for path in tree.paths:
        place = classify(path)
        if place is None or not place.kind.is_yaml or not wanted(path):
            continue
        if place.kind not in schemas:
            schemas[place.kind] = document_schema(place.kind, contracts)
        data = tree.read(path)
        made = format_file(path, data, place, schemas[place.kind], contracts)
        after = None if made.text is None else made.text.encode("utf-8")
        yield FormattedFile(path, data, after, made.found)


def contracts_of(tree: SourceTree) -> dict[str, ChannelContract]:
    """The channels' contracts, for which texts are sent as SMS."""
    places = {
        path: place
        for path in tree.paths
        if (place := classify(path)) and place.kind is DocumentKind.CHANNEL
    }
    read = {path: load_document(path, tree.read(path))[0] for path in places}
    return read_contracts({path: each for path, each in read.items() if each}, places)


def write(root: Path, file: FormattedFile) -> bool:
    """Replaces the file in one step and keeps its mode; False where it is no longer what was read."""
    assert file.after is not None
    target = root / file.path
    handle = os.open(target, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as current:
        mode = stat.S_IMODE(os.fstat(current.fileno()).st_mode)
        if current.read() != file.before:
            return False
    number, name = tempfile.mkstemp(prefix=".handbill-", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as new:
            new.write(file.after)
            new.flush()
            os.fchmod(new.fileno(), mode)
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
    return True
