"""What an editor has open of one configuration, and what it was last told of it.

Lives in the event loop's thread; only `Configuration.look` leaves it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pygls.uris import from_fs_path

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.editor.configuration import Configuration, Look
from handbill.editor.positions import Positions
from handbill.editor.published import Board, Place
from handbill.editor.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the editor has it, saved or not."""

    uri: str
    path: str
    text: str
    version: int | None = None


@dataclass(slots=True)
class Desk:
    """`asked` grows with every change; `answered` is the change that was last answered."""

    configuration: Configuration
    encoding: str
    documents: dict[str, Document] = field(default_factory=dict)
    look: Look | None = None
    examined: tuple[Diagnostic, ...] = ()
    """What was found beyond compiling, when there was last time for it."""
    board: Board = field(default_factory=Board)
    known: tuple[Look, dict[str, Surroundings]] | None = None
    asked: int = 0
    answered: int = 0
    is_at_work: bool = False
    has_glanced: bool = False
    """Whether the open documents were answered before what depends on them was compiled."""
    examination: asyncio.Task[None] | None = None

    @property
    def root(self) -> Path:
        return self.configuration.root

    def texts(self) -> Mapping[str, bytes]:
        """Path → what is in the editor. A lone half of a surrogate pair, which no file can hold,
        stays something that is no UTF-8."""
        return {
            path: each.text.encode("utf-8", "surrogatepass")
            for path, each in self.documents.items()
        }

    def uri_of(self, path: str) -> str:
        if path in self.documents:
            return self.documents[path].uri
        return from_fs_path(str(self.root / path)) or self.root.as_uri()

    def text_of(self, path: str) -> str:
        """As the editor has it, else as the last look read it; empty where neither does."""
        if path in self.documents:
            return self.documents[path].text
        tree = self.look.tree if self.look else None
        if tree is None or path not in tree.paths:
            return ""
        try:
            return tree.read(path).decode("utf-8", "replace")
        except OSError:
            return ""

    def place(self) -> Place:
        """For one answer: each file's lines are counted once."""

        @cache
        def positions_of(path: str) -> Positions:
            return Positions(self.text_of(path), self.encoding)

        return Place(self.uri_of, positions_of)

    def around(self, path: str) -> Surroundings:
        """What is known around a file; gathered once for each look."""
        assert self.look is not None
        if not self.known or self.known[0] is not self.look:
            self.known = (self.look, {})
        if path not in self.known[1]:
            self.known[1][path] = Surroundings(self.look, path)
        return self.known[1][path]
