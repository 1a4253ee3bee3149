"""HTML templates: each hole gets the escape of where it stands, or a refusal with its reason.

Any value may stand in an element's text and in a plain attribute; in an address after its host, percent-
encoded; constants in styles and technical attributes too; nothing in code, names or comments. A link that
is written out in the text counts as one: programs make it one.
"""

from __future__ import annotations

import re
from typing import assert_never

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.language.expressions.finite import known_products, known_texts, rewrite_texts
from handbill.language.html.address_holes import address_readings
from handbill.language.html.address_reading import MANY, Reading
from handbill.language.html.addresses import is_style_value, percent_encoded, refused_scheme
from handbill.language.html.attributes import takes_values_in_address
from handbill.language.html.contexts import scan_html
from handbill.language.html.escaping import (
    before_scheme,
    is_generated_link,
    link_is_not_whole,
    links_in_expressions,
    open_put,
    value_in_address,
    value_in_prose,
)
from handbill.language.html.findings import Address, Hole, Scan, Surroundings
from handbill.language.html.problems import (
    explain_problem,
    independent,
    refused_place,
    several_addresses,
)
from handbill.language.html.split_holes import split_holes
from handbill.language.html.text_links import TextLinks, read_links
from handbill.language.templates.assembly import open_operations
from handbill.language.templates.draft import Draft, DraftPut
from handbill.language.templates.marked import MarkedTemplate, mark_pattern, mark_template
from handbill.plan.ir import Escape, Expression, Op, Put, Text


def escape_html(drafts: tuple[Draft, ...]) -> tuple[tuple[Op, ...], tuple[Diagnostic, ...]]:
    """The operations, with constants kept apart (`assembly.closed`), and what is wrong, in the order
    of the files."""
    drafts = split_holes(drafts, choices=False)
    return escape_marked(drafts, mark_template(drafts), read_links(drafts, html=True))


def escape_marked(
    drafts: tuple[Draft, ...], marked: MarkedTemplate, links: TextLinks
) -> tuple[tuple[Op, ...], tuple[Diagnostic, ...]]:
    """The same of drafts whose holes are split, which were marked so, and whose links were read."""
    scan = scan_html(marked.text, marked.prefix)
    placing = _Placing(marked, scan, links)
    ops = open_operations(drafts, placing.put)
    problems = [explain_problem(problem, marked) for problem in independent(scan.problems, marked)]
    addresses = [found for item in scan.addresses if (found := placing.check_address(item))]
    in_values = [*links_in_expressions(drafts, holes=False), *placing.before_schemes()]
    diagnostics = dict.fromkeys([*problems, *placing.diagnostics, *addresses, *in_values])
    return ops, tuple(sorted(diagnostics, key=lambda item: item.range or _NOWHERE))


_NOWHERE = SourceRange("", 0, 0, 0, 0)


