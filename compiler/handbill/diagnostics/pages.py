"""What the documentation says of each code: its paragraph in docs/diagnostics, read from there.

An installed package carries these pages beside this module; in a checkout they are the originals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve()
FOLDERS = (_HERE.parent / "pages", _HERE.parents[3] / "docs" / "diagnostics")
"""Where pyproject.toml puts the pages in a wheel; where they stand in a checkout."""

_SECTION = re.compile(r"^## (?=HB\d{3}$)", re.MULTILINE)
_SENTENCE = re.compile(r"[.:!?](?=\s|\Z)")
_CODE = re.compile(r"``.*?``|`.*?`")


@cache
def pages() -> Mapping[str, str]:
    """Code → Markdown of its section without the heading; empty where there are no pages."""
    return {code: text for code, (_, text) in _sections().items()}


def address_of(code: str) -> str | None:
    """The file URI of the code's section; None where there is none."""
    found = _sections().get(code)
    return f"{found[0].as_uri()}#{code.lower()}" if found else None


@cache
def _sections() -> Mapping[str, tuple[Path, str]]:
    folder = next((each for each in FOLDERS if each.is_dir()), None)
    found: dict[str, tuple[Path, str]] = {}
    for path in sorted(folder.glob("HB*.md")) if folder else ():
        for section in _SECTION.split(path.read_text("utf-8"))[1:]:
            found[section[:5]] = path, section[5:].strip()
    return found


def first_sentence(page: str) -> str:
    """Of a page's paragraph, without its stop; stops inside of code end nothing."""
    paragraph = page.split("\n\n")[0].replace("\n", " ")
    outside_code = _CODE.sub(lambda code: "_" * len(code[0]), paragraph)
    end = _SENTENCE.search(outside_code)
    return paragraph[: end.start() if end else None]
