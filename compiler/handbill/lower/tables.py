"""Git tables: a small CSV file beside a tenant's configuration becomes a Table of the release.

Every cell is checked against the dataset's declared type and written in one canonical form, so that
`01.50` and `1.5` are the same table. Rows are sorted by key: the order of lines changes nothing.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.diagnostics.suggest import closest
from handbill.language.scope import Constant
from handbill.language.vocabulary import Record
from handbill.lower.cells import expected_cell, parse_cell
from handbill.plan.model import Table

MAX_ROWS = 10_000
Cell = str | None
Row = tuple[tuple[Cell, ...], Mapping[str, Constant]]
"""The cells in the header's order, and the values by column."""


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table as the release holds it, and its rows as constants, by key text."""

    table: Table
    rows: Mapping[str, Mapping[str, Constant]]


def read_table(
    file: str, data: bytes, key: tuple[str, ...], record: Record
) -> tuple[ReadTable | None, tuple[Diagnostic, ...]]:
    """Reads a CSV file (RFC 4180, UTF-8, a header line) by the types that `record` declares."""
    reading = _Reading(file, key, record)
    table = reading.read(data)
    return (None if reading.found else table), tuple(reading.found)


class _Reading:
    def __init__(self, file: str, key: tuple[str, ...], record: Record) -> None:
        self.file, self.key, self.record = file, key, record
        self.found: list[Diagnostic] = []

    def read(self, data: bytes) -> ReadTable | None:
        try:
            text = unicodedata.normalize("NFC", data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.report("HB420", line, "this file is not UTF-8", "save it as UTF-8")
            return None
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            header = tuple(name.strip() for name in next(lines, ()))
            if not self.check_header(header):
                return None
            return self.rows_of(header, ((lines.line_num, tuple(row)) for row in lines if row))
        except csv.Error as error:
            self.report(
                "HB421", lines.line_num, f"this line is not CSV: {error}", "check its quotes"
            )
            return None

    def report(self, code: str, line: int, message: str, hint: str) -> None:
        where = SourceRange(self.file, line, 1, line, 1)
        self.found.append(Diagnostic(code, message, where, hint=hint))

    def check_header(self, header: tuple[str, ...]) -> bool:
        for name in dict.fromkeys(header):
            if name not in self.record.fields:
                near = closest(name, self.record.fields)
                hint = f"did you mean `{near}`?" if near else f"declare `{name}` in the schema"
                message = f"the vocabulary does not declare the column `{name}`"
                self.report("HB422", 1, message, hint)
            if header.count(name) > 1:
                self.report("HB422", 1, f"the column `{name}` stands twice", "remove one")
        needed = {name for name, member in self.record.fields.items() if member.required}
        for name in sorted((needed | set(self.key)) - set(header)):
            self.report("HB422", 1, f"the column `{name}` is missing", f"add `{name}` to line 1")
        return not self.found

    def rows_of(
        self, header: tuple[str, ...], lines: Iterable[tuple[int, tuple[str, ...]]]
    ) -> ReadTable:
        read: dict[tuple[str, ...], Row] = {}
        for line, cells in lines:
            if len(read) >= MAX_ROWS:
                message = f"a table in git holds at most {MAX_ROWS} rows"
                self.report("HB423", line, message, "put it under the environment's data root")
                break
            if len(cells) != len(header):
                message = f"this row has {len(cells)} cells, the header {len(header)}"
                self.report("HB423", line, message, "quote a cell that holds a comma")
                continue
            self.keep(line, header, dict(self.cells_of(line, header, cells)), read)
        ordered = sorted(read)
        return ReadTable(
            Table(columns=header, rows=tuple(read[key][0] for key in ordered)),
            {"/".join(key): read[key][1] for key in ordered},
        )

    def keep(
        self,
        line: int,
        header: tuple[str, ...],
        row: Mapping[str, tuple[Cell, Constant]],
        read: dict[tuple[str, ...], Row],
    ) -> None:
        key = tuple(cell for name in self.key if (cell := row[name][0]) is not None)
        if len(key) < len(self.key):
            return  # said already
        if key in read:
            message = f"the key {', '.join(key)} stands twice"
            self.report("HB423", line, message, f"each {', '.join(self.key)} stands once")
        constants = {name: value for name, (_, value) in row.items()}
        read[key] = tuple(row[name][0] for name in header), constants

    def cells_of(
        self, line: int, header: tuple[str, ...], cells: tuple[str, ...]
    ) -> Iterator[tuple[str, tuple[Cell, Constant]]]:
        for name, cell in zip(header, cells, strict=True):
            member = self.record.fields[name]
            parsed: tuple[Cell, Constant] | None = (None, None)
            if cell.strip():
                parsed = parse_cell(cell.strip(), member.type)
                if parsed is None:
                    shown = cell if len(cell) <= 40 else cell[:40] + "…"
                    message = f"`{shown}` cannot be the value of `{name}`"
                    self.report("HB423", line, message, f"write {expected_cell(member.type)}")
            elif member.required or name in self.key:
                message = f"`{name}` is required, and empty in this row"
                self.report("HB423", line, message, f"fill in `{name}`")
            yield name, parsed or (None, None)
