"""The elements that are open at one point of a template's HTML, for one kind of reader.

Strict: an element is closed explicitly, in the branch and in the order in which it was opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from handbill.language.html.findings import Problem, ProblemKind
from handbill.language.html.tokens import VOID, StartTag
from handbill.language.templates.marked import CLOSE, OPEN


class _Element(msgspec.Struct, frozen=True, gc=False):
    name: str
    start: int
    end: int


class OpenElements:
    """The elements open for one kind of reader: everybody, or Outlook."""

    def __init__(self, outlook: bool) -> None:
        self.outlook = outlook
        self.open: list[_Element] = []
        self.floors: list[int] = []

    def start(self, tag: StartTag, base: int) -> Iterable[Problem]:
        if tag.name in VOID or (tag.self_closing and self._may_close_itself(tag.name)):
            return ()
        start, end = base + tag.start, base + tag.end
        if tag.self_closing:
            return (self._problem(ProblemKind.SELF_CLOSED, start, end, tag.name),)
        self.open.append(_Element(tag.name, start, end))
        return ()

    def end(self, name: str, start: int, end: int) -> Iterable[Problem]:
        floor = self.floors[-1] if self.floors else 0
        if len(self.open) > floor and self.open[-1].name == name:
            self.open.pop()
            return ()
        return self._end_out_of_order(name, start, end, floor)

    def _end_out_of_order(self, name: str, start: int, end: int, floor: int) -> Iterator[Problem]:
        above = [item.name for item in self.open[floor:]]
        if name in above:
            inner = self.open[-1]
            yield self._problem(ProblemKind.MISNESTED, start, end, name, inner)
            while self.open.pop().name != name:
                pass
        elif not above and self.open and self.open[-1].name == name:
            outer = self.open[-1]
            yield self._problem(ProblemKind.CLOSED_FROM_OUTSIDE, start, end, name, outer)
        elif above:
            inner = self.open[-1]
            yield self._problem(ProblemKind.STRAY_END, start, end, name, inner)
        else:
            yield self._problem(ProblemKind.STRAY_END, start, end, name)

    def turn(self, kind: str, mark: int) -> Iterator[Problem]:
        if kind == OPEN:
            self.floors.append(len(self.open))
        if kind == OPEN or not self.floors:
            return
        floor = self.floors[-1]
        for item in self.open[floor:][:1]:
            found = ProblemKind.UNCLOSED_IN_BRANCH
            yield self._problem(found, item.start, item.end, item.name, mark=mark)
        del self.open[floor:]
        if kind == CLOSE:
            self.floors.pop()

    def finish(self) -> Iterator[Problem]:
        for item in self.open[:1]:
            yield self._problem(ProblemKind.UNCLOSED, item.start, item.end, item.name)

    def _may_close_itself(self, name: str) -> bool:
        """As XML has it: MJML's tags, those of a vocabulary (`v:rect`), those in SVG and MathML."""
        return ":" in name or name.startswith("mj-") or self._foreign()

    def _foreign(self) -> bool:
        return any(item.name in ("svg", "math") for item in self.open)

    def _problem(
        self,
        kind: ProblemKind,
        start: int,
        end: int,
        name: str,
        other: _Element | None = None,
        mark: int | None = None,
    ) -> Problem:
        return Problem(
            kind,
            start,
            end,
            name,
            other=(other.start, other.end) if other else None,
            other_name=other.name if other else "",
            mark=mark,
            outlook=self.outlook,
        )
