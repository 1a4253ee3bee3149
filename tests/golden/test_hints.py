"""What a finding about a missing value says to type does compile, once it is typed."""

from __future__ import annotations

import pathlib
import re
import sys
from collections.abc import Iterator

import pytest

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange

sys.path.append(str(pathlib.Path(__file__).parent))

from test_golden import CASES, case_id, compile_folder, judged, lay_out

CODE = "HB501"
HOLE = re.compile(r"\{\{.*?\}\}")
CONDITION = re.compile(r"(?<=\{% if ).*?(?= %\})")
RULE = re.compile(r'(?<=: ")[^"]*|(?<=: )[^"{].*')
OF_HB501 = [
    case
    for case in CASES
    if not (case / "tree.txt").exists()
    and f"[{CODE}]" in (case / "expected.txt").read_text(encoding="utf-8")
]


def findings(folder: pathlib.Path) -> list[Diagnostic]:
    return [each for each in judged(compile_folder(folder)).diagnostics if each.code == CODE]


def pasted(line: str, place: SourceRange, hint: str) -> Iterator[str]:
    """The ways in which somebody can put the hint into the line: for the hole around the place, the
    condition, the place itself, the whole rule, or in front of the filter that is meant."""
    start, end = place.column - 1, place.end_column - 1
    if hint.endswith(" before it"):
        before = line.rfind("selectattr", 0, start)
        yield line[:before] + hint.removesuffix(" before it") + " | " + line[before:]
        return
    patterns = [HOLE] if hint.startswith("{") else [CONDITION, RULE]
    for pattern in patterns:
        for found in pattern.finditer(line):
            if found.start() <= start and end <= found.end():
                yield line[: found.start()] + hint + line[found.end() :]
    if not hint.startswith("{"):
        yield line[:start] + hint + line[end:]


def mistakes(folder: pathlib.Path) -> list[str]:
    """What the language refuses; that a text is too long now is another matter."""
    return sorted(
        each.code for each in judged(compile_folder(folder)).diagnostics if each.code < "HB6"
    )


def solved(folder: pathlib.Path, finding: Diagnostic) -> bool:
    """Whether some way of pasting takes this finding away and brings no other mistake."""
    place, hint = finding.range, finding.hint
    assert place is not None and hint is not None
    file = folder / place.file
    text = file.read_text(encoding="utf-8")
    lines = text.split("\n")
    before = mistakes(folder)
    for line in pasted(lines[place.line - 1], place, hint):
        file.write_text("\n".join([*lines[: place.line - 1], line, *lines[place.line :]]))
        left = mistakes(folder)
        if left.count(CODE) < before.count(CODE) and len(left) < len(before):
            return True
    file.write_text(text, encoding="utf-8")
    return False


@pytest.mark.parametrize("case", OF_HB501, ids=case_id)
def test_every_hint_compiles(case: pathlib.Path, tmp_path: pathlib.Path) -> None:
    lay_out(case, tmp_path)
    found = findings(tmp_path)
    assert found
    while found:
        assert solved(tmp_path, found[0]), found[0]
        found = findings(tmp_path)


def test_there_are_such_cases() -> None:
    assert len(OF_HB501) >= 10
