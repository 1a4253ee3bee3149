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
from handbill.language.vocabulary.vocabulary import Record
from handbill.lower.cells import expected_cell, parse_cell
from handbill.plan.model import Table

MAX_ROWS = 10_000
Cell = str | None
Key = tuple[str, ...]
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
        self.lines: list[str] = []
        self.found: list[Diagnostic] = []

    def read(self, data: bytes) -> ReadTable | None:
        try:
            text = unicodedata.normalize("NFC", data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.report("HB420", line, "this file is not UTF-8", "save it as UTF-8")
            return None
        self.lines = text.split("\n")
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            header = tuple(name.strip() for name in next(rows, ()))
            if not self.check_header(header):
                return None
            return self.rows_of(header, ((rows.line_num, tuple(row)) for row in rows if row))
        except csv.Error as error:
            message = f"this line is not CSV: {error}"
            self.report("HB421", rows.line_num, message, "check its quotes")
            return None

    def report(self, code: str, line: int, message: str, hint: str, at: str = "") -> None:
        """`at` is what is wrong in the line, if it is not the whole."""
        text = self.lines[line - 1].rstrip("\r") if line <= len(self.lines) else ""
        start = max(text.find(at), 0)
        length = len(at) if at and at in text else len(text)
        where = SourceRange(self.file, line, start + 1, line, start + 1 + length)
        self.found.append(Diagnostic(code, message, where, hint=hint))

    def check_header(self, header: tuple[str, ...]) -> bool:
        for name in dict.fromkeys(header):
            if name not in self.record.fields:
                near = closest(name, self.record.fields)
                hint = f"did you mean `{near}`?" if near else f"declare `{name}` in the schema"
                message = f"the vocabulary does not declare the column `{name}`"
                self.report("HB422", 1, message, hint, name)
            if header.count(name) > 1:
                self.report("HB422", 1, f"the column `{name}` stands twice", "remove one", name)
        needed = {name for name, member in self.record.fields.items() if member.required}
        for name in sorted((needed | set(self.key)) - set(header)):
            self.report("HB422", 1, f"the column `{name}` is missing", f"add `{name}` to line 1")
        return not self.found

    def rows_of(
        self, header: tuple[str, ...], lines: Iterable[tuple[int, tuple[str, ...]]]
    ) -> ReadTable:
        read: dict[Key, Row] = {}
        first: dict[Key, int] = {}
        for line, cells in lines:
            if len(read) >= MAX_ROWS:
                message = f"a table in git holds at most {MAX_ROWS} rows"
                self.report("HB423", line, message, "put it under the environment's data root")
                break
            if len(cells) != len(header):
                self.report_cells(line, len(cells), len(header))
                continue
            row = dict(self.cells_of(line, header, cells))
            key = tuple(cell for name in self.key if (cell := row[name][0]) is not None)
            if len(key) < len(self.key):
                continue  # said already
            if first.setdefault(key, line) != line:
                shown = ", ".join(key)
                message = f"the key {shown} stands twice: in line {first[key]} already"
                self.report(
                    "HB423", line, message, f"each {', '.join(self.key)} stands once", shown
                )
            constants = {name: value for name, (_, value) in row.items()}
            read[key] = tuple(row[name][0] for name in header), constants
        ordered = sorted(read)
        return ReadTable(
            Table(columns=header, rows=tuple(read[key][0] for key in ordered)),
            {"/".join(key): read[key][1] for key in ordered},
        )

    def report_cells(self, line: int, cells: int, columns: int) -> None:
        message = f"this row has {cells} cells, the header {columns}"
        hint = "quote a cell that holds a comma"
        if cells < columns:
            hint = "an empty cell is written as nothing between two commas"
        self.report("HB423", line, message, hint)

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
                    hint = f"write {expected_cell(member.type)}"
                    self.report("HB423", line, message, hint, cell)
            elif member.required or name in self.key:
                message = f"`{name}` is required, and empty in this row"
                self.report("HB423", line, message, f"fill in `{name}`")
            yield name, parsed or (None, None)
