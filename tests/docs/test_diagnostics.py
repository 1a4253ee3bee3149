"""docs/diagnostics/: each code has a paragraph, and README.md is an index of all of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pytest
from pages import DOCS, ROOT, UPDATE

FOLDER = DOCS / "diagnostics"
INDEX = FOLDER / "README.md"
LONGEST = 160
INTRODUCTION = """\
# Error codes

Every finding of Handbill has a code that never changes its meaning. Behind each line is a paragraph that says
what is wrong, why it matters and what to write instead. `tests/docs` makes this index of the pages beside it.
"""


@dataclass(frozen=True)
class Explained:
    code: str
    file: str
    paragraph: str

    @property
    def sentence(self) -> str:
        """The first sentence, cut at a word where it is long."""
        outside_code = re.sub(r"``.*?``|`.*?`", lambda code: "_" * len(code[0]), self.paragraph)
        end = re.search(r"[.:!?](\s|\Z)", outside_code)
        first = self.paragraph[: end.start() if end else None]
        if len(first) > LONGEST:
            first = f"{first[:LONGEST].rpartition(' ')[0].rstrip(',;')} …"
        return first.replace("|", "\\|")


def pages() -> dict[str, tuple[str, list[Explained]]]:
    """File → its title and its codes."""
    found = {}
    for path in sorted(FOLDER.glob("HB*.md")):
        title, *parts = re.split(r"^## (?=HB\d{3}$)", path.read_text("utf-8"), flags=re.MULTILINE)
        codes = [
            Explained(part[:5], path.name, part[5:].strip().split("\n\n")[0].replace("\n", " "))
            for part in parts
        ]
        found[path.name] = (title.split("\n")[0].removeprefix("# "), codes)
    return found


def explained() -> list[Explained]:
    return [each for _, codes in pages().values() for each in codes]


def index() -> str:
    lines = [INTRODUCTION]
    for title, codes in pages().values():
        lines += [f"## {title}", "", "| code | |", "|---|---|"]
        lines += [f"| [{c.code}]({c.file}#{c.code.lower()}) | {c.sentence} |" for c in codes]
        lines.append("")
    return "\n".join(lines)


def used_codes() -> set[str]:
    sources = [*ROOT.glob("compiler/**/*.py"), *ROOT.glob("runtime/**/*.py")]
    return {
        code
        for path in sources
        for code in re.findall(r"[\"\[](HB\d{3})[\"\]]", path.read_text("utf-8"))
    }


def test_every_code_has_one_paragraph() -> None:
    counted = Counter(each.code for each in explained())
    assert [code for code, count in counted.items() if count > 1] == []
    assert used_codes() - set(counted) == set(), "used, and not explained"
    assert set(counted) - used_codes() == set(), "explained, and not used"


def test_paragraphs_say_something() -> None:
    for each in explained():
        assert len(each.paragraph) > 30, each.code
        assert not each.paragraph.startswith(("#", "    ", "```")), each.code


def test_the_index_is_current(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--update-golden"):
        INDEX.write_text(index(), encoding="utf-8")
    assert INDEX.read_text(encoding="utf-8") == index(), UPDATE
