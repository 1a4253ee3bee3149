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
from typing import assert_never

from html5lib._inputstream import invalid_unicode_re

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


def html_tokens(text: str) -> Iterator[HtmlToken]:
    """The tokens of `text`; adjacent character tokens are joined."""
    if "\0" in text or "\r" in text or invalid_unicode_re.search(text):
        return read_markup(text)
    return _joined(_pieces(text), len(text))


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
            yield from _moved(read_markup(text[at:]), at)
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
    if name in RCDATA and "&" in text[start:end]:
        tokens = _moved(read_markup(text[tag:end]), tag)
        yield from (token for token in tokens if not isinstance(token, StartTag))
    elif start < end:
        yield Characters(text[start:end], start, end)


def _words(words: str, start: int, last: int) -> Iterator[HtmlToken]:
    if "&" not in words:
        yield Characters(words, start, start + len(words))
        return
    for token in read_markup(words):
        yield Malformed(token.error, last) if isinstance(token, Malformed) else token


def _start_tag(match: re.Match[str]) -> Iterator[HtmlToken]:
    start, written = match.start(), match["attributes"]
    offset = match.start("attributes")
    attributes = tuple(
        Attribute(each[1].lower(), "", "", -1)
        if each[2] is None
        else Attribute(each[1].lower(), each[2], '"', offset + each.start(2))
        for each in _ATTRIBUTE.finditer(written)
    )
    if "&" in written or len({each.name for each in attributes}) < len(attributes):
        yield from _moved(read_markup(match[0]), start)
    else:
        yield StartTag(match["start"].lower(), attributes, bool(match["tag"]), start, match.end())


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
