"""Links that are written out in a text, and so are made links of by the program that shows it.

The operations of a text are walked as they can be written, through every branch and every choice; of each
link as much is known as tells where it leads. What counts as a link: `http://…`, `https://…`, `www.…`, and a
domain with a path behind it (`bit.ly/abc`), which phones take for one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import assert_never

from handbill.language.expressions.finite import known_texts
from handbill.language.html.address_reading import (
    MANY,
    MAX_READINGS,
    START,
    Part,
    Reading,
    after_value,
    after_whole_address,
    in_prose,
)
from handbill.language.html.escaping import is_generated_link
from handbill.lower.addresses import Refused, refused_address
from handbill.plan.ir import Call, Expression, For, If, Local, Op, Operation, Put, Set, Text

Readings = frozenset[Reading]
Names = Mapping[str, Expression]
_WIDE_DOTS = str.maketrans(dict.fromkeys("。．｡", "\x7f"))
"""Dots of other scripts, which some programs take for a dot of a domain, and others for its end."""
_END = re.compile(r'[\s<>"{}|^`]|[^\x00-\x7f\w]')
_AFTER_LINK = ".,;:!?'*)]\x7f"
"""What ends a sentence or a bracket, not a link."""
_BARE = re.compile(r"(?<![\w@.:/-])((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})/")
_WEB = ("https", "http")
_STARTED = frozenset({START})
_LINK = re.compile(r"[:/\\\x7f]|www", re.IGNORECASE)
"""Without one of these no link begins, not even one that goes on in the next text."""
_MANY = Refused(
    "HB612",
    "a link here can lead to more hosts than can be told apart",
    "write its address out up to the / behind the host",
)


def refused_in_text(ops: tuple[Op, ...], domains: Collection[str]) -> tuple[Refused, ...]:
    """The links in a text that may not be in it, each host once."""
    return _refused_in_text(ops, tuple(domains))


@lru_cache(maxsize=256)
def _refused_in_text(ops: tuple[Op, ...], domains: tuple[str, ...]) -> tuple[Refused, ...]:
    """Remembered: variants share their texts, and of a mail that is edited most stay."""
    walk = _Walk()
    walk.end(walk.body(ops, frozenset({START}), {}))
    found = [refused_address(each, domains, picture=False) for each in walk.found]
    refused = [each for each in found if each is not None]
    return (*refused, *([_MANY] if walk.too_many else ()))


class _Walk:
    """`found` are the addresses, up to the host."""

    def __init__(self) -> None:
        self.found: dict[str, None] = {}
        self.too_many = False

    def body(self, ops: Sequence[Op], before: Readings, names: Names) -> Readings:
        for op in ops:
            match op:
                case Text(text=text):
                    before = self._literal((text,), before)
                case Put(expression=expression):
                    before = self._hole(expression, before, names)
                case Set(name=name, expression=expression):
                    names = {**names, name: expression}
                case If(branches=branches, otherwise=otherwise):
                    bodies = [*(branch.body for branch in branches), otherwise]
                    before = self._joined([self.body(each, before, names) for each in bodies])
                case For(body=body, otherwise=otherwise):
                    rounds = self._rounds(body, before, names)
                    before = self._joined([rounds, self.body(otherwise, before, names)])
                case _:
                    assert_never(op)
        return before

    def _rounds(self, body: Sequence[Op], before: Readings, names: Names) -> Readings:
        while True:
            after = self.body(body, before, names)
            if after <= before:
                return after
            before = self._joined([before, after])

    def end(self, readings: Iterable[Reading]) -> None:
        """Nothing of a link follows."""
        for reading in readings:
            address = _address(reading)
            if address is not None:
                self.found[address] = None

    # ── pieces ───────────────────────────────────────────────────────────────────────────────────

    def _literal(self, texts: Sequence[str], before: Readings) -> Readings:
        return self._joined([self._text(text.translate(_WIDE_DOTS), before) for text in texts])

    def _text(self, text: str, before: Readings) -> Readings:
        if before == _STARTED and _LINK.search(text) is None:
            return frozenset({in_prose(START, text)})
        first, *further = _END.split(text)
        after = frozenset(in_prose(reading, first) for reading in before)
        if START in before:
            self._bare(first)
        for piece in further:
            self.end(after)
            after = frozenset({in_prose(START, piece)})
            self._bare(piece)
        return after

    def _bare(self, piece: str) -> None:
        lowered = piece.lower()
        if "//" not in lowered and not lowered.startswith("mailto:"):
            for found in _BARE.finditer(lowered):
                self.found[f"https://{found[1]}/"] = None

    def _hole(self, expression: Expression, before: Readings, names: Names) -> Readings:
        texts = known_texts(expression)
        if texts is not None:
            return self._literal(texts, before)
        match expression:
            case Call(operation=Operation.CONCAT, arguments=parts):
                for part in parts:
                    before = self._hole(part, before, names)
                return before
            case Call(operation=Operation.IF, arguments=(_, *ways)):
                return self._joined([self._hole(way, before, names) for way in ways])
            case Call(operation=Operation.DEFAULT, arguments=ways):
                return self._joined([self._hole(way, before, names) for way in ways])
            case Local(name=name) if name in names:
                outer = {each: value for each, value in names.items() if each != name}
                return self._hole(names[name], before, outer)
            case _:
                whole = is_generated_link(expression)
                return frozenset(_after_value(reading, whole) for reading in before)

    def _joined(self, ways: Iterable[Readings]) -> Readings:
        together: Readings = frozenset().union(*ways)
        if len(together) <= MAX_READINGS:
            return together
        in_host = [each for each in together if each.part is Part.HOST]
        self.too_many = self.too_many or bool(in_host)
        self.end(together.difference(in_host))
        return frozenset({MANY})


def _after_value(reading: Reading, whole: bool) -> Reading:
    if whole and reading.part is Part.NONE:
        return after_whole_address()
    return after_value(reading, 0, prose=True)


def _address(reading: Reading) -> str | None:
    """A web link of which at least the host is written; its scheme and host."""
    if reading.scheme not in _WEB:
        return None
    host = reading.host
    if reading.part is Part.HOST:
        host = reading.text.rstrip(_AFTER_LINK)
    if host in ("", "/") or (reading.part is Part.HOST and host == "www"):
        return None
    return f"{reading.scheme}://{host}/".replace("\x7f", "。")
