"""Where each hole of an HTML template stands, and whether its control flow keeps the HTML in order.

Reads a marked template once, token by token. A hole is never guessed about: each mark must be found
in the text of an element or in an attribute's value, everything else is reported. Elements are closed
as they were opened, and at every turn of an `if` or `for` the same elements are open; the same is held
for the HTML that Outlook sees inside its conditional comments. What is found depends on the string
alone, so the answer is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from handbill.language.attributes import AttributeKind, attribute_kind
from handbill.language.html_tokens import (
    RAWTEXT,
    RCDATA,
    VOID,
    Attribute,
    Characters,
    Comment,
    Doctype,
    EndTag,
    HtmlToken,
    Malformed,
    StartTag,
    html_tokens,
)
from handbill.language.marked import CLOSE, HOLE, OPEN, mark_pattern


class Surroundings(StrEnum):
    """What stands around a mark."""

    TEXT = "the text of an element"
    ATTRIBUTE = "an attribute"
    URL = "a link or image address"
    STYLE_ATTRIBUTE = "a style attribute"
    STYLE_ELEMENT = "a <style> element"
    SETTING = "a technical attribute"
    CODE = "an attribute that runs code"
    SINGLE_QUOTED = "an attribute in single quotes"
    UNQUOTED = "an attribute without quotes"
    ATTRIBUTE_NAME = "the middle of a tag"
    TAG_NAME = "the name of a tag"
    COMMENT = "an HTML comment"
    SCRIPT = "a <script> element"
    RAW_TEXT = "an element that browsers do not read as text"
    UNFINISHED = "a tag that is never finished"


class ProblemKind(StrEnum):
    MISPLACED_TURN = "control flow elsewhere than between tags"
    LESS_THAN = "a bare < in a title"
    UNCLOSED = "an element that is never closed"
    UNCLOSED_IN_BRANCH = "an element that its branch does not close"
    CLOSED_FROM_OUTSIDE = "an element closed in another branch than it was opened in"
    STRAY_END = "an end tag without its start"
    MISNESTED = "an end tag while another element is open"
    SELF_CLOSED = "a self-closing tag of an element that has content"
    MALFORMED = "HTML that cannot be read"


@dataclass(frozen=True, slots=True)
class Hole:
    """`attribute` and its whole `value` (marks inside) are empty outside attributes."""

    surroundings: Surroundings
    element: str = ""
    attribute: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """`start` and `end` are offsets in the marked text, `other` those of a second place."""

    kind: ProblemKind
    start: int
    end: int
    name: str = ""
    other: tuple[int, int] | None = None
    other_name: str = ""
    mark: int | None = None
    surroundings: Surroundings | None = None
    outlook: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """An attribute's value that names a link, an image or another resource; may hold marks."""

    element: str
    attribute: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scan:
    """`holes` by mark number."""

    holes: dict[int, Hole]
    addresses: tuple[Address, ...]
    problems: tuple[Problem, ...]


@lru_cache(maxsize=512)
def scan_html(text: str, prefix: str) -> Scan:
    """Reads marked HTML. The result is shared: do not change it."""
    walk = _Walk(mark_pattern(prefix))
    walk.read(text, 0, walk.everywhere)
    walk.finish(text)
    return Scan(walk.holes, tuple(walk.addresses), tuple(walk.problems))


STRUCTURE = frozenset(
    {
        ProblemKind.UNCLOSED,
        ProblemKind.UNCLOSED_IN_BRANCH,
        ProblemKind.CLOSED_FROM_OUTSIDE,
        ProblemKind.STRAY_END,
        ProblemKind.MISNESTED,
        ProblemKind.SELF_CLOSED,
    }
)
"""Of these only the first is reported: those after it mostly follow from it."""


@dataclass(frozen=True, slots=True)
class _Open:
    name: str
    start: int
    end: int


