"""HTML as a sequence of typed tokens with exact offsets, as html5lib's tokenizer reads it.

Nearly all of a mail is plain: tags whose attributes stand in double quotes, comments without dashes, text.
That is read here, by patterns that take nothing else; from the first place that they do not take, html5lib
reads on (`markup_reader`). What comes out is the same, whoever read it: a test holds the two against each
other. Text must be free of carriage returns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.entities import html5
from typing import assert_never

from msgspec.structs import replace

from handbill.language.html.markup import (
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
    Markup,
    StartTag,
)

__all__ = [
    "RAWTEXT",
    "RCDATA",
    "VOID",
    "Attribute",
    "Characters",
    "Comment",
    "Doctype",
    "EndTag",
    "HtmlToken",
    "Malformed",
    "Markup",
    "StartTag",
    "html_tokens",
    "tokens_of",
]

_NAME = "[a-zA-Z][a-zA-Z0-9:_-]*"
_SPACE = r"[ \n\t\f]"
_PLAIN = re.compile(
    r"(?P<text>[^<]+)"
    rf'|<(?P<start>{_NAME})(?P<attributes>(?:{_SPACE}+{_NAME}(?:="[^"]*")?)*){_SPACE}*(?P<tag>/?)>'
    rf"|</(?P<end>{_NAME}){_SPACE}*>"
    r"|<!--(?!-?>)(?P<comment>[^-]*(?:-[^-]+)*)-->"
    rf"|<!(?:doctype|DOCTYPE){_SPACE}+(?P<doctype>[a-zA-Z]+){_SPACE}*>"
)
_ATTRIBUTE = re.compile(rf'({_NAME})(?:="([^"]*)")?')
_ENDS = {name: re.compile(rf"</{name}(?=[ \n\t\f/>])", re.IGNORECASE) for name in RAWTEXT | RCDATA}
_CODE = frozenset({"script", "plaintext"})
_STRANGE = re.compile("[^\t\n\f -~\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0001fffd]")
"""What html5lib calls a mistake or reads as something else, and some more."""
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7});|([a-zA-Z][a-zA-Z0-9]*;))?")
_SHORT = 200


def html_tokens(text: str) -> Iterator[HtmlToken]:
    """The tokens of `text`; adjacent character tokens are joined."""
    return iter(_tokens(text))


@lru_cache(maxsize=64)
def tokens_of(text: str) -> tuple[HtmlToken, ...]:
    """The same, remembered: several passes look at one text."""
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterable[HtmlToken]:
    if _STRANGE.search(text):
        return _by_html5lib(text)
    reader = _Reader(text)
    reader.read()
    return reader.tokens


class _Reader:
    """Reads plain HTML; `last` is where the tag before began, `start` where the text under way did."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[HtmlToken] = []
        self.pending: list[str] = []
        self.start = 0

    def read(self) -> None:
        text, tokens, pending = self.text, self.tokens, self.pending
        at, last, size, plain = 0, 0, len(self.text), _PLAIN.match
        while at < size:
            match = plain(text, at)
            kind = match.lastgroup if match else None
            if match is None or (kind == "tag" and not _has_plain_content(match)):
                self._add(_moved(_read(text[at:]), at))
                break
            if kind == "text":
                words, at, before = match[0], match.end(), last
                if "&" in words:
                    self._add(_words(words, match.start(), before))
                else:
                    pending.append(words)
                continue
            last, at = at, match.end()
            if pending and kind != "tag":
                self._end_text(last)
            match kind:
                case "tag":
                    at = self._tag(match, last, at)
                case "end":
                    tokens.append(EndTag(match["end"].lower(), (), last, at))
                    self.start = at
                case "comment":
                    tokens.append(Comment(match["comment"], last, at))
                    self.start = at
                case _:
                    tokens.append(Doctype(match["doctype"].lower(), last, at))
                    self.start = at
        self._end_text(size)

    def _tag(self, match: re.Match[str], start: int, at: int) -> int:
        """Where what follows the tag, and the text of an element that holds nothing else, begins."""
        shape = _tag_shape(match[0])
        if shape is None:
            self._add(_moved(_read(match[0]), start))
            name = match["start"].lower()
        else:
            self._end_text(start)
            name, written, self_closing = shape
            attributes = tuple(
                [
                    Attribute(item, value, quote, offset if offset < 0 else start + offset)
                    for item, value, quote, offset in written
                ]
            )
            self.tokens.append(StartTag(name, attributes, self_closing, start, at))
            self.start = at
        if name not in _ENDS:
            return at
        content = _content_end(name, match)
        self._add(_content(name, self.text, (start, at, content)))
        return content

    def _add(self, pieces: Iterable[HtmlToken]) -> None:
        for token in pieces:
            match token:
                case Characters(data=data):
                    self.pending.append(data)
                case Malformed():
                    self.tokens.append(token)
                case _:
                    self._end_text(token.start)
                    self.tokens.append(token)
                    self.start = token.end

    def _end_text(self, end: int) -> None:
        if self.pending:
            self.tokens.append(Characters("".join(self.pending), self.start, end))
            self.pending.clear()


