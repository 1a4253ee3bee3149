"""One part of a message for a terminal: the lines that changed, with the words that did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handbill.diagnostics.render_text import safe
from handbill.diff.model import PartDiff, Stretch
from handbill.diff.renderers.text_ink import Ink

LINES = 6
"""Lines of a part that are shown."""
LONGEST = 200
"""Characters of a line without a difference."""


def part_lines(part: PartDiff, is_new: bool, ink: Ink) -> Iterator[str]:
    """What is new is shown from its beginning; else only lines in which something differs."""
    lines = _lines(part.stretches)
    shown = [line for line in lines if is_new or any(each.kind != "same" for each in line)]
    texts = [text for line in shown if (text := _line(line, is_new, ink).strip())]
    name = f"  {safe(part.part)}:"
    if len(texts) == 1:
        yield f"{name} {texts[0]}"
        return
    yield name
    yield from (f"    {text}" for text in texts[:LINES])
    if len(texts) > LINES:
        yield f"    and {len(texts) - LINES} more lines"


def _lines(stretches: Sequence[Stretch]) -> list[list[Stretch]]:
    """The same stretches, cut at the ends of lines."""
    lines: list[list[Stretch]] = [[]]
    for stretch in stretches:
        first, *others = stretch.text.split("\n")
        if first:
            lines[-1].append(Stretch(kind=stretch.kind, text=first))
        for other in others:
            lines.append([Stretch(kind=stretch.kind, text=other)] if other else [])
    return lines


def _line(line: Sequence[Stretch], is_new: bool, ink: Ink) -> str:
    if is_new:
        text = safe("".join(each.text for each in line))
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return "".join(_marked(each, ink) for each in line)


def _marked(stretch: Stretch, ink: Ink) -> str:
    """White space at the ends of a difference stays outside of its mark."""
    text = safe(stretch.text)
    core = text.strip()
    if stretch.kind == "same" or not core:
        return text
    start = text.index(core)
    mark = ink.removed if stretch.kind == "removed" else ink.added
    return text[:start] + mark(core) + text[start + len(core) :]