class _View:
    """The elements open for one kind of reader: everybody, or Outlook."""

    def __init__(self, outlook: bool) -> None:
        self.outlook = outlook
        self.open: list[_Open] = []
        self.floors: list[int] = []

    def start(self, tag: StartTag, base: int) -> Iterator[Problem]:
        if tag.name in VOID or (tag.self_closing and (":" in tag.name or self._foreign())):
            return
        if tag.self_closing:
            yield self._problem(ProblemKind.SELF_CLOSED, base + tag.start, base + tag.end, tag.name)
            return
        self.open.append(_Open(tag.name, base + tag.start, base + tag.end))

    def end(self, name: str, start: int, end: int) -> Iterator[Problem]:
        floor = self.floors[-1] if self.floors else 0
        above = [item.name for item in self.open[floor:]]
        if above and above[-1] == name:
            self.open.pop()
        elif name in above:
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

    def _foreign(self) -> bool:
        return any(item.name in ("svg", "math") for item in self.open)

    def _problem(
        self,
        kind: ProblemKind,
        start: int,
        end: int,
        name: str,
        other: _Open | None = None,
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


_CONDITIONAL = re.compile(r"\[if ([^\]]*)\]>(.*)<!\[endif\]\Z", re.DOTALL)
_REVEALED = re.compile(r"\[if [^\]]*\](>\s*<!(-- ?)?)?\Z")
_REVEALED_END = ("<![endif]", "[endif]")


class _Walk:
    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.holes: dict[int, Hole] = {}
        self.addresses: list[Address] = []
        self.problems: list[Problem] = []
        self.found: set[int] = set()
        self.everybody, self.outlook = _View(outlook=False), _View(outlook=True)
        self.everywhere = (self.everybody, self.outlook)
        self.hidden_from_outlook = False
        self.disorder = False

    def read(self, text: str, base: int, views: tuple[_View, ...]) -> None:
        """Reads `text`, which starts at offset `base` of the whole, for the given readers."""
        element = ""
        for token in html_tokens(text):
            seen = self._seen_by(views, token)
            match token:
                case Characters():
                    self._characters(token, text, base, element)
                case StartTag():
                    self._tag(token, text, base)
                    self._report([item for view in seen for item in view.start(token, base)])
                    element = token.name
                    continue
                case EndTag():
                    self._tag(token, text, base)
                    place = (token.name, base + token.start, base + token.end)
                    self._report([item for view in seen for item in view.end(*place)])
                case Comment():
                    self._comment(token, text, base)
                case Doctype():
                    self._refuse_marks(text, token.start, token.end, base, Surroundings.TAG_NAME)
                case Malformed():
                    self._malformed(token, text, base)
                    continue  # between an element and its text
            element = ""

    def finish(self, text: str) -> None:
        self._report([item for view in self.everywhere for item in view.finish()])
        for match in self.pattern.finditer(text):
            if int(match[1]) not in self.found:
                self._place_mark(match, 0, Hole(Surroundings.UNFINISHED))

    def _seen_by(self, views: tuple[_View, ...], token: HtmlToken) -> tuple[_View, ...]:
        if isinstance(token, StartTag | EndTag) and self.pattern.search(token.name):
            return ()  # no element at all: refused for the mark in its name
        if self.hidden_from_outlook:
            return tuple(view for view in views if not view.outlook)
        return views

    def _report(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            if problem.kind not in STRUCTURE:
                self.problems.append(problem)
            elif not self.disorder:
                self.disorder = True
                self.problems.append(problem)

    def _characters(self, token: Characters, text: str, base: int, element: str) -> None:
        raw = text[token.start : token.end]
        if self.pattern.search(raw) is None:
            return
        if element in RCDATA and "<" in raw:
            at = base + token.start + raw.index("<")
            self.problems.append(Problem(ProblemKind.LESS_THAN, at, at + 1, element))
        for match in self.pattern.finditer(raw):
            self._place_mark(match, base + token.start, _text_hole(element))

    def _tag(self, token: StartTag | EndTag, text: str, base: int) -> None:
        if isinstance(token, StartTag):
            self._note_addresses(token, text, base)
        for match in self.pattern.finditer(text, token.start, token.end):
            self._place_mark(match, base, _tag_hole(token, match.start(), text, self.pattern))

    def _note_addresses(self, tag: StartTag, text: str, base: int) -> None:
        for item in tag.attributes:
            if item.start >= 0 and attribute_kind(item.name, tag.name) is AttributeKind.URL:
                start, end = base + item.start, base + _value_end(item, text)
                self.addresses.append(Address(tag.name, item.name, item.value, start, end))

    def _comment(self, token: Comment, text: str, base: int) -> None:
        raw = text[token.start : token.end]
        conditional = _CONDITIONAL.match(token.data)
        if conditional is not None and raw.startswith("<!--[if"):
            for_outlook = "mso" in conditional[1] and "!" not in conditional[1]
            inner = token.start + len("<!--") + conditional.start(2)
            views = (self.outlook,) if for_outlook else ()
            self.read(conditional[2], base + inner, views)
        elif _REVEALED.match(token.data):
            self.hidden_from_outlook = "!mso" in token.data.replace(" ", "")
        elif token.data.strip() in _REVEALED_END:
            self.hidden_from_outlook = False
        self._refuse_marks(text, token.start, token.end, base, Surroundings.COMMENT)

    def _refuse_marks(
        self, text: str, start: int, end: int, base: int, surroundings: Surroundings
    ) -> None:
        for match in self.pattern.finditer(text, start, end):
            if int(match[1]) not in self.found:
                self._place_mark(match, base, Hole(surroundings))

    def _malformed(self, token: Malformed, text: str, base: int) -> None:
        if token.error in MALFORMED_MESSAGES:
            start = base + token.start
            line_end = text.find("\n", token.start)
            end = base + min(len(text) if line_end < 0 else line_end, token.start + 40)
            self.problems.append(Problem(ProblemKind.MALFORMED, start, end, token.error))

    def _place_mark(self, match: re.Match[str], base: int, hole: Hole) -> None:
        number, kind = int(match[1]), match[2]
        self.found.add(number)
        if kind == HOLE:
            self.holes[number] = hole
            return
        if hole.surroundings is not Surroundings.TEXT:
            start, end = base + match.start(), base + match.end()
            self.problems.append(
                Problem(
                    ProblemKind.MISPLACED_TURN,
                    start,
                    end,
                    hole.attribute,
                    mark=number,
                    surroundings=hole.surroundings,
                )
            )
        self._report(problem for view in self.everywhere for problem in view.turn(kind, number))


def _text_hole(element: str) -> Hole:
    if element == "script":
        return Hole(Surroundings.SCRIPT, element)
    if element == "style":
        return Hole(Surroundings.STYLE_ELEMENT, element)
    if element in RAWTEXT or element == "plaintext":
        return Hole(Surroundings.RAW_TEXT, element)
    return Hole(Surroundings.TEXT, element)


_KIND_SURROUNDINGS = {
    AttributeKind.PLAIN: Surroundings.ATTRIBUTE,
    AttributeKind.URL: Surroundings.URL,
    AttributeKind.STYLE: Surroundings.STYLE_ATTRIBUTE,
    AttributeKind.SETTING: Surroundings.SETTING,
    AttributeKind.CODE: Surroundings.CODE,
}


def _tag_hole(token: StartTag | EndTag, offset: int, text: str, pattern: re.Pattern[str]) -> Hole:
    for item in token.attributes:
        if not (0 <= item.start <= offset < _value_end(item, text)):
            continue
        if item.quote == '"' and not pattern.search(item.name) and isinstance(token, StartTag):
            found = _KIND_SURROUNDINGS[attribute_kind(item.name, token.name)]
        elif item.quote == "'":
            found = Surroundings.SINGLE_QUOTED
        elif item.quote == "":
            found = Surroundings.UNQUOTED
        else:
            found = Surroundings.ATTRIBUTE_NAME
        return Hole(found, token.name, item.name, item.value)
    if pattern.search(token.name):
        return Hole(Surroundings.TAG_NAME)
    return Hole(Surroundings.ATTRIBUTE_NAME, token.name)


_UNQUOTED_VALUE = re.compile(r"[^\s>]*")


def _value_end(item: Attribute, text: str) -> int:
    if item.quote:
        return text.index(item.quote, item.start)
    match = _UNQUOTED_VALUE.match(text, item.start)
    return match.end() if match else item.start


MALFORMED_MESSAGES = {
    "eof-in-tag-name": "this tag is never finished: its `>` is missing",
    "expected-attribute-name-but-got-eof": "this tag is never finished: its `>` is missing",
    "eof-in-attribute-name": "this tag is never finished: its `>` is missing",
    "expected-end-of-tag-but-got-eof": "this tag is never finished: its `>` is missing",
    "expected-attribute-value-but-got-eof": "this tag is never finished: its `>` is missing",
    "eof-in-attribute-value-double-quote": 'a value in this tag is never finished: its `"` is missing',
    "eof-in-attribute-value-single-quote": "a value in this tag is never finished: its `'` is missing",
    "eof-in-attribute-value-no-quotes": "this tag is never finished: its `>` is missing",
    "unexpected-EOF-after-attribute-value": "this tag is never finished: its `>` is missing",
    "unexpected-EOF-after-solidus-in-tag": "this tag is never finished: its `>` is missing",
    "eof-in-comment": "this comment is never finished: its `-->` is missing",
    "eof-in-comment-end-dash": "this comment is never finished: its `-->` is missing",
    "eof-in-comment-double-dash": "this comment is never finished: its `-->` is missing",
    "eof-in-comment-end-bang-state": "this comment is never finished: its `-->` is missing",
    "duplicate-attribute": "this tag has the same attribute twice: only the first counts",
    "invalid-character-in-attribute-name": "a quote or `<` stands where an attribute's name should be",
    "unexpected-character-after-attribute-value": "two attributes of this tag need a space between",
    "attributes-in-end-tag": "an end tag has no attributes",
}
"""html5lib's name of a parse error → what to tell the author. The others do no harm."""
