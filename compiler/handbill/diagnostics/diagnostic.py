"""What the compiler says about a mistake: a value, never an exception.

Every stage returns its diagnostics beside its output. Codes are stable: HB1 source, HB2 YAML,
HB3 schema, HB4 resolve, HB5 language, HB6 bounds and channel contracts, HB7 policy, HB8 store and
publish, HB9 runtime. Each code has a paragraph in docs/diagnostics/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class SourceRange:
    """A place in a file: repository-relative POSIX path, 1-based line and column, end exclusive.

    Columns count Unicode code points, not bytes or UTF-16 units.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains the first, such as the line that holds a lock."""

    message: str
    range: SourceRange


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `message` says what is wrong in the reader's words, `hint` what to type next.

    `notes` are shown after `=`; `witness` is a concrete input that shows the problem (JSON values).
    `tenant` is the tenant that the finding concerns, or None when it concerns all of them.
    """

    code: str
    message: str
    range: SourceRange | None = None
    severity: Severity = Severity.ERROR
    hint: str | None = None
    notes: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    witness: Mapping[str, object] | None = None
    tenant: str | None = None

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.is_error for diagnostic in diagnostics)
