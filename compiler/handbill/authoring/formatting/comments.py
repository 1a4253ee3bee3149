"""The lines of a file between its values: comments and blank lines, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handbill.source.located import LocatedDocument, ScalarStyle

_COMMENT = re.compile(r"(?:^|\s)(#.*)")


def indent_of(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def split_tail(between: Sequence[str], indent: int) -> tuple[list[str], list[str]]:
    """The lines between two entries of a block at `indent`: those of the entry before, which are
    indented further, and those of the next one. Blank lines between the two go to the next one."""
    at = 0
    for number, line in enumerate(between):
        if is_comment(line) and indent_of(line) > indent:
            at = number + 1
        elif line.strip():
            break
    return list(between[:at]), list(between[at:])


def tidied(lines: Sequence[str], indent: int) -> list[str]:
    """Comments at `indent`, and at most one blank line where there were some."""
    kept: list[str] = []
    for line in lines:
        if is_comment(line):
            kept.append(" " * indent + line.strip())
        elif not kept or kept[-1]:
            kept.append("")
    return kept


def without_blanks_before(lines: list[str]) -> list[str]:
    while lines and not lines[0]:
        lines = lines[1:]
    return lines


def comments_of(document: LocatedDocument, lines: Sequence[str]) -> list[str]:
    """Every comment of a file, sorted: what is left of its lines without keys and scalars."""
    masked = [list(line) for line in lines]
    blocks = {ScalarStyle.LITERAL, ScalarStyle.FOLDED}
    places = [(scalar.range, scalar.style in blocks) for scalar in document.scalars.values()]
    for place, is_block in [*places, *((place, False) for place in document.key_ranges.values())]:
        for number in range(place.line + is_block, place.end_line + 1):
            line = masked[number - 1]
            first = place.column - 1 if number == place.line else 0
            last = place.end_column - 1 if number == place.end_line else len(line)
            line[first:last] = "x" * (last - first)
    found = (_COMMENT.search("".join(line)) for line in masked)
    return sorted(match[1].rstrip() for match in found if match)
