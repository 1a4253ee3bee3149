"""Jinja's lexer, made to remember exact places, with every guard that must come before parsing.

Jinja's nodes carry only a line number, copied from their tokens. `Position` is that number and also
knows the token's place in the text and in the token list, so a node finds its columns again.
What Jinja's own lexer would accept, change or crash on (exponents, 5,000-digit integers, surrogates,
fullwidth letters, nesting) is refused here, as a `SyntaxRefusal` that never leaves the package.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import msgspec
from jinja2 import Environment, TemplateSyntaxError
from jinja2 import lexer as jinja_lexer

from handbill.plan.types import DECIMAL_MAX_SCALE, INT_DEFAULT_MAX

MAX_NESTING = 32
_CLOSERS = {"rparen": "lparen", "rbracket": "lbracket", "rbrace": "lbrace"}
_OPENERS = frozenset(_CLOSERS.values())
_BLOCKS = frozenset(
    ["if", "for", "block", "macro", "call", "filter", "with", "autoescape"],
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_PLAIN_INTEGER = re.compile(r"(0|[1-9][0-9]*)\Z")
_PLAIN_DECIMAL = re.compile(r"[0-9]+\.[0-9]+\Z")
_ESCAPE = re.compile(
    r"\\(?:([nrt\\'\"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.|\Z))", re.S
)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"'}


class SyntaxRefusal(Exception):
    """A place in the text that cannot be read; turned into a Diagnostic by `parse`."""

    def __init__(
        self, code: str, message: str, start: int, end: int, hint: str | None = None
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.start, self.end, self.hint = code, message, start, end, hint


class Place(msgspec.Struct, frozen=True, gc=False):
    """One token: offsets into the source text (end exclusive) and Jinja's kind of it."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class TokenTable:
    """All tokens of a text in order, and for each bracket the index of its partner."""

    text: str
    places: list[Place] = field(default_factory=list)
    partner: dict[int, int] = field(default_factory=dict)

    def kind(self, index: int) -> str:
        """Jinja's kind of the token at `index`; empty outside the text."""
        return self.places[index].kind if 0 <= index < len(self.places) else ""

    def text_of(self, first: int, last: int) -> str:
        """The source from token `first` to token `last`, both included."""
        return self.text[self.places[first].start : self.places[last].end]


class Position(int):
    """A line number that also knows its token: the `lineno` of every node that we parse."""

    index: int
    table: TokenTable

    def __new__(cls, line: int, index: int, table: TokenTable) -> Position:
        position = super().__new__(cls, line)
        position.index = index
        position.table = table
        return position

    @property
    def start(self) -> int:
        return self.table.places[self.index].start

    @property
    def end(self) -> int:
        return self.table.places[self.index].end


class OffsetEnvironment(Environment):
    """Jinja's grammar over our tokens. It only ever parses; nothing of it is executed."""

    def _tokenize(
        self,
        source: str,
        name: str | None,
        filename: str | None = None,
        state: str | None = None,
    ) -> jinja_lexer.TokenStream:
        return jinja_lexer.TokenStream(list(_tokens(self, source, state)), name, filename)


ENVIRONMENT = OffsetEnvironment(keep_trailing_newline=True)


def _tokens(environment: Environment, text: str, state: str | None) -> Iterator[jinja_lexer.Token]:
    """Tokens with Positions; raises SyntaxRefusal. Offsets are those of `text`, CRLF included."""
    _refuse_characters(text)
    table = TokenTable(text)
    nesting = _Nesting(table)
    for line, kind, start, end, value in _raw_tokens(environment, text, state):
        if kind in jinja_lexer.ignored_tokens or kind in ("raw_begin", "raw_end"):
            continue
        if kind == "operator":
            kind = jinja_lexer.operators[value]
        elif kind == "data":
            value = value.replace("\r\n", "\n")
        if kind == "string" and table.kind(len(table.places) - 1) == "string":
            raise _side_by_side(table, start, end, in_list=bool(nesting.brackets))
        table.places.append(Place(start, end, kind))
        nesting.see(kind, value)
        position = Position(line, len(table.places) - 1, table)
        yield jinja_lexer.Token(position, kind, _value(kind, value, start, end))


