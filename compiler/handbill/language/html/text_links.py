"""Links that are written out in a text: which holes belong to one, and to which host it leads.

Programs that show a text make links of what looks like one, so a value glued to `https://…` is part of
it. The template is walked as it can be written: through every branch, and through a loop as often as it
takes until nothing new is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import assert_never

import msgspec
from msgspec.structs import replace

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
from handbill.language.html.contexts import scan_html
from handbill.language.html.escaping import is_generated_link
from handbill.language.html.findings import Surroundings
from handbill.language.templates.draft import (
    Draft,
    DraftFor,
    DraftIf,
    DraftPut,
    DraftSet,
    DraftText,
    Place,
    holes_of,
)
from handbill.language.templates.marked import MarkedTemplate, mark_template

Readings = frozenset[Reading]
_BEGINS_LINK = re.compile(r"[a-z0-9+.-]*://|www\.", re.IGNORECASE)
_ENTITY = re.compile(r"&(?!amp;)#?\w{1,31};?")


@dataclass(slots=True)
class TextLinks:
    """What was found. `readings` are those at each hole, by its identity."""

    readings: dict[int, Readings] = field(default_factory=dict)
    in_scheme: list[DraftPut] = field(default_factory=list)
    """Holes right before a literal `…://`, whose value would decide what that is."""

    def at(self, hole: DraftPut) -> Readings:
        return self.readings[id(hole)]


class LinkWithValue(msgspec.Struct, frozen=True):
    """A link in a text to `host` that a customer's value is part of; `place` is the hole's."""

    host: str
    place: Place


def read_links(drafts: Sequence[Draft], *, html: bool = False) -> TextLinks:
    """Of a text, or of the text in an HTML template, where tags and references end a link."""
    walk = _Walk(html)
    walk.body(drafts, frozenset({START}))
    return walk.found


def links_with_values(drafts: Sequence[Draft], *, html: bool = False) -> tuple[LinkWithValue, ...]:
    """The links in a text that hold values, each host once per hole; `drafts` are of split holes."""
    found = read_links(drafts, html=html)
    return leading_links(found, drafts, mark_template(tuple(drafts)) if html else None)


def leading_links(
    found: TextLinks, drafts: Sequence[Draft], html: MarkedTemplate | None
) -> tuple[LinkWithValue, ...]:
    """The same of links that were read; `html`: how the drafts were marked, where they are HTML."""
    links: dict[LinkWithValue, None] = {}
    holes = [hole for hole in holes_of(drafts) if any(map(_leads, found.at(hole)))]
    for hole in _in_text(holes, html) if html is not None and holes else holes:
        if known_texts(hole.expression) is None:
            for reading in sorted(filter(_leads, found.at(hole)), key=repr):
                links[LinkWithValue(reading.host, hole.place)] = None
    return tuple(links)


def _leads(reading: Reading) -> bool:
    return bool(reading.host) and reading.part in (Part.PATH, Part.QUERY)


def _in_text(holes: Iterable[DraftPut], marked: MarkedTemplate) -> Iterator[DraftPut]:
    """Those of the holes that do not stand in a tag: addresses in attributes are judged there."""
    scan = scan_html(marked.text, marked.prefix)
    numbers = {id(draft): number for number, draft in enumerate(marked.marks)}
    for hole in holes:
        if scan.holes[numbers[id(hole)]].surroundings is Surroundings.TEXT:
            yield hole


class _Walk:
    def __init__(self, html: bool) -> None:
        self.html = html
        self.found = TextLinks()
        self.holes: dict[int, DraftPut] = {}

    def body(self, drafts: Sequence[Draft], before: Readings) -> Readings:
        for draft in drafts:
            before = self._after(draft, before)
        return before

    def _after(self, draft: Draft, before: Readings) -> Readings:
        match draft:
            case DraftText(text=text):
                return self._literal((text,), before)
            case DraftPut():
                return self._hole(draft, before)
            case DraftSet():
                return before
            case DraftIf(branches=branches, otherwise=otherwise):
                ways = [self.body(branch.body, before) for branch in branches]
                return _joined(*ways, self.body(otherwise, before))
            case DraftFor(body=body, otherwise=otherwise):
                after = self._rounds(body, before)
                return _joined(after, self.body(otherwise, before))
            case _:
                assert_never(draft)

    def _rounds(self, body: Sequence[Draft], before: Readings) -> Readings:
        while True:
            after = self.body(body, before)
            if after <= before:
                return after
            before = _joined(before, after)

    def _literal(self, texts: Sequence[str], before: Readings) -> Readings:
        if len(before) == len(texts) == 1:
            (reading,) = before
            if reading.glued is None:
                return _after_text(reading, texts[0], self.html)
        if self.html:
            texts = [_ENTITY.sub(" ", text) for text in texts]
        for reading in before:
            if reading.glued is not None:
                self._scheme_after(self.holes[reading.glued], reading.text, texts)
        return _each(before, lambda reading: [in_prose(reading, text) for text in texts])

    def _scheme_after(self, hole: DraftPut, written: str, texts: Sequence[str]) -> None:
        begins = any(_BEGINS_LINK.match(written + text) for text in texts)
        if begins and hole not in self.found.in_scheme:
            self.found.in_scheme.append(hole)

    def _hole(self, hole: DraftPut, before: Readings) -> Readings:
        known = before | self.found.readings.get(id(hole), frozenset())
        self.found.readings[id(hole)] = known
        texts = known_texts(hole.expression)
        if texts is not None:
            return self._literal(texts, before)
        whole = is_generated_link(hole.expression)
        self.holes[id(hole)] = hole
        return _each(before, lambda reading: [_after_hole(reading, id(hole), whole)])


@lru_cache(maxsize=4096)
def _after_text(reading: Reading, text: str, html: bool) -> Readings:
    """Remembered: nearly all texts of a mail are its layout's."""
    return frozenset({in_prose(reading, _ENTITY.sub(" ", text) if html else text)})


def _after_hole(reading: Reading, number: int, whole: bool) -> Reading:
    if whole and reading.part is Part.NONE:
        return after_whole_address()
    return after_value(reading, number, prose=True)


def _each(before: Readings, after: Callable[[Reading], Iterable[Reading]]) -> Readings:
    return _joined(frozenset(one for reading in before for one in after(reading)))


def _joined(*ways: Readings) -> Readings:
    """All of the ways, or MANY in place of too many; what no address stands for is forgotten first."""
    together = frozenset().union(*ways)
    if len(together) > MAX_READINGS:
        together = frozenset(replace(reading, glued=None) for reading in together)
    return together if len(together) <= MAX_READINGS else frozenset({MANY})
