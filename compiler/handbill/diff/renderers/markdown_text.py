"""Foreign words in GitHub's Markdown: names, rules and messages that anybody may have written.

Everything foreign is code, in one of three forms that no text can leave. GitHub looks for mentions,
issue numbers, addresses, emoji and formulas outside of code only (html-pipeline's IGNORE_PARENTS),
so nothing foreign notifies anybody, refers to anything or becomes an element.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

LONGEST = 300
"""Characters that are shown of one foreign value."""

_JOINERS = "\u200c\u200d"
_RUNS = re.compile("`+")
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def code(text: str, longest: int = LONGEST) -> str:
    """A code span for running Markdown; not for cells of a Markdown table, nor inside of HTML.

    The fence is longer than any run of backticks inside (CommonMark 6.1).
    """
    shown = _one_line(text, longest)
    fence = "`" * (max((len(run) for run in _RUNS.findall(shown)), default=0) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def html_code(text: str, longest: int = LONGEST) -> str:
    """`<code>` for inside of an HTML block; one line, so that no blank one can end the block."""
    return f"<code>{html.escape(_one_line(text, longest))}</code>"


def fenced(lines: Iterable[tuple[str, str]]) -> list[str]:
    """A `diff` block: each line behind its sign, `-`, `+` or a blank. The fence is longer than any
    run of backticks inside, and no line but the last begins with it."""
    shown = [f"{sign} {_visible(text)}" for sign, text in lines]
    longest = max((len(run) for line in shown for run in _RUNS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}diff", *shown, fence]


def _one_line(text: str, longest: int) -> str:
    shown = _visible(_BREAKS.sub("⏎", text))
    if len(shown) > longest:
        shown = f"{shown[: longest - 1]}…"
    return shown or "—"


def _visible(text: str) -> str:
    """Without characters that hide or reorder others; a blank that is no plain one can be seen."""
    return "".join(
        each if each.isprintable() or each in _JOINERS else _named(each) for each in text
    )


def _named(char: str) -> str:
    if char.isspace() and char not in "\r\n\v\f":
        return " " if char == "\t" else "␣"
    return "�" if "\ud800" <= char <= "\udfff" else ascii(char)[1:-1]


def size(text: str) -> int:
    """UTF-16 code units: never fewer than the characters that GitHub says it counts, and at most a
    third of the bytes that it has been seen to count."""
    return len(text.encode("utf-16-le", "replace")) // 2
