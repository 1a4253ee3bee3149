"""What is found when reading a template's HTML: surroundings of holes, and what is out of order.

Plain values, made by `contexts` from the marked text alone and put into words by `problems`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


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
    HALF_REFERENCE = "the beginning of a character reference, which a value would finish"
    COMMENT_END = "a > that a value before it would make the end of a comment"
    RUNS_CODE = "an attribute that runs code"


class Hole(msgspec.Struct, frozen=True, gc=False):
    """`attribute` and its whole `value` (marks inside) are empty outside attributes; of the marks in
    the value this is the `nth`, from 0; -1 where a character reference in it spells another mark."""

    surroundings: Surroundings
    element: str = ""
    attribute: str = ""
    value: str = ""
    nth: int = 0


class Problem(msgspec.Struct, frozen=True, gc=False):
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


class Address(msgspec.Struct, frozen=True, gc=False):
    """An attribute's value that names a link, an image or another resource; may hold marks."""

    element: str
    attribute: str
    value: str
    start: int
    end: int


class Scan(msgspec.Struct, frozen=True, gc=False):
    """`holes` by mark number."""

    holes: dict[int, Hole]
    addresses: tuple[Address, ...]
    problems: tuple[Problem, ...]


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
