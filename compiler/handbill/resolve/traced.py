"""Provenance: for every effective value the layer, file and line that it came from.

Paths are those of the normalised effective campaign: ("audience", "include"), ("messages", "main",
"email", "subject", "en-US"). A path may lead inside an atom, or name a map above the cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from handbill.diagnostics.diagnostic import SourceRange
from handbill.resolve.layers import Origin, Write
from handbill.resolve.merge import Cell, Cells
from handbill.source.located import Path
from handbill.source.text import SourceText


@dataclass(frozen=True, slots=True)
class Traced:
    """The cells of one effective document. Asking for a path that nothing wrote is a KeyError."""

    cells: Cells = field(repr=False)

    def __contains__(self, path: Path) -> bool:
        return self._cell(path) is not None or any(self._below(path))

    def origin(self, path: Path) -> Origin:
        """The place that holds the effective value. A map that several layers wrote answers with
        the lowest that did."""
        found = self._cell(path)
        if found is None:
            return self._map_origin(path)
        cell, rest = found
        write, rest = _deciding(cell, rest)
        return write.origins_below(rest)[-1]

    def history(self, path: Path) -> tuple[Origin, ...]:
        """Every place that wrote the value, lowest layer first; for a tightening field all that
        contribute. An Origin without a value removed it."""
        found = self._cell(path)
        if found is None:
            return tuple(origin for below in self._below(path) for origin in self.history(below))
        cell, rest = found
        if cell.gathered and rest:
            write, rest = _deciding(cell, rest)
            return write.origins_below(rest)
        return tuple(origin for write in cell.history for origin in write.origins_below(rest))

    def text(self, path: Path) -> SourceText:
        """The effective value as text that knows where each character stands."""
        return self.origin(path).text

    def range(self, path: Path) -> SourceRange:
        return self.origin(path).range

    def key_range(self, path: Path) -> SourceRange:
        return self.origin(path).key_range

    def _cell(self, path: Path) -> tuple[Cell, Path] | None:
        """The cell at or above the path, and what remains of the path below it."""
        for length in range(len(path), -1, -1):
            cell = self.cells.get(path[:length])
            if cell is not None:
                return cell, path[length:]
        return None

    def _below(self, path: Path) -> Iterator[Path]:
        return (each for each in self.cells if each[: len(path)] == path)

    def _map_origin(self, path: Path) -> Origin:
        below = min(
            ((cell.deciding[0].origin, each) for each, cell in self.cells.items()
             if each[: len(path)] == path and cell.value is not None),
            key=lambda found: (found[0].layer, found[0].file, found[0].range),
            default=None,
        )  # fmt: skip
        if below is None:
            raise KeyError(path)
        origin, each = below
        return origin.above(len(each) - len(path))


def _deciding(cell: Cell, rest: Path) -> tuple[Write, Path]:
    """The write that decides, and the path inside its value; a gathered item has its own write."""
    if cell.gathered and rest and isinstance(rest[0], int):
        return cell.deciding[rest[0]], rest[1:]
    return cell.deciding[0], rest
