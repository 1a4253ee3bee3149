"""HTML as a sequence of typed tokens with exact offsets: html5lib's tokenizer, driven as its parser would.

What it adds to html5lib: where each tag and attribute value starts, how the value was quoted, and the
switch of tokenizer state after `<title>`, `<style>`, `<script>` and their like. It builds no tree and
repairs nothing; what cannot be read is a `Malformed` token. Text must be free of carriage returns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from html5lib._tokenizer import HTMLTokenizer
from html5lib.constants import tokenTypes

from handbill.language.html.markup import (
    RAWTEXT,
    RCDATA,
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

_START, _END = tokenTypes["StartTag"], tokenTypes["EndTag"]
_TEXT = (tokenTypes["Characters"], tokenTypes["SpaceCharacters"])


class _Tokenizer(HTMLTokenizer):  # type: ignore[misc]
    """Notes offsets and quotes on the way; the whole text is one chunk, so offsets are simple."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.stream._defaultChunkSize = len(text) + 1
        self.markup_start = 0
        self.values: dict[int, tuple[str, int]] = {}

    def tagOpenState(self) -> bool:
        self.markup_start = self.stream.chunkOffset - 1
        self.values = {}
        return bool(super().tagOpenState())

    def rcdataLessThanSignState(self) -> bool:
        self.markup_start = self.stream.chunkOffset - 1
        self.values = {}
        return bool(super().rcdataLessThanSignState())

    def rawtextLessThanSignState(self) -> bool:
        self.markup_start = self.stream.chunkOffset - 1
        self.values = {}
        return bool(super().rawtextLessThanSignState())

    def scriptDataLessThanSignState(self) -> bool:
        self.markup_start = self.stream.chunkOffset - 1
        self.values = {}
        return bool(super().scriptDataLessThanSignState())

    def attributeValueDoubleQuotedState(self) -> bool:
        self._note_value('"')
        return bool(super().attributeValueDoubleQuotedState())

    def attributeValueSingleQuotedState(self) -> bool:
        self._note_value("'")
        return bool(super().attributeValueSingleQuotedState())

    def attributeValueUnQuotedState(self) -> bool:
        self._note_value("", -1)
        return bool(super().attributeValueUnQuotedState())

    def _note_value(self, quote: str, back: int = 0) -> None:
        index = len(self.currentToken["data"]) - 1
        self.values.setdefault(index, (quote, self.stream.chunkOffset + back))

    def emitCurrentToken(self) -> None:
        token = self.currentToken
        start = self.markup_start
        token["list"] = tuple(
            Attribute(name, value, *self.values.get(index, ("", -1)))
            for index, (name, value) in enumerate(token["data"])
        )
        token["place"] = (start, self.stream.chunkOffset)
        super().emitCurrentToken()


def read_markup(text: str) -> Iterator[HtmlToken]:
    """The tokens of `text`; adjacent character tokens are joined."""
    tokenizer = _Tokenizer(text)
    pending: list[str] = []
    pending_start = 0
    for token in tokenizer:
        kind = token["type"]
        if kind in _TEXT:
            pending.append(token["data"])
        elif kind == tokenTypes["ParseError"]:
            yield Malformed(str(token["data"]), tokenizer.markup_start)
        else:
            markup = _typed(token, tokenizer, tokenizer.stream.chunkOffset or len(text))
            if pending:
                yield Characters("".join(pending), pending_start, markup.start)
            pending, pending_start = [], markup.end
            yield markup
            if kind == _START:
                _enter(tokenizer, token["name"])
    if pending:
        yield Characters("".join(pending), pending_start, len(text))


def _typed(token: dict[str, Any], tokenizer: _Tokenizer, end: int) -> Markup:
    kind, start = token["type"], tokenizer.markup_start
    if kind == _START:
        return StartTag(token["name"], token["list"], token["selfClosing"], *token["place"])
    if kind == _END:
        return EndTag(token["name"], token["list"], *token["place"])
    if kind == tokenTypes["Doctype"]:
        parts = (token["name"], token["publicId"], token["systemId"])
        return Doctype(" ".join(part for part in parts if part), start, end)
    return Comment(token["data"], start, end)


def _enter(tokenizer: _Tokenizer, name: str) -> None:
    """Chooses the state in which the content of an element is read (HTML, 13.2.6.2)."""
    if name in RCDATA:
        tokenizer.state = tokenizer.rcdataState
    elif name in RAWTEXT:
        tokenizer.state = tokenizer.rawtextState
    elif name == "script":
        tokenizer.state = tokenizer.scriptDataState
    elif name == "plaintext":
        tokenizer.state = tokenizer.plaintextState