def position_of_text(text: str) -> Position:
    """Of a text that holds no tag, which is one token. Raises SyntaxRefusal."""
    _refuse_characters(text)
    table = TokenTable(text)
    table.places.append(Place(0, len(text), "data"))
    return Position(1, 0, table)


def _raw_tokens(
    environment: Environment, text: str, state: str | None
) -> Iterator[tuple[int, str, int, int, str]]:
    """Jinja's tokens with offsets. Jinja turns CRLF into LF first, so offsets are mapped back."""
    normalised = text.replace("\r\n", "\n")
    shifts = _shifts(text) if "\r" in text else []
    cursor = 0

    def at(offset: int) -> int:
        return offset + bisect_left(shifts, offset)

    try:
        for line, kind, value in environment.lexer.tokeniter(normalised, None, None, state):
            # Only white space before a tag with `-` is dropped from what the lexer yields.
            start = normalised.index(value, cursor)
            cursor = start + len(value)
            yield line, kind, at(start), at(cursor), value
    except TemplateSyntaxError as error:
        raise _lexing_refusal(error.message or "", normalised, cursor, at) from None


def _side_by_side(table: TokenTable, start: int, end: int, *, in_list: bool) -> SyntaxRefusal:
    """`['QC' 'ON']`: Jinja would make one text of the two, without a word."""
    before = table.places[-1]
    first, second = table.text[before.start : before.end], table.text[start:end]
    if in_list:
        message = f"a comma is missing before {second[:40]}"
        return SyntaxRefusal("HB500", message, before.start, end, f"{first}, {second}")
    message = "two texts stand side by side, and nothing says what to do with them"
    return SyntaxRefusal("HB500", message, before.start, end, f"{first} ~ {second}")


def _shifts(text: str) -> list[int]:
    """For each CRLF the offset of its line break in the text with LF only."""
    return [match.start() - count for count, match in enumerate(re.finditer("\r\n", text))]


def _lexing_refusal(message: str, text: str, cursor: int, at: Any) -> SyntaxRefusal:
    if message.startswith("Missing end of"):
        what = "comment" if "comment" in message else "raw block"
        hint = "close it with #}" if what == "comment" else "close it with {% endraw %}"
        return SyntaxRefusal("HB500", f"this {what} never ends", at(cursor), at(cursor) + 1, hint)
    char = text[cursor : cursor + 1]
    half = _half_closed(text, cursor)
    if half is not None:
        message = f"`{half[0]}` is closed with `{half[1]}`"
        return SyntaxRefusal("HB500", message, at(cursor), at(cursor + 1), f"write `{half[1]}`")
    still_open = re.search(r", expected '(.)'", message)
    if still_open is not None:
        message = f"a bracket is still open where `{char}` stands"
        return SyntaxRefusal(
            "HB500", message, at(cursor), at(cursor + 1), f"close it with `{still_open[1]}`"
        )
    known = _UNEXPECTED.get(char) or _UNEXPECTED.get(text[cursor : cursor + 2])
    start, end = at(cursor), at(min(cursor + 1, len(text)))
    if known is not None:
        return SyntaxRefusal("HB500", known[0], start, end, known[1])
    return SyntaxRefusal("HB500", f"`{char}` has no meaning here", start, end)


def _half_closed(text: str, cursor: int) -> tuple[str, str] | None:
    """A single `}` where a hole or a tag is open: (what opened it, what closes it)."""
    if text[cursor : cursor + 1] != "}" or text[cursor : cursor + 2] == "}}":
        return None
    opened, opener = max((text.rfind(sign, 0, cursor), sign) for sign in ("{{", "{%"))
    closer = "}}" if opener == "{{" else "%}"
    if opened < 0 or closer in text[opened:cursor]:
        return None
    return opener, closer


