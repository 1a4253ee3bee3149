"""Plain text as it grows: words, holes and the white space that is still owed between them.

White space is written late, when something follows it, and merged: two paragraphs are one blank line apart
however many elements end between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from handbill.language.html.escaping import plain_put
from handbill.plan.ir import Op, Put, Text

_WHITE = re.compile("[ \t\n\f\r\xa0]+")
_INVISIBLE = str.maketrans("", "", "\u00ad\u034f\u200b\ufeff")
BLANK_LINE = 2


class Before(msgspec.Struct, frozen=True, gc=False):
    """What is certain to stand before a point: line breaks (2 is a blank line or the start), a space."""

    breaks: int = BLANK_LINE
    space: bool = True

    def meet(self, other: Before) -> Before:
        return Before(min(self.breaks, other.breaks), self.space and other.space)


START = Before()


class Lines:
    """Operations under way; `before` is what the last of them leaves.

    A choice between branches is kept open until something follows it: the white space that is owed then
    is written inside the branches, to each as much as it lacks.
    """

    def __init__(
        self, before: Before = START, owed_breaks: int = 0, owed_space: bool = False
    ) -> None:
        self.ops: list[Op] = []
        self.before = before
        self.owed_breaks, self.owed_space = owed_breaks, owed_space
        self._choice: Choice | None = None

    def text(self, data: str) -> None:
        """Text as HTML has it: any run of white space is one space."""
        words = _WHITE.sub(" ", data.translate(_INVISIBLE))
        if not words:
            return
        self.owed_space |= words[0] == " "
        if words.strip():
            self.settle()
            self.ops.append(Text(words.strip()))
            self.before = Before(0, False)
            self.owed_space = words[-1] == " "

    def verbatim(self, data: str) -> None:
        """Text that is written as it is; a space at its end counts as one."""
        self.settle()
        self.ops.append(Text(data))
        self.before = Before(0, data.endswith(" "))

    def put(self, put: Put) -> None:
        self.settle()
        self.ops.append(plain_put(put))
        self.before = Before(0, False)

    def add(self, op: Op, before: Before) -> None:
        """An operation that writes its own white space; `before` is what it leaves."""
        self.settle()
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
        """Writes the white space that is owed."""
        if self._choice is not None:
            self._settle_choice(self._choice)
        missing = self.owed_breaks - self.before.breaks
        if missing > 0:
            self.ops.append(Text("\n" * missing))
            self.before = Before(self.owed_breaks, True)
        elif self.owed_space and not self.before.space and not self.before.breaks:
            self.ops.append(Text(" "))
            self.before = Before(self.before.breaks, True)
        self.owed_breaks, self.owed_space = 0, False
        return self.before

    def branches(self, count: int) -> list[Lines]:
        """Lines for each of `count` ways to go on from here; `choose` takes them back."""
        if self._choice is not None:
            self.settle()
        return [Lines(self.before, self.owed_breaks, self.owed_space) for _ in range(count)]

    def choose(self, choice: Choice) -> None:
        self.owed_breaks, self.owed_space = 0, False
        self._choice = choice

    def written_since(self, start: int) -> bool:
        """Whether anything but white space was written since there were `start` operations."""
        blank = all(isinstance(op, Text) and not op.text.strip() for op in self.ops[start:])
        return not blank or self._choice is not None

    def finished(self) -> list[Op]:
        """The operations, with as little white space at the end as can be."""
        if self._choice is not None:
            ops = [tuple(branch.finished()) for branch in self._choice.ways]
            return [*self.ops, self._choice.build(ops)]
        while self.ops and isinstance(last := self.ops[-1], Text):
            self.ops.pop()
            if last.text.rstrip():
                self.ops.append(Text(last.text.rstrip()))
                break
        return self.ops

    def _settle_choice(self, choice: Choice) -> None:
        self._choice = None
        for way in choice.ways:
            way.owed_breaks = max(way.owed_breaks, self.owed_breaks)
            way.owed_space |= self.owed_space
            way.settle()
        self.ops.append(choice.build([tuple(way.ops) for way in choice.ways]))
        self.before = choice.ways[0].before
        for way in choice.ways[1:]:
            self.before = self.before.meet(way.before)
        self.owed_breaks, self.owed_space = 0, False


class Choice(msgspec.Struct, frozen=True):
    """Ways that exclude each other; `build` makes one operation of what each of them wrote."""

    ways: Sequence[Lines]
    build: Callable[[Sequence[tuple[Op, ...]]], Op]


def as_text(ops: Iterable[Op]) -> str | None:
    """The text that operations write, when they are nothing but text."""
    pieces = [op.text if isinstance(op, Text) else None for op in ops]
    return None if None in pieces else "".join(piece for piece in pieces if piece)
