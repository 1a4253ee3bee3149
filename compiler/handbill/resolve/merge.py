"""The five laws of merging, as one table: law → how a cell takes a further write.

Pure: writes in, cells out, whatever the order in which files were read. A cell is the effective
value at one path with everything that was written there, lowest layer first. Locks and closed
blueprints are checked before (see permission.py); nothing here knows a field by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from handbill.diagnostics.diagnostic import Diagnostic, Related
from handbill.resolve.fields import LawOf
from handbill.resolve.layers import Write
from handbill.resolve.patterns import dotted
from handbill.resolve.tightening import (
    distinct_windows,
    largest_share,
    not_comparable,
    strictest_rates,
)
from handbill.schema.laws import Law
from handbill.schema.scalars import ScalarError
from handbill.source.located import Path, Value


@dataclass(frozen=True, slots=True)
class Cell:
    """The effective value at one path; None when a `null` removed it.

    `deciding` are the writes the value comes from: one, or one per item where a law `gathered` a
    list from several writes. `history` has every write, those that lost as well.
    """

    value: Value
    deciding: tuple[Write, ...]
    history: tuple[Write, ...]
    gathered: bool = False


Cells: TypeAlias = Mapping[Path, Cell]
Fold: TypeAlias = Callable[[tuple[Write, ...]], Cell]


def _last(history: tuple[Write, ...]) -> Cell:
    return Cell(history[-1].value, history[-1:], history)


def _first(history: tuple[Write, ...]) -> Cell:
    return Cell(history[0].value, history[:1], history)


def _gathered(choose: Callable[[Iterable[Write]], tuple[Write, ...]]) -> Fold:
    """A list of everything that was written, as far as `choose` keeps it."""

    def fold(history: tuple[Write, ...]) -> Cell:
        kept = choose(item for write in history for item in items_of(write))
        return Cell([write.value for write in kept], kept, history, gathered=True)

    return fold


def _largest(history: tuple[Write, ...]) -> Cell:
    best = largest_share(history)
    return Cell(best.value, (best,), history)


FOLDS: Mapping[Law, Fold] = {
    Law.MERGE: _last,
    Law.ATOM: _last,
    Law.ADD: _first,
    Law.STRICTEST: _gathered(strictest_rates),
    Law.UNION: _gathered(distinct_windows),
    Law.LARGEST: _largest,
}
"""Maps that merge were taken apart into writes before, so each write is at the law's own grain."""


def items_of(write: Write) -> tuple[Write, ...]:
    """A list's items one by one, anything else as it is."""
    if isinstance(write.value, list):
        return tuple(write.item(index) for index in range(len(write.value)))
    return (write,)


def merge(
    writes: Iterable[Write], law_of: LawOf
) -> tuple[dict[Path, Cell], tuple[Diagnostic, ...]]:
    """Fold writes, given lowest layer first, into cells. Law 3 wins over `null`."""
    cells: dict[Path, Cell] = {}
    diagnostics: list[Diagnostic] = []
    for write in writes:
        if write.value is None:
            diagnostics.extend(_remove(cells, write, law_of))
            continue
        law, before = law_of(write.path), cells.get(write.path)
        error = not_comparable(law, items_of(write))
        if error is not None:
            diagnostics.append(_unfit(write, error))
            continue
        if law is Law.ADD and before is not None and before.value != write.value:
            diagnostics.append(_name_taken(write, before))
        cells[write.path] = FOLDS[law]((*(before.history if before else ()), write))
    return cells, tuple(diagnostics)


def _remove(cells: dict[Path, Cell], write: Write, law_of: LawOf) -> list[Diagnostic]:
    """Empty every cell at or under the path, except those that only tighten."""
    refused = []
    for path, cell in cells.items():
        if path[: len(write.path)] != write.path or cell.value is None:
            continue
        if law_of(path).tightens:
            refused.append(_cannot_remove(write, path, cell))
        else:
            cells[path] = Cell(None, (write,), (*cell.history, write))
    return refused


def _unfit(write: Write, error: ScalarError) -> Diagnostic:
    return Diagnostic(
        code="HB419",
        message=f"`{dotted(write.path)}` cannot be `{write.value}`: {error}",
        range=write.given_at.range,
        related=(Related("it is meant for this field", write.origin.key_range),),
        hint=error.hint,
    )


def _cannot_remove(write: Write, path: Path, cell: Cell) -> Diagnostic:
    upper = cell.deciding[0].origin
    return Diagnostic(
        code="HB412",
        message=f"`{dotted(path)}` cannot be removed here: it was set at {upper.place}",
        range=write.origin.range,
        notes=("limits, quiet hours, holdouts and exclusions only tighten on the way down",),
        related=(Related("set here", upper.key_range),),
        hint="take this line out, or ask the owner of the other file to loosen it there",
    )


def _name_taken(write: Write, before: Cell) -> Diagnostic:
    upper = before.deciding[0].origin
    return Diagnostic(
        code="HB413",
        message=f"`{dotted(write.path)}` is already set at {upper.place}, and exclusions only add",
        range=write.origin.key_range,
        related=(Related("set here", upper.key_range),),
        hint=f"use another name, such as `{write.path[-1]}_2`: both then apply",
    )


def nest(cells: Cells) -> dict[str, Value]:
    """The cells as one nested value."""
    tree: dict[str, Value] = {}
    for path, cell in cells.items():
        if cell.value is None:
            continue
        branch = tree
        for step in path[:-1]:
            child = branch.setdefault(str(step), {})
            assert isinstance(child, dict)
            branch = child
        branch[str(path[-1])] = cell.value
    return tree
