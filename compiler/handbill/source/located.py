"""What the loader makes of one YAML file: plain values beside flat positions.

Values are str, int, Decimal, bool, None, list and dict (in file order). A position exists for every
value and every key, addressed by its path from the root; no node graph is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from handbill.diagnostics.diagnostic import SourceRange
from handbill.source.text import SourceText

Path: TypeAlias = tuple[str | int, ...]
Value: TypeAlias = "str | int | Decimal | bool | list[Value] | dict[str, Value] | None"


class ScalarStyle(Enum):
    """How a scalar was written; `FLOW_PLAIN` is unquoted inside `{}` or `[]`."""

    PLAIN = "plain"
    FLOW_PLAIN = "flow plain"
    SINGLE = "single quoted"
    DOUBLE = "double quoted"
    LITERAL = "literal block"
    FOLDED = "folded block"


@dataclass(frozen=True, slots=True)
class ScalarPosition:
    """Where a scalar stands and how it was written.

    `source` is exactly what stands in the file (`0142`, quotes included), for checks such as "a
    leading zero where text is expected"; `text` maps each character of the value to the file.
    `comment` is the comment behind an unquoted scalar, from its blanks on, or empty.
    """

    range: SourceRange
    style: ScalarStyle
    source: str
    text: SourceText
    comment: str = ""


@dataclass(frozen=True, slots=True)
class LocatedDocument:
    """One YAML document. `ranges[path]` is a value's range; `key_ranges[path]` its key's."""

    file: str
    value: Value
    ranges: Mapping[Path, SourceRange]
    key_ranges: Mapping[Path, SourceRange]
    scalars: Mapping[Path, ScalarPosition]

    def range_of(self, path: Path) -> SourceRange:
        """The range of the value at `path`, or of its nearest ancestor that has one."""
        while path and path not in self.ranges:
            path = path[:-1]
        return self.ranges[path]

    def key_range_of(self, path: Path) -> SourceRange:
        """The range of the key that leads to `path`, or of the value where it has none."""
        return self.key_ranges.get(path) or self.range_of(path)

    def scalar_of(self, path: Path) -> ScalarPosition | None:
        """How the scalar at `path` was written; None for a list or map."""
        return self.scalars.get(path)
