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
from functools import lru_cache

from handbill.language.html.attributes import AttributeKind, attribute_kind, runs_code
from handbill.language.html.findings import (
    MALFORMED_MESSAGES,
    STRUCTURE,
    Address,
    Hole,
    Problem,
    ProblemKind,
    Scan,
    Surroundings,
)
from handbill.language.html.open_elements import OpenElements
from handbill.language.html.tokens import (
    RAWTEXT,
    RCDATA,
    Attribute,
    Characters,
    Comment,
    Doctype,
    EndTag,
    HtmlToken,
    Malformed,
    StartTag,
    html_tokens,
    tokens_of,
)
from handbill.language.templates.marked import HOLE, mark_pattern


@lru_cache(maxsize=512)
def scan_html(text: str, prefix: str) -> Scan:
    """Reads marked HTML. The result is shared: do not change it."""
    walk = _Walk(prefix)
    walk.read(tokens_of(text), text, 0, walk.everywhere)
    walk.finish(text)
    return Scan(walk.holes, tuple(walk.addresses), tuple(walk.problems))


def _inside(comment: str) -> Iterable[HtmlToken]:
    return _inside_short(comment) if len(comment) < _SHORT else html_tokens(comment)


@lru_cache(maxsize=2048)
def _inside_short(comment: str) -> tuple[HtmlToken, ...]:
    """A mail has hundreds of conditional comments, and most of them are the same few."""
    return tuple(html_tokens(comment))


_SHORT = 1000
_CONDITIONAL = re.compile(r"\[if ([^\]]*)\]>(.*)<!\[endif\]\Z", re.DOTALL)
_REVEALED = re.compile(r"\[if [^\]]*\](>\s*<!(-- ?)?)?\Z")
_REVEALED_END = ("<![endif]", "[endif]")
_NEAR = 80
"""Characters before a `>` or a hole in which what matters there begins."""
_HALF_REFERENCE = re.compile(r"&[#\w]*\Z")
_READ_WITH_REFERENCES = frozenset(
    {Surroundings.TEXT, Surroundings.ATTRIBUTE, Surroundings.URL, Surroundings.SETTING}
)


class _Walk:
    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.pattern = mark_pattern(prefix)
        mark = self.pattern.pattern
        self.before_end = re.compile(rf"(?:{mark})(?:{mark}|-)*!?\Z")
        self.holes: dict[int, Hole] = {}
        self.addresses: list[Address] = []
        self.problems: list[Problem] = []
        self.found: set[int] = set()
        self.everybody, self.outlook = OpenElements(outlook=False), OpenElements(outlook=True)
        self.everywhere = (self.everybody, self.outlook)
        self.hidden_from_outlook = False
        self.disorder = False

    def read(
        self,
        tokens: Iterable[HtmlToken],
        text: str,
        base: int,
        views: tuple[OpenElements, ...],
    ) -> None:
        """Reads the tokens of `text`, which starts at offset `base` of the whole, for the given readers."""
        element = ""
        for token in tokens:
            seen = self._seen_by(views, token)
            match token:
                case Characters():
                    self._characters(token, text, base, element)
                case StartTag():
                    self._tag(token, text, base)
                    for view in seen:
                        self._report(view.start(token, base))
                    element = token.name
                    continue
                case EndTag():
                    self._tag(token, text, base)
                    for view in seen:
                        self._report(view.end(token.name, base + token.start, base + token.end))
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
            elif match[2] == HOLE:
                self._refuse_half_reference(match, text)

    def _refuse_half_reference(self, match: re.Match[str], text: str) -> None:
        if self.holes[int(match[1])].surroundings in _READ_WITH_REFERENCES:
            half = _HALF_REFERENCE.search(text, max(0, match.start() - _NEAR), match.start())
            if half is not None:
                found = ProblemKind.HALF_REFERENCE
                self.problems.append(Problem(found, half.start(), match.start(), half[0]))

    def _seen_by(
        self, views: tuple[OpenElements, ...], token: HtmlToken
    ) -> tuple[OpenElements, ...]:
        if (
            isinstance(token, StartTag | EndTag)
            and self.prefix in token.name
            and self.pattern.search(token.name)
        ):
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
        if self.prefix not in raw or self.pattern.search(raw) is None:
            return
        if element in RCDATA and "<" in raw:
            at = base + token.start + raw.index("<")
            self.problems.append(Problem(ProblemKind.LESS_THAN, at, at + 1, element))
        for match in self.pattern.finditer(raw):
            self._place_mark(match, base + token.start, _text_hole(element))

    def _tag(self, token: StartTag | EndTag, text: str, base: int) -> None:
        if isinstance(token, StartTag):
            self._note_addresses(token, text, base)
        if text.find(self.prefix, token.start, token.end) < 0:
            return
        for match, hole in _tag_holes(token, text, self.pattern):
            self._place_mark(match, base, hole)

    def _note_addresses(self, tag: StartTag, text: str, base: int) -> None:
        for item in tag.attributes:
            is_address, is_code = _noted(item.name, tag.name)
            if is_address and item.start >= 0:
                start, end = base + item.start, base + _value_end(item, text)
                self.addresses.append(Address(tag.name, item.name, item.value, start, end))
            elif is_code and not self.pattern.search(item.value):
                start, end = base + tag.start, base + tag.end
                self.problems.append(Problem(ProblemKind.RUNS_CODE, start, end, item.name))

    def _comment(self, token: Comment, text: str, base: int) -> None:
        raw = text[token.start : token.end]
        conditional = _CONDITIONAL.match(token.data)
        if conditional is not None and raw.startswith("<!--[if"):
            for_outlook = "mso" in conditional[1] and "!" not in conditional[1]
            inner = token.start + len("<!--") + conditional.start(2)
            views = (self.outlook,) if for_outlook else ()
            self._refuse_comment_ends(text, token, inner, base)
            self.read(_inside(conditional[2]), conditional[2], base + inner, views)
        elif _REVEALED.match(token.data):
            self.hidden_from_outlook = "!mso" in token.data.replace(" ", "")
        elif token.data.strip() in _REVEALED_END:
            self.hidden_from_outlook = False
        self._refuse_marks(text, token.start, token.end, base, Surroundings.COMMENT)

    def _refuse_comment_ends(self, text: str, token: Comment, inner: int, base: int) -> None:
        """Values that end with dashes, before a `>`, would end the comment for everybody."""
        at = text.find(">", inner)
        while 0 <= at < token.end - len("-->"):
            hole = self.before_end.search(text, max(inner, at - _NEAR), at)
            if hole is not None:
                start, end = base + hole.start(), base + at + 1
                self.problems.append(Problem(ProblemKind.COMMENT_END, start, end))
            at = text.find(">", at + 1)

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


