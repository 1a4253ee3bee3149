"""HTML as a sequence of typed tokens with exact offsets, as html5lib's tokenizer reads it.

Nearly all of a mail is plain: tags whose attributes stand in double quotes, comments without dashes, text.
That is read here, by patterns that take nothing else; from the first place that they do not take, html5lib
reads on (`markup_reader`). What comes out is the same, whoever read it: a test holds the two against each
other. Text must be free of carriage returns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import assert_never

from html5lib.constants import entities

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
from handbill.language.html.markup_reader import read_markup

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
    if _STRANGE.search(text):
        return read_markup(text)
    return _joined(_pieces(text), len(text))


@lru_cache(maxsize=64)
def tokens_of(text: str) -> tuple[HtmlToken, ...]:
    """The same, remembered: several passes look at one text."""
    return tuple(html_tokens(text))


def _joined(pieces: Iterable[HtmlToken], end: int) -> Iterator[HtmlToken]:
    pending: list[str] = []
    start = 0
    for token in pieces:
        match token:
            case Characters():
                pending.append(token.data)
            case Malformed():
                yield token
            case _:
                if pending:
                    yield Characters("".join(pending), start, token.start)
                pending, start = [], token.end
                yield token
    if pending:
        yield Characters("".join(pending), start, end)


def _pieces(text: str) -> Iterator[HtmlToken]:
    """The tokens with adjacent texts apart; `last` is where the tag before began."""
    at = last = 0
    while at < len(text):
        match = _PLAIN.match(text, at)
        kind = match.lastgroup if match else None
        if match is None or (kind == "tag" and not _has_plain_content(match)):
            yield from _moved(_read(text[at:]), at)
            return
        at, before = match.end(), last
        if kind == "text":
            yield from _words(match[0], match.start(), before)
            continue
        last = match.start()
        match kind:
            case "tag":
                yield from _start_tag(match)
                name = match["start"].lower()
                if name in _ENDS:
                    content = _content_end(name, match)
                    yield from _content(name, text, (last, at, content))
                    at = content
            case "end":
                yield EndTag(match["end"].lower(), (), last, at)
            case "comment":
                yield Comment(match["comment"], last, at)
            case _:
                yield Doctype(match["doctype"].lower(), last, at)


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


def _start_tag(match: re.Match[str]) -> Iterator[HtmlToken]:
    offset = match.start("attributes")
    attributes: dict[str, Attribute] = {}
    for each in _ATTRIBUTE.finditer(match["attributes"]):
        name, value = each[1].lower(), each[2]
        decoded = _decoded(value) if value and "&" in value else value or ""
        if decoded is None or name in attributes:
            yield from _moved(_read(match[0]), match.start())
            return
        found = ("", -1) if value is None else ('"', offset + each.start(2))
        attributes[name] = Attribute(name, decoded, *found)
    written = tuple(attributes.values())
    yield StartTag(match["start"].lower(), written, bool(match["tag"]), *match.span())


def _decoded(text: str) -> str | None:
    """With its character references decoded; None where one is anything but plain."""
    if "&" not in text:
        return text
    parts: list[str] = []
    cursor = 0
    for match in _REFERENCE.finditer(text):
        meant = entities.get(match[2]) if match[2] else _character(match[1])
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
    return _read_short(text) if len(text) <= _SHORT else read_markup(text)


@lru_cache(maxsize=1024)
def _read_short(text: str) -> tuple[HtmlToken, ...]:
    """The end of every conditional comment is one of these."""
    return tuple(read_markup(text))


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
