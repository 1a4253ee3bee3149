"""Plain text as it grows: words, holes and the white space that is still owed between them.

White space is written late, when something follows it, and merged: two paragraphs are one blank line apart
however many elements end between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from handbill.plan.ir import Escape, Op, Put, Text

_WHITE = re.compile("[ \t\n\f\r\xa0]+")
_INVISIBLE = str.maketrans("", "", "\u00ad\u034f\u200b\ufeff")
BLANK_LINE = 2


@dataclass(frozen=True, slots=True)
class Before:
    """What is certain to stand before a point: line breaks (2 is a blank line or the start), a space."""

    breaks: int = BLANK_LINE
    space: bool = True

    def meet(self, other: Before) -> Before:
        return Before(min(self.breaks, other.breaks), self.space and other.space)


class Lines:
    """Operations under way; `before` is what the last of them leaves."""

    def __init__(self, before: Before = Before()) -> None:
        self.ops: list[Op] = []
        self.before = before
        self.owed_breaks = 0
        self.owed_space = False

    def text(self, data: str) -> None:
        """Text as HTML has it: any run of white space is one space."""
        words = _WHITE.sub(" ", data.translate(_INVISIBLE))
        if not words:
            return
        self.owed_space |= words[0] == " "
        if words.strip():
            self._pay()
            self.ops.append(Text(words.strip()))
            self.before = Before(0, False)
            self.owed_space = words[-1] == " "

    def verbatim(self, data: str) -> None:
        """Text that is written as it is; a space at its end counts as one."""
        self._pay()
        self.ops.append(Text(data))
        self.before = Before(0, data.endswith(" "))

    def put(self, put: Put) -> None:
        self._pay()
        self.ops.append(Put(put.expression, Escape.NONE))
        self.before = Before(0, False)

    def add(self, op: Op, before: Before) -> None:
        """An operation that writes its own white space; `before` is what it leaves."""
        self.ops.append(op)
        self.before = before

    def line(self, breaks: int = 1) -> None:
        """What follows stands on a line of its own; after a blank line with 2."""
        self.owed_breaks = max(self.owed_breaks, breaks)

    def line_break(self) -> None:
        """A break of its own: two in a row make a blank line."""
        self.owed_breaks = min(BLANK_LINE, max(self.owed_breaks, self.before.breaks) + 1)

    def space(self) -> None:
        self.owed_space = True

    def settle(self) -> Before:
        """Writes the white space that is owed, where control flow begins or ends."""
        self._pay()
        return self.before

    def finished(self) -> list[Op]:
        """The operations without white space at the end."""
        while self.ops and isinstance(last := self.ops[-1], Text):
            self.ops.pop()
            if last.text.rstrip():
                self.ops.append(Text(last.text.rstrip()))
                break
        return self.ops

    def _pay(self) -> None:
        missing = self.owed_breaks - self.before.breaks
        if missing > 0:
            self.ops.append(Text("\n" * missing))
            self.before = Before(self.owed_breaks, True)
        elif self.owed_space and not self.before.space and not self.before.breaks:
            self.ops.append(Text(" "))
            self.before = replace(self.before, space=True)
        self.owed_breaks, self.owed_space = 0, False


def as_text(ops: Iterable[Op]) -> str | None:
    """The text that operations write, when they are nothing but text."""
    pieces = [op.text if isinstance(op, Text) else None for op in ops]
    return None if None in pieces else "".join(piece for piece in pieces if piece)
