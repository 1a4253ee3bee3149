"""The layers of configuration, and what one of them writes.

A `Write` is one value that one file sets at one path of the normalised campaign (or tenant). The
merge, the locks and the closed blueprints all work on writes, so each needs to be stated once.
An `Origin` is where a value stands: layer, file and line; every effective value keeps its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from handbill.diagnostics.diagnostic import SourceRange
from handbill.source.located import LocatedDocument, Path, Value
from handbill.source.text import SourceText


class Layer(IntEnum):
    """Lowest first: a later layer has the last word where the law lets it speak."""

    PLATFORM = 1
    CHANNEL = 2
    BLUEPRINT = 3
    GROUP = 4
    TENANT = 5
    CAMPAIGN = 6
    VARIANT = 7

    def __str__(self) -> str:
        return self.name.lower()


def value_at(value: Value, path: Path) -> Value:
    """The part of `value` that `path` leads to; None where there is none."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one value was written: `path` is its path in `document`.

    `root` is the folder that wrote it ("tenants/fresh-fields", "" for the platform); relative
    references of the value (templates, assets) start there.
    """

    layer: Layer
    root: str
    path: Path
    document: LocatedDocument = field(repr=False, hash=False)

    @property
    def file(self) -> str:
        return self.document.file

    @property
    def range(self) -> SourceRange:
        return self.document.range_of(self.path)

    @property
    def key_range(self) -> SourceRange:
        return self.document.key_range_of(self.path)

    @property
    def place(self) -> str:
        """`file:line` of the key, as messages name it."""
        return f"{self.file}:{self.key_range.line}"

    @property
    def value(self) -> Value:
        return value_at(self.document.value, self.path)

    @property
    def text(self) -> SourceText:
        """The value as text that knows where each character stands."""
        scalar = self.document.scalars.get(self.path)
        if scalar is not None:
            return scalar.text
        return SourceText(str(self.value), self.file, self.range, exact=False)

    def below(self, rest: Path) -> Origin:
        """The same writing, further inside the value."""
        return Origin(self.layer, self.root, self.path + rest, self.document) if rest else self

    def above(self, steps: int) -> Origin:
        """The same writing, `steps` further out, never further than the document's first key."""
        kept = max(1, len(self.path) - steps)
        return Origin(self.layer, self.root, self.path[:kept], self.document)


@dataclass(frozen=True, slots=True)
class Write:
    """`origin` sets `value` at `path`. A value of None removes what is there.

    `parameters` tells which parts of the value came from parameters instead (`{param: name}`):
    path inside the value → where the parameter was given, lowest layer first.
    """

    path: Path
    value: Value
    origin: Origin
    parameters: Mapping[Path, tuple[Origin, ...]] = field(default_factory=dict, hash=False)

    @property
    def given_at(self) -> Origin:
        """Where the value itself stands: the parameter's place where a parameter gave it."""
        return self.origins_below(())[-1]

    def origins_below(self, rest: Path) -> tuple[Origin, ...]:
        """The places that made the part of the value at `rest`; the last one holds it."""
        for depth in range(len(rest) + 1):
            given = self.parameters.get(rest[:depth])
            if given:
                return (self.origin.below(rest[:depth]), *(o.below(rest[depth:]) for o in given))
        return (self.origin.below(rest),)

    def item(self, index: int) -> Write:
        """The write of one item of a list value."""
        inner = {path[1:]: given for path, given in self.parameters.items() if path[:1] == (index,)}
        whole = self.parameters.get(())
        if whole:
            inner[()] = tuple(origin.below((index,)) for origin in whole)
        value = value_at(self.value, (index,))
        return Write((*self.path, index), value, self.origin.below((index,)), inner)
