"""Git tables: a small CSV file beside a tenant's configuration becomes a Table of the release.

Every cell is checked against the dataset's declared type and written in one canonical form, so that
`01.50` and `1.5` are the same table. Rows are sorted by key: the order of lines changes nothing.
"""

from __future__ import annotations

import csv
import datetime
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.diagnostics.suggest import closest
from handbill.language.scope import Constant
from handbill.language.vocabulary import Member, Record
from handbill.plan.model import Table
from handbill.plan.types import (
    BoolType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    StringType,
    Type,
)

MAX_ROWS = 10_000
Cell = str | None


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
        for name in header:
            if name not in self.record.fields:
                near = closest(name, self.record.fields)
                hint = f"did you mean `{near}`?" if near else f"declare `{name}` in the schema"
                self.report(
                    "HB422", 1, f"the vocabulary does not declare the column `{name}`", hint
                )
        for name in dict.fromkeys(header):
            if header.count(name) > 1:
                self.report("HB422", 1, f"the column `{name}` stands twice", "remove one")
        needed = {name for name, member in self.record.fields.items() if member.required}
        for name in sorted((needed | set(self.key)) - set(header)):
            self.report("HB422", 1, f"the column `{name}` is missing", f"add `{name}` to line 1")
        return not self.found

    def rows_of(
        self, header: tuple[str, ...], lines: Iterable[tuple[int, tuple[str, ...]]]
    ) -> ReadTable:
        read: dict[tuple[str, ...], tuple[tuple[Cell, ...], Mapping[str, Constant]]] = {}
        for line, cells in lines:
            if len(read) >= MAX_ROWS:
                message = f"a table in git holds at most {MAX_ROWS} rows"
                self.report("HB423", line, message, "put it under the environment's data root")
                break
            if len(cells) != len(header):
                message = f"this row has {len(cells)} cells, the header {len(header)}"
                self.report("HB423", line, message, "quote a cell that holds a comma")
                continue
            row = dict(self.cells_of(line, header, cells))
            key = tuple(row[name][0] or "" for name in self.key if name in row)
            if key in read:
                message = f"the key {', '.join(key)} stands twice"
                self.report("HB423", line, message, f"each {', '.join(self.key)} stands once")
            constants = {name: value for name, (_, value) in row.items()}
            read[key] = tuple(row[name][0] if name in row else None for name in header), constants
        ordered = sorted(read)
        return ReadTable(
            Table(columns=header, rows=tuple(read[key][0] for key in ordered)),
            {"/".join(key): read[key][1] for key in ordered},
        )

    def cells_of(
        self, line: int, header: tuple[str, ...], cells: tuple[str, ...]
    ) -> Iterator[tuple[str, tuple[Cell, Constant]]]:
        for name, cell in zip(header, cells, strict=True):
            member = self.record.fields[name]
            if not cell.strip():
                if member.required or name in self.key:
                    message = f"`{name}` is required, and empty in this row"
                    self.report("HB423", line, message, f"fill in `{name}`")
                yield name, (None, None)
                continue
            parsed = parse_cell(cell.strip(), member.type)
            if parsed is None:
                self.report("HB423", line, *_refusal(name, cell, member))
                yield name, (None, None)
            else:
                yield name, parsed


def parse_cell(cell: str, type_: Type) -> tuple[str, Constant] | None:
    """The canonical text and the value of a cell, or None when it is not of `type_`."""
    match type_:
        case BoolType():
            return (cell, cell == "true") if cell in ("true", "false") else None
        case IntType(minimum=low, maximum=high):
            value = _integer(cell)
            return None if value is None or not low <= value <= high else (str(value), value)
        case DecimalType():
            return _decimal(cell, type_)
        case StringType(maximum=maximum):
            return (cell, cell) if len(cell) <= maximum else None
        case EnumType(values=values):
            return (cell, cell) if cell in values else None
        case DateType():
            return _date(cell)
        case _:
            return None


def _integer(cell: str) -> int | None:
    digits = cell.removeprefix("-")
    return int(cell) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def _decimal(cell: str, type_: DecimalType) -> tuple[str, Constant] | None:
    try:
        value = Decimal(cell)
        if not value.is_finite() or value.adjusted() > 20:
            return None
        value = value.quantize(Decimal(1).scaleb(-type_.scale), ROUND_HALF_UP)
    except InvalidOperation:
        return None
    scaled = int(value.scaleb(type_.scale))
    return (f"{value:f}", value) if type_.minimum <= scaled <= type_.maximum else None


def _date(cell: str) -> tuple[str, Constant] | None:
    try:
        value = datetime.date.fromisoformat(cell)
    except ValueError:
        return None
    return (value.isoformat(), value) if 1900 <= value.year <= 2199 else None


def _refusal(name: str, cell: str, member: Member) -> tuple[str, str]:
    expected = {
        BoolType: "true or false",
        IntType: "a whole number within its bounds",
        DecimalType: "a number within its bounds",
        StringType: "a text within its maxLength",
        DateType: "a date such as 2026-12-05",
    }.get(type(member.type), "")
    if isinstance(member.type, EnumType):
        expected = "one of " + ", ".join(member.type.values)
    shown = cell if len(cell) <= 40 else cell[:40] + "…"
    return f"`{shown}` cannot be the value of `{name}`", f"write {expected}"