def unclosed_hole(text: str, at: int) -> int | None:
    """Where the `{{` or `{%` stands that is open at `at` and is closed nowhere after it."""
    opened, opener = max((text.rfind(sign, 0, at + 1), sign) for sign in ("{{", "{%"))
    closer = "}}" if opener == "{{" else "%}"
    if opened < 0:
        return None
    stop = min(
        (i for i in (text.find("{{", opened + 2), text.find("{%", opened + 2)) if i >= 0),
        default=len(text),
    )
    return opened if closer not in text[opened:stop] else None


_QUOTE = ("this is a typographic quotation mark: texts stand in straight ones", "' or \"")
_UNEXPECTED: dict[str, tuple[str, str]] = {
    "‘": _QUOTE,
    "’": _QUOTE,
    "“": _QUOTE,
    "”": _QUOTE,
    "'": ("this text never ends", "close it with '"),
    '"': ("this text never ends", 'close it with "'),
    "&": ("`&` has no meaning here", "write `and`"),
    "!": ("`!` has no meaning here", "write `not`, or `!=` for “is not”"),
    "≥": ("`≥` has no meaning here", "write `>=`"),
    "≤": ("`≤` has no meaning here", "write `<=`"),
    "≠": ("`≠` has no meaning here", "write `!=`"),
    "–": ("this is a dash, not a minus sign", "write `-`"),
    "—": ("this is a dash, not a minus sign", "write `-`"),
    "−": ("this is a typographic minus sign", "write `-`"),
    "$": ("`$` has no meaning here", "write the number alone; `| money` adds the currency"),
    ")": ("this `)` closes nothing", "remove it, or open it with `(`"),
    "]": ("this `]` closes nothing", "remove it, or open it with `[`"),
    "}": ("this `}` closes nothing", "remove it"),
}


def _refuse_characters(text: str) -> None:
    for match in _REFUSED_CHARACTERS.finditer(text):
        name = f"U+{ord(match.group()):04X}"
        raise SyntaxRefusal(
            "HB514", f"the character {name} is not allowed", match.start(), match.end(), "remove it"
        )


_REFUSED_CHARACTERS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|\r(?!\n)"
)
_NONCHARACTER = 0xFFFE


def refused_in_text(value: str) -> str | None:
    """The first character that no text may hold (NUL, surrogates, noncharacters), as U+XXXX."""
    for char in value:
        code = ord(char)
        if (
            code == 0
            or 0xD800 <= code <= 0xDFFF
            or 0xFDD0 <= code <= 0xFDEF
            or code & _NONCHARACTER == _NONCHARACTER
        ):
            return f"U+{code:04X}"
    return None


def _value(kind: str, value: str, start: int, end: int) -> Any:
    match kind:
        case "name":
            return _name(value, start, end)
        case "string":
            return _string(value, start, end)
        case "integer":
            return _integer(value, start, end)
        case "float":
            return _decimal(value, start, end)
        case _:
            return value


def _name(value: str, start: int, end: int) -> str:
    if not value.isascii():
        plain = unicodedata.normalize("NFKC", value)
        hint = plain if _NAME.match(plain) else None
        message = f"names are written in plain letters: `{value}` is not"
        raise SyntaxRefusal("HB514", message, start, end, hint)
    if not _NAME.match(value):
        raise SyntaxRefusal("HB500", f"`{value}` is not a name", start, end)
    if value.startswith("_"):
        raise SyntaxRefusal("HB503", "names that start with `_` are not available", start, end)
    return value


def _not_plain(value: str, start: int, end: int) -> SyntaxRefusal:
    """`1e3`, `1_000`, `0x1f`: the same number in digits is the hint, where it is short."""
    hint = None
    if len(value) <= 12:
        digits = value.replace("_", "").lower()
        if digits[:2] in ("0x", "0o", "0b"):
            hint = str(int(digits, 0))
        elif abs(Decimal(digits).adjusted()) <= 12:
            hint = f"{Decimal(digits):f}"
    message = f"write numbers in plain digits: `{value[:40]}` is not"
    return SyntaxRefusal("HB515", message, start, end, hint)