def _has_plain_content(tag: re.Match[str]) -> bool:
    name = tag["start"].lower()
    return name not in _CODE and (name not in _ENDS or _content_end(name, tag) >= 0)


def _content_end(name: str, tag: re.Match[str]) -> int:
    """Where the end tag of an element begins that holds text only, or -1."""
    end = _ENDS[name].search(tag.string, tag.end())
    return end.start() if end else -1


def _content(name: str, text: str, offsets: tuple[int, int, int]) -> Iterator[HtmlToken]:
    """The text of an element that holds nothing else: from its tag, from its content, to its end."""
    tag, start, end = offsets
    content = text[start:end] if name in RAWTEXT else _decoded(text[start:end])
    if content is None:
        tokens = _moved(_read(text[tag:end]), tag)
        yield from (token for token in tokens if not isinstance(token, StartTag))
    elif content:
        yield Characters(content, start, end)


def _words(words: str, start: int, last: int) -> Iterator[HtmlToken]:
    decoded = _decoded(words)
    if decoded is not None:
        yield Characters(decoded, start, start + len(words))
        return
    for token in _read(words):
        yield Malformed(token.error, last) if isinstance(token, Malformed) else token


@lru_cache(maxsize=4096)
def _tag_shape(tag: str) -> tuple[str, tuple[tuple[str, str, str, int], ...], bool] | None:
    """A start tag's name, attributes with offsets in it, and whether it ends in a slash; None for one
    that html5lib has to read. Remembered: a mail has hundreds of tags, and most are the same few."""
    match = _PLAIN.match(tag)
    assert match is not None
    offset = match.start("attributes")
    attributes: dict[str, tuple[str, str, str, int]] = {}
    for each in _ATTRIBUTE.finditer(match["attributes"]):
        name, value = each[1].lower(), each[2]
        decoded = _decoded(value) if value and "&" in value else value or ""
        if decoded is None or name in attributes:
            return None
        found = ("", -1) if value is None else ('"', offset + each.start(2))
        attributes[name] = (name, decoded, *found)
    return match["start"].lower(), tuple(attributes.values()), bool(match["tag"])


def _decoded(text: str) -> str | None:
    """With its character references decoded; None where one is anything but plain."""
    if "&" not in text:
        return text
    parts: list[str] = []
    cursor = 0
    for match in _REFERENCE.finditer(text):
        meant = html5.get(match[2]) if match[2] else _character(match[1])
        if meant is None:
            return None
        parts += [text[cursor : match.start()], meant]
        cursor = match.end()
    return "".join([*parts, text[cursor:]])


def _character(number: str | None) -> str | None:
    """The character of this number, unless HTML takes it for another or for a mistake."""
    code = int(number or 0)
    plain = 0x20 <= code < 0x7F or 0xA0 <= code < 0xD800 or 0x1F000 <= code < 0x1FFFE
    return chr(code) if plain else None


def _read(text: str) -> Iterable[HtmlToken]:
    return _read_short(text) if len(text) <= _SHORT else _by_html5lib(text)


@lru_cache(maxsize=1024)
def _read_short(text: str) -> tuple[HtmlToken, ...]:
    """The end of every conditional comment is one of these."""
    return tuple(_by_html5lib(text))


def _by_html5lib(text: str) -> Iterable[HtmlToken]:
    from handbill.language.html.markup_reader import read_markup  # many checks end without it

    return read_markup(text)


def _moved(tokens: Iterable[HtmlToken], by: int) -> Iterator[HtmlToken]:
    """The tokens of a text that begins at offset `by` of the whole."""
    for token in tokens:
        match token:
            case Malformed():
                yield replace(token, start=token.start + by)
            case StartTag() | EndTag():
                attributes = tuple(
                    each if each.start < 0 else replace(each, start=each.start + by)
                    for each in token.attributes
                )
                start, end = token.start + by, token.end + by
                yield replace(token, attributes=attributes, start=start, end=end)
            case Characters() | Comment() | Doctype():
                yield replace(token, start=token.start + by, end=token.end + by)
            case _:
                assert_never(token)