@lru_cache(maxsize=4096)
def _noted(attribute: str, element: str) -> tuple[bool, bool]:
    """Whether an attribute is an address, and whether it runs code."""
    if attribute.partition(":")[0] == "xmlns":
        return False, False  # the name of a vocabulary, which nothing opens
    is_address = attribute_kind(attribute, element) is AttributeKind.URL
    return is_address, runs_code(attribute)


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


def _tag_holes(
    token: StartTag | EndTag, text: str, pattern: re.Pattern[str]
) -> Iterator[tuple[re.Match[str], Hole]]:
    """The marks in a tag; those in attributes' values by the values, both in their order."""
    outside = Hole(Surroundings.ATTRIBUTE_NAME, token.name)
    if pattern.search(token.name):
        outside = Hole(Surroundings.TAG_NAME)
    cursor = token.start
    for item in token.attributes:
        if item.start < 0:
            continue
        yield from ((match, outside) for match in pattern.finditer(text, cursor, item.start))
        cursor = _value_end(item, text)
        matches = list(pattern.finditer(text, item.start, cursor))
        if matches:
            found = _value_surroundings(token, item, pattern)
            read = [match[0] for match in pattern.finditer(item.value)]
            faithful = read == [match[0] for match in matches]
            for nth, match in enumerate(matches):
                place = nth if faithful else -1
                yield match, Hole(found, token.name, item.name, item.value, place)
    yield from ((match, outside) for match in pattern.finditer(text, cursor, token.end))


def _value_surroundings(
    token: StartTag | EndTag, item: Attribute, pattern: re.Pattern[str]
) -> Surroundings:
    if item.quote == '"' and not pattern.search(item.name) and isinstance(token, StartTag):
        return _KIND_SURROUNDINGS[attribute_kind(item.name, token.name)]
    if item.quote == "'":
        return Surroundings.SINGLE_QUOTED
    if item.quote == "":
        return Surroundings.UNQUOTED
    return Surroundings.ATTRIBUTE_NAME


_UNQUOTED_VALUE = re.compile(r"[^\s>]*")


def _value_end(item: Attribute, text: str) -> int:
    if item.quote:
        return text.index(item.quote, item.start)
    match = _UNQUOTED_VALUE.match(text, item.start)
    return match.end() if match else item.start
