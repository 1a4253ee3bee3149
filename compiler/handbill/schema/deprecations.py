"""What a configuration of an older format, or of an older spelling, says otherwise today: one table, from
which `handbill upgrade` explains and rewrites.

A step changes how something is said, never what; a compile before and after gives the same release.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handbill.schema.formats import FORMAT
from handbill.source.layout import DocumentKind
from handbill.source.located import Value

Fields = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Deprecation:
    """One spelling that is out of use in files of `kind`. `found` says whether the file has it, `moved`
    gives the fields that take other values: a path of field names → what is written there now."""

    name: str
    kind: DocumentKind
    explanation: str
    found: Callable[[Fields], bool]
    moved: Callable[[Fields], Mapping[tuple[str, ...], Value]]


def _says_no_format(fields: Fields) -> bool:
    return "format" not in fields


def _is_older(fields: Fields) -> bool:
    said = fields.get("format")
    return isinstance(said, int) and not isinstance(said, bool) and said < FORMAT


DEPRECATIONS: tuple[Deprecation, ...] = (
    Deprecation(
        "format",
        DocumentKind.PLATFORM,
        f"handbill.yaml says which format the files have. Without it they have format 1; "
        f"from now on they say `format: {FORMAT}`, and an older Handbill refuses what it cannot know.",
        lambda fields: _says_no_format(fields) or _is_older(fields),
        lambda fields: {("format",): FORMAT},
    ),
)
"""In the order in which they are done."""
