"""The pages of docs/ as what they claim: files, commands with their outputs, tables.

A block is a whole file when the line before it is its path, "`tenants/fresh-fields/tenant.yaml`:".
The files of a section, with those of the section that it is in, are laid over tests/golden/base and
make one configuration. `$ handbill …` in a console block is run there, and what follows it is what
it prints.
"""

from __future__ import annotations

import os
import pathlib
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from click.testing import CliRunner

from handbill.cli.main import handbill

ROOT = pathlib.Path(__file__).parents[2]
DOCS = ROOT / "docs"
BASE = ROOT / "tests" / "golden" / "base"
UPDATE = "pytest tests/docs --update-golden writes it anew; look at the diff"
_FILE = re.compile(r"`([\w./-]+)`:\Z")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block; `line` is that of its first line of text, from 0."""

    language: str
    text: str
    line: int
    file: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """`mark` is the HTML comment before it, without its brackets."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    line: int
    mark: str


@dataclass(slots=True)
class Section:
    """`level` is that of its heading, 1 for what stands before the first one."""

    title: str
    level: int
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    @property
    def files(self) -> dict[str, str]:
        return {block.file: block.text for block in self.blocks if block.file}

    @property
    def consoles(self) -> list[Block]:
        return [block for block in self.blocks if block.language == "console"]


@dataclass(frozen=True, slots=True)
class Page:
    path: pathlib.Path
    text: str
    sections: tuple[Section, ...]

    @property
    def tables(self) -> Iterator[Table]:
        for section in self.sections:
            yield from section.tables

    def files_of(self, section: Section) -> dict[str, str]:
        """The section's files over those of the sections around it."""
        files, level = dict(section.files), section.level
        for outer in reversed(self.sections[: self.sections.index(section)]):
            if outer.level < level:
                files, level = {**outer.files, **files}, outer.level
        return files


def read_page(path: pathlib.Path) -> Page:
    text = path.read_text(encoding="utf-8")
    sections = [Section("", 1)]
    lines = text.split("\n")
    before, mark, at = "", "", 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("```"):
            end = lines.index("```", at + 1)
            named = _FILE.match(before)
            body = "".join(f"{each}\n" for each in lines[at + 1 : end])
            sections[-1].blocks.append(Block(line[3:], body, at + 1, named and named.group(1)))
            at = end
        elif line.startswith("|"):
            end = next(n for n in range(at, len(lines)) if not lines[n].startswith("|"))
            rows = [_cells(each) for each in lines[at:end]]
            sections[-1].tables.append(Table(rows[0], tuple(rows[2:]), at, mark))
            mark, at = "", end - 1
        elif line.startswith(("## ", "### ")):
            sections.append(Section(line.lstrip("# "), len(line) - len(line.lstrip("#"))))
        elif line.startswith("<!-- "):
            mark = line.removeprefix("<!-- ").removesuffix(" -->")
        before = line if line else before
        at += 1
    return Page(path, text, tuple(sections))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip().replace("\\|", "|") for cell in _CELL.split(line.strip()[1:-1]))


def lay_out(files: dict[str, str], folder: pathlib.Path) -> None:
    """The base configuration in `folder`, with `files` laid over it."""
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def filled(
    page: Page,
    folder: pathlib.Path,
    laid_out: Callable[[dict[str, str], pathlib.Path], None] = lay_out,
) -> str:
    """The page's text with the outputs that its commands really have, each section's in a folder that
    `laid_out` makes of its files."""
    lines = page.text.split("\n")
    for number, section in reversed([*enumerate(page.sections)]):
        if not section.consoles:
            continue
        here = folder / str(number)
        laid_out(page.files_of(section), here)
        for block in reversed(section.consoles):
            size = block.text.count("\n")
            lines[block.line : block.line + size] = played(block, here)
    return "\n".join(lines)


def played(block: Block, folder: pathlib.Path) -> list[str]:
    """The block's lines, each `$ handbill …` followed by what it prints in `folder`."""
    shown: list[str] = []
    for line in block.text.splitlines():
        if line.startswith("$ handbill "):
            shown += [line, *output_of(shlex.split(line)[2:], folder).splitlines(), ""]
        elif line.startswith("$"):
            raise AssertionError(f"only handbill is run here: {line}")
    return shown[:-1]


def output_of(arguments: Sequence[str], folder: pathlib.Path) -> str:
    before = pathlib.Path.cwd()
    os.chdir(folder)
    try:
        return CliRunner().invoke(handbill, list(arguments), catch_exceptions=False).output
    finally:
        os.chdir(before)