def _integer(value: str, start: int, end: int) -> int:
    if not _PLAIN_INTEGER.match(value):
        raise _not_plain(value, start, end)
    if len(value) > 16 or int(value) > INT_DEFAULT_MAX:
        raise SyntaxRefusal(
            "HB515", f"this number is too large: at most {INT_DEFAULT_MAX:,}", start, end
        )
    return int(value)


def _decimal(value: str, start: int, end: int) -> Decimal:
    if not _PLAIN_DECIMAL.match(value):
        raise _not_plain(value, start, end)
    whole, _, fraction = value.partition(".")
    if len(fraction) > DECIMAL_MAX_SCALE:
        message = f"a number has at most {DECIMAL_MAX_SCALE} digits after the point"
        raise SyntaxRefusal("HB515", message, start, end, f"{whole}.{fraction[:6]}")
    digits = value.replace(".", "").lstrip("0")
    if len(digits) > 16 or int(digits or "0") > INT_DEFAULT_MAX:
        raise SyntaxRefusal("HB515", "this number is too large or too precise", start, end)
    return Decimal(value)


def _string(value: str, start: int, end: int) -> str:
    """The text of a literal, in NFC; a bad escape is refused at its own place."""
    pieces, cursor, body = [], 0, value[1:-1]
    for match in _ESCAPE.finditer(body):
        pieces.append(body[cursor : match.start()])
        cursor = match.end()
        simple, *codes, wrong = match.groups()
        if wrong is not None:
            at = start + 1 + match.start()
            message = f"`{match.group()}` is not an escape"
            raise SyntaxRefusal("HB500", message, at, at + len(match.group()), "\\\\")
        pieces.append(_SIMPLE_ESCAPES[simple] if simple else _character(codes, start, end))
    pieces.append(body[cursor:])
    text = unicodedata.normalize("NFC", "".join(pieces))
    refused = refused_in_text(text)
    if refused is not None:
        raise SyntaxRefusal("HB514", f"a text may not hold the character {refused}", start, end)
    return text


def _character(codes: list[str], start: int, end: int) -> str:
    code = int(next(code for code in codes if code), 16)
    if code > 0x10FFFF:
        raise SyntaxRefusal("HB514", f"there is no character U+{code:X}", start, end)
    return chr(code)


class _Nesting:
    """Counts brackets, blocks and prefix operators before any recursive parser sees them."""

    def __init__(self, table: TokenTable) -> None:
        self.table = table
        self.brackets: list[int] = []
        self.blocks = 0
        self.prefixes = 0
        self.open_set: int | None = None

    def see(self, kind: str, value: str) -> None:
        index = len(self.table.places) - 1
        if kind in _OPENERS:
            self.brackets.append(index)
        elif kind in _CLOSERS and self.brackets:
            opened = self.brackets.pop()
            self.table.partner[opened] = index
            self.table.partner[index] = opened
        self._see_prefix(kind, value)
        self._see_block(kind, value, index)
        if max(len(self.brackets), self.blocks, self.prefixes) > MAX_NESTING:
            place = self.table.places[index]
            message = f"this is nested too deeply: at most {MAX_NESTING} levels"
            raise SyntaxRefusal("HB502", message, place.start, place.end, "split it into parts")

    def _see_prefix(self, kind: str, value: str) -> None:
        is_prefix = kind in ("sub", "add") or (kind == "name" and value == "not")
        self.prefixes = self.prefixes + 1 if is_prefix else 0

    def _see_block(self, kind: str, value: str, index: int) -> None:
        if kind == "assign":
            self.open_set = None
        elif kind == "block_end" and self.open_set is not None:
            self.blocks += 1
            self.open_set = None
        elif kind == "name" and self.table.kind(index - 1) == "block_begin":
            if value in _BLOCKS:
                self.blocks += 1
            elif value == "set":
                self.open_set = index
            elif value.startswith("end"):
                self.blocks = max(0, self.blocks - 1)
