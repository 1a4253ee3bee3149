"""The text/plain part of a mail, derived from the operations of its HTML.

Reads the HTML as a person would: paragraphs and rows become lines, links are followed by their address,
images give their alternative text, lists get dashes; what is hidden, styled or only for Outlook is left
out. Control flow stays control flow. Line breaks are decided here, so each branch starts from what is
certain to stand before it, and a loop's body from what its own end leaves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from handbill.language.html.events import Event, Mark, Opened, html_events
from handbill.language.html.text_lines import BLANK_LINE, Choice, Lines, as_text
from handbill.language.html.tokens import VOID, EndTag, StartTag
from handbill.language.templates.assembly import merged
from handbill.plan.ir import (
    Branch,
    Call,
    Const,
    Expression,
    For,
    If,
    Local,
    Op,
    Operation,
    Put,
    Set,
    Text,
)
from handbill.plan.types import BoolType, IntType

_SKIPPED = frozenset(
    {"head", "mj-head", "style", "script", "title", "template", "textarea", "select"}
)
_PARAGRAPHS = frozenset(
    {
        "blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "ul",
        "mj-accordion", "mj-button", "mj-navbar", "mj-section", "mj-social", "mj-table", "mj-text",
    }
)  # fmt: skip
_LINES = frozenset(
    {
        "address", "article", "aside", "center", "dd", "div", "dt", "figcaption", "figure", "footer",
        "form", "header", "li", "main", "nav", "section", "table", "tr",
        "mj-accordion-text", "mj-accordion-title", "mj-column", "mj-navbar-link",
        "mj-social-element",
    }
)  # fmt: skip
_LINKS = frozenset({"a", "mj-button", "mj-navbar-link", "mj-social-element"})
_PICTURES = frozenset({"img", "mj-image", "mj-carousel-image"})
_RULES = frozenset({"hr", "mj-divider"})
_RULE = "-" * 20
_ZERO = Const(IntType(0, 0), 0)


def derive_text(ops: Sequence[Op]) -> tuple[Op, ...]:
    """Operations of the text part of a mail whose HTML part is `ops` (of kind HTML)."""
    return _derived(tuple(ops))


@lru_cache(maxsize=256)
def _derived(ops: tuple[Op, ...]) -> tuple[Op, ...]:
    """Remembered: the variants of an experiment often share their HTML."""
    reader = _Reader(html_events(ops))
    lines = Lines()
    reader.body(lines)
    return merged(lines.finished())


@dataclass(slots=True)
class _Element:
    """`nesting`: a row that holds a table is a section of the layout, not a line of a list."""

    name: str
    skipped: bool
    address: tuple[Text | Put, ...] = ()
    link_start: int = 0
    nesting: bool = False


class _Reader:
    """Reads events in order; control flow by recursion."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        self.at = 0
        self.open: list[_Element] = []

    @property
    def skipping(self) -> bool:
        return bool(self.open) and self.open[-1].skipped

    def body(self, lines: Lines) -> None:
        """Reads to the end of a branch, or to the very end."""
        while self.at < len(self.events):
            event = self.events[self.at]
            self.at += 1
            match event:
                case str():
                    if not self.skipping:
                        lines.text(event)
                case Opened():
                    self._start(event, lines)
                case EndTag():
                    self._end(event.name, lines)
                case Mark(kind="n" | "c"):
                    return
                case Mark():
                    self._mark(event.op, lines)
                case _:
                    assert_never(event)

    def _mark(self, op: Op, lines: Lines) -> None:
        match op:
            case Put():
                if self.skipping:
                    pass
                elif isinstance(op.expression, Const):
                    lines.text(str(op.expression.value))
                else:
                    lines.put(op)
            case Set():
                lines.add(op, lines.before)
            case If():
                self._if(op, lines)
            case For():
                self._for(op, lines)
            case Text():
                raise AssertionError("texts are no marks")
            case _:
                assert_never(op)

    def _if(self, op: If, lines: Lines) -> None:
        ways = lines.branches(len(op.branches) + 1)
        for way in ways:
            self.body(way)
        conditions = [branch.condition for branch in op.branches]
        lines.choose(Choice(ways, lambda bodies: _choice(conditions, bodies)))

    def _for(self, op: For, lines: Lines) -> None:
        before, start = lines.settle(), self.at
        first = Lines(before)
        self.body(first)
        after = first.settle()
        body = merged(first.ops)
        if after != before:
            self.at = start
            later = Lines(after)
            self.body(later)
            after = after.meet(later.settle())
            body = _first_or_later(op, body, merged(later.ops))
        otherwise = Lines(before)
        self.body(otherwise)
        loop = For(op.name, op.items, op.limit, body)
        rounds = Lines(after)
        rounds.ops.append(loop)
        lines.choose(Choice([rounds, otherwise], lambda bodies: _loop(loop, bodies)))

    # ── elements ─────────────────────────────────────────────────────────────────────────────────

    def _start(self, opened: Opened, lines: Lines) -> None:
        tag = opened.tag
        if tag.name in VOID or tag.self_closing or tag.name in _PICTURES | _RULES:
            if not self.skipping:
                self._void(opened, lines)
            return
        skipped = self.skipping or tag.name in _SKIPPED or _is_hidden(tag)
        if not skipped:
            self._begin(tag.name, lines)
        is_link = tag.name in _LINKS and not skipped
        if is_link:
            lines.settle()
        address = tuple(opened.parts("href")) if is_link else ()
        self.open.append(_Element(tag.name, skipped, address, len(lines.ops)))

    def _begin(self, name: str, lines: Lines) -> None:
        if name in _PARAGRAPHS:
            lines.line(BLANK_LINE)
        elif name in _LINES:
            lines.line()
        elif name in ("td", "th"):
            lines.space()
        if name == "li":
            lines.verbatim("- ")

    def _void(self, opened: Opened, lines: Lines) -> None:
        match opened.tag.name:
            case "br":
                lines.line_break()
            case name if name in _RULES:
                lines.line()
                lines.verbatim(_RULE)
                lines.line()
            case name if name in _PICTURES:
                self._picture(opened, lines)
            case _:
                pass

    def _picture(self, opened: Opened, lines: Lines) -> None:
        """Its alternative text; MJML's pictures are lines of their own, and links themselves."""
        of_its_own = opened.tag.name != "img"
        if of_its_own:
            lines.line()
            lines.settle()
        start = len(lines.ops)
        _write(opened.parts("alt"), lines)
        address = tuple(opened.parts("href")) if of_its_own else ()
        if address:
            self._link(_Element(opened.tag.name, False, address, start), lines)
        if of_its_own:
            lines.line()

    def _end(self, name: str, lines: Lines) -> None:
        if not any(element.name == name for element in self.open):
            return
        while self.open:
            element = self.open.pop()
            if element.name == name:
                break
        if element.skipped:
            return
        if element.address:
            self._link(element, lines)
        if name in _PARAGRAPHS or element.nesting:
            lines.line(BLANK_LINE)
        elif name in _LINES:
            lines.line()
        if name == "table":
            row = next((each for each in reversed(self.open) if each.name == "tr"), None)
            if row is not None:
                row.nesting = True

    def _link(self, element: _Element, lines: Lines) -> None:
        """The address behind a link's text, unless the text says it or there is no text."""
        if not lines.written_since(element.link_start):
            return
        shown = as_text(lines.ops[element.link_start :])
        address = as_text(element.address)
        if address is not None and (address.startswith("#") or _says(shown, address)):
            return
        lines.space()
        lines.verbatim("(")
        _write(element.address, lines)
        lines.verbatim(")")


