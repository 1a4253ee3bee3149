"""The word diff of a message as lines before and after, with what stays the same shortened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handbill.diff.model import Stretch

AROUND = 60
"""Characters of unchanged words that are shown on each side of a change."""
LONGEST_CHANGE = 400
"""Characters of one changed stretch that are shown."""
MAX_LINES = 24

Line = tuple[str, str]
"""A sign, `-` or `+`, and the line's text."""


def changed_lines(stretches: Sequence[Stretch]) -> list[Line]:
    """Every line that differs, as it was and as it is; at most MAX_LINES, the last says so."""
    lines = list(_lines(stretches))
    if len(lines) <= MAX_LINES:
        return lines
    kept = lines[: MAX_LINES - 1]
    return [*kept, (" ", f"… {len(lines) - len(kept)} more lines")]


def _lines(stretches: Sequence[Stretch]) -> Iterator[Line]:
    """Unchanged lines are left out: a line ends where both texts have a line break."""
    before: list[str] = []
    after: list[str] = []
    for number, stretch in enumerate(stretches):
        match stretch.kind:
            case "same":
                lines = stretch.text.split("\n")
                more = number < len(stretches) - 1
                for at, text in enumerate(lines):
                    if at:
                        yield from _flushed(before, after)
                    _same(before, after, text, number > 0 and not at, more and at == len(lines) - 1)
            case "removed":
                before.append(_cut(stretch.text))
            case "added":
                after.append(_cut(stretch.text))
    yield from _flushed(before, after)


def _same(before: list[str], after: list[str], text: str, follows: bool, precedes: bool) -> None:
    """Only its ends are shown: those that stand beside a change."""
    head = text[:AROUND] if follows else ""
    tail = text[-AROUND:] if precedes else ""
    if len(head) + len(tail) < len(text):
        text = f"{head}…{tail}" if head or tail else ("…" if text else "")
    before.append(text)
    after.append(text)


def _flushed(before: list[str], after: list[str]) -> Iterator[Line]:
    was, now = "".join(before), "".join(after)
    before.clear()
    after.clear()
    if was != now:
        yield from (("-", line) for line in was.split("\n") if line.strip())
        yield from (("+", line) for line in now.split("\n") if line.strip())


def _cut(text: str) -> str:
    if len(text) <= LONGEST_CHANGE:
        return text
    return f"{text[:LONGEST_CHANGE]}… ({len(text) - LONGEST_CHANGE:,} more characters)"