class _Placing:
    """Turns holes into operations one by one, in the order of their marks."""

    def __init__(self, marked: MarkedTemplate, scan: Scan, links: TextLinks) -> None:
        self.marked, self.scan, self.links = marked, scan, links
        self.diagnostics: list[Diagnostic] = []
        self.addresses: dict[str, list[frozenset[Reading]]] = {}
        self.numbers = {id(draft): number for number, draft in enumerate(marked.marks)}

    def put(self, draft: DraftPut) -> Text | Put:
        hole = self._hole(draft)
        match hole.surroundings:
            case Surroundings.TEXT:
                return self._text(draft)
            case Surroundings.ATTRIBUTE:
                return open_put(draft.expression, Escape.HTML_ATTRIBUTE)
            case Surroundings.URL:
                return self._address(draft, hole)
            case Surroundings.STYLE_ATTRIBUTE:
                return self._style(draft, hole, Escape.HTML_ATTRIBUTE)
            case Surroundings.STYLE_ELEMENT:
                return self._style(draft, hole, Escape.NONE)
            case Surroundings.SETTING:
                if known_texts(draft.expression) is None:
                    return self._refuse(refused_place(draft, hole))
                return open_put(draft.expression, Escape.HTML_ATTRIBUTE)
            case Surroundings.SINGLE_QUOTED | Surroundings.UNQUOTED:
                return self._refuse(refused_place(draft, hole, self._as_written(hole.value)))
            case (
                Surroundings.CODE
                | Surroundings.ATTRIBUTE_NAME
                | Surroundings.TAG_NAME
                | Surroundings.COMMENT
                | Surroundings.SCRIPT
                | Surroundings.RAW_TEXT
                | Surroundings.UNFINISHED
            ):
                return self._refuse(refused_place(draft, hole))
            case _:
                assert_never(hole.surroundings)

    def _hole(self, draft: DraftPut) -> Hole:
        return self.scan.holes[self.numbers[id(draft)]]

    def _text(self, draft: DraftPut) -> Text | Put:
        if known_texts(draft.expression) is not None:
            return open_put(draft.expression, Escape.HTML_TEXT)
        escape = value_in_prose(draft, self.links.at(draft), Escape.HTML_TEXT)
        if isinstance(escape, Diagnostic):
            return self._refuse(escape)
        return open_put(draft.expression, escape)

    def before_schemes(self) -> list[Diagnostic]:
        found = self.links.in_scheme
        return [
            before_scheme(hole)
            for hole in found
            if self._hole(hole).surroundings is Surroundings.TEXT
        ]

    def _as_written(self, value: str) -> str:
        """An attribute's value with its holes in the place of their marks."""

        def hole(mark: re.Match[str]) -> str:
            return f"{{{{ {self.marked.marks[int(mark[1])].place.text} }}}}"

        return mark_pattern(self.marked.prefix).sub(hole, value)

    def check_address(self, address: Address) -> Diagnostic | None:
        """The addresses that an attribute can become: none may have a scheme that runs code."""
        texts = self._address_texts(address)
        if texts is None:
            return None
        for text in texts:
            scheme = refused_scheme(text)
            if scheme is not None:
                place = self.marked.place(address.start, address.end)
                message = f"`{scheme}:` cannot stand in `{address.attribute}` of a mail"
                return Diagnostic("HB575", message, place.range, hint="https://…")
        return None

    def _address_texts(self, address: Address) -> tuple[str, ...] | None:
        parts: list[tuple[str, ...]] = []
        cursor = 0
        for match in mark_pattern(self.marked.prefix).finditer(address.value):
            draft = self.marked.marks[int(match[1])]
            known = known_texts(draft.expression) if isinstance(draft, DraftPut) else None
            if known is None or not isinstance(draft, DraftPut):
                return None  # refused elsewhere, or a generated link
            parts += [(address.value[cursor : match.start()],), known]
            cursor = match.end()
        parts.append((address.value[cursor:],))
        return known_products(parts)

    def _address(self, draft: DraftPut, hole: Hole) -> Text | Put:
        if is_generated_link(draft.expression):
            if mark_pattern(self.marked.prefix).fullmatch(hole.value.strip()) is None:
                return self._refuse(link_is_not_whole(draft))
            return Put(draft.expression, Escape.HTML_ATTRIBUTE)
        if known_texts(draft.expression) is not None:
            encoded = rewrite_texts(draft.expression, percent_encoded)
            return open_put(encoded, Escape.HTML_ATTRIBUTE)
        if not takes_values_in_address(hole.attribute, hole.element):
            return self._refuse(several_addresses(draft, hole))
        escape = value_in_address(draft, self._readings(hole))
        if isinstance(escape, Diagnostic):
            return self._refuse(escape)
        return open_put(draft.expression, escape)

    def _readings(self, hole: Hole) -> frozenset[Reading]:
        """How the address around a hole can have been read up to it."""
        if hole.nth < 0:
            return frozenset({MANY})
        if hole.value not in self.addresses:
            self.addresses[hole.value] = self._read_address(hole.value)
        return self.addresses[hole.value][hole.nth]

    def _read_address(self, value: str) -> list[frozenset[Reading]]:
        """The readings at each of an address's holes."""
        parts: list[str | Expression] = []
        cursor = 0
        for match in mark_pattern(self.marked.prefix).finditer(value):
            mark = self.marked.marks[int(match[1])]
            parts.append(value[cursor : match.start()])
            parts.append(mark.expression if isinstance(mark, DraftPut) else "")
            cursor = match.end()
        return address_readings(parts)[1::2]

    def _style(self, draft: DraftPut, hole: Hole, escape: Escape) -> Text | Put:
        known = known_texts(draft.expression)
        if known is None:
            return self._refuse(refused_place(draft, hole))
        for text in known:
            if not is_style_value(text):
                message = f"`{draft.place.text}` is `{text}` here, which is no plain CSS value"
                hint = "a colour (#1a7f37), a size (16px) or a list of fonts"
                return self._refuse(Diagnostic("HB574", message, draft.place.range, hint=hint))
        return open_put(draft.expression, escape)

    def _refuse(self, diagnostic: Diagnostic) -> Text:
        self.diagnostics.append(diagnostic)
        return Text("")