def _choice(conditions: Sequence[Expression], bodies: Sequence[tuple[Op, ...]]) -> If:
    branches = zip(conditions, bodies, strict=False)
    return If(
        tuple(Branch(condition, merged(body)) for condition, body in branches), merged(bodies[-1])
    )


def _first_or_later(op: For, first: tuple[Op, ...], later: tuple[Op, ...]) -> tuple[Op, ...]:
    """A body whose first round stands after other white space than the later ones."""
    if first == later:
        return first
    index0 = Local(f"{op.name}.index0", IntType(0, op.limit - 1))
    is_first = Call(Operation.EQ, (index0, _ZERO), BoolType())
    return (If((Branch(is_first, first),), later),)


def _loop(loop: For, bodies: Sequence[tuple[Op, ...]]) -> Op:
    """A loop and what stands in its place: apart only where the rounds need more after them."""
    rounds, otherwise = bodies
    if rounds == (loop,):
        return For(loop.name, loop.items, loop.limit, loop.body, merged(otherwise))
    count = Call(Operation.COUNT, (loop.items,), IntType(0, loop.limit))
    some = Call(Operation.GT, (count, _ZERO), BoolType())
    return If((Branch(some, merged(rounds)),), merged(otherwise))


def _write(parts: Iterable[Text | Put], lines: Lines) -> None:
    for part in parts:
        if isinstance(part, Put):
            lines.put(part)
        else:
            lines.text(part.text)


def _says(shown: str | None, address: str) -> bool:
    plain = re.sub(r"^(https?://|mailto:|tel:)", "", address).rstrip("/")
    return shown is not None and shown.strip() in (address, plain)


def _is_hidden(tag: StartTag) -> bool:
    style = (tag.get("style") or "").replace(" ", "").lower()
    attributes = tag.get("hidden") is not None or tag.get("aria-hidden") == "true"
    return attributes or "display:none" in style
