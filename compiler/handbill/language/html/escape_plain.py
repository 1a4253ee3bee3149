"""Templates that are not HTML: a text, one line, one address, a member of a request.

A text and a line take any value, on one line and with nothing in it that cannot be seen; where a link is
written out, a value glued to it is percent-encoded. An address takes values after its host.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from handbill.diagnostics.diagnostic import Diagnostic, SourceRange
from handbill.language.expressions.finite import (
    MAX_PRODUCTS,
    known_products,
    known_texts,
    rewrite_texts,
)
from handbill.language.html.address_holes import address_readings
from handbill.language.html.addresses import is_complete_address, percent_encoded
from handbill.language.html.escaping import (
    before_scheme,
    is_generated_link,
    link_is_not_whole,
    links_in_expressions,
    put_value,
    too_many_alternatives,
    value_in_address,
    value_in_prose,
)
from handbill.language.html.split_holes import split_holes
from handbill.language.html.text_links import read_links
from handbill.language.templates.assembly import merged, operations_of
from handbill.language.templates.draft import Draft, DraftFor, DraftIf, DraftPut, DraftText
from handbill.language.templates.marked import mark_template
from handbill.plan.ir import Escape, Op, Put, Text

_SECOND_LINE = re.compile(r"\n\s*([^\n]*[^\s])")
_SOME_VALUE = "x"
Escaped: TypeAlias = tuple[tuple[Op, ...], tuple[Diagnostic, ...]]


def escape_value(drafts: Sequence[Draft]) -> Escaped:
    """A member of a vendor's request: as it is, for its driver encodes the whole."""
    return operations_of(drafts, lambda draft: put_value(draft.expression, Escape.NONE)), ()


def escape_text_part(drafts: Sequence[Draft]) -> Escaped:
    """Plain text: an SMS, a push message's words."""
    return _escape_prose(drafts, constants=Escape.NONE, values=Escape.PLAIN)


def escape_line(drafts: tuple[Draft, ...]) -> Escaped:
    """One line. The line break at the very end (a block scalar's) is left out."""
    ops, found = _escape_prose(drafts, constants=Escape.HEADER, values=Escape.HEADER)
    if ops and isinstance(ops[-1], Text):
        ops = merged((*ops[:-1], Text(ops[-1].text.rstrip("\n"))))
    marked = mark_template(drafts)
    second = _SECOND_LINE.search(marked.text)
    if second is None:
        return ops, found
    message = "this must be one line, and it goes on in a second"
    hint = "take out the line break, or write `-%}` where a tag ends before it"
    place = marked.place(second.start(1), second.end(1))
    return ops, (Diagnostic("HB572", message, place.range, hint=hint), *found)


def _escape_prose(drafts: Sequence[Draft], constants: Escape, values: Escape) -> Escaped:
    split = split_holes(drafts, choices=True)
    links = read_links(split)
    found = [before_scheme(hole) for hole in links.in_scheme]

    def put(draft: DraftPut) -> Text | Put:
        if known_texts(draft.expression) is not None:
            return put_value(draft.expression, constants)
        escape = value_in_prose(draft, links.at(draft), values)
        if isinstance(escape, Diagnostic):
            found.append(escape)
            return Text("")
        return put_value(draft.expression, escape)

    ops = operations_of(split, put)
    return ops, tuple(dict.fromkeys((*links_in_expressions(split, holes=True), *found)))


def escape_address(drafts: tuple[Draft, ...], whole: SourceRange) -> Escaped:
    """One address: one that is complete whatever is put in, or a generated link. `whole` is its place."""
    split = split_holes(drafts, choices=False)
    straight = [draft for draft in split if isinstance(draft, DraftPut | DraftText)]
    puts = [draft for draft in straight if isinstance(draft, DraftPut)]
    text = "".join(draft.text for draft in straight if isinstance(draft, DraftText))
    if len(puts) == 1 and is_generated_link(puts[0].expression) and not text.strip():
        return (Put(puts[0].expression, Escape.NONE),), ()
    refused = next((found for draft in split if (found := _refused(draft))), None)
    if refused is not None:
        return (), (refused,)
    escapes = _escapes(straight)
    mistakes = [found for found in escapes.values() if isinstance(found, Diagnostic)]
    if mistakes:
        return (), (mistakes[0],)
    addresses = known_products([_constants(draft) for draft in straight])
    if addresses is None:
        return (), (too_many_alternatives(puts[0], MAX_PRODUCTS),)
    for address in addresses:
        if not is_complete_address(address.strip()):
            message = f"`{address.strip()}` is not a complete address"
            return (), (Diagnostic("HB573", message, whole, hint="https://…"),)

    def put(draft: DraftPut) -> Text | Put:
        escape = escapes.get(id(draft))
        if isinstance(escape, Escape):
            return put_value(draft.expression, escape)
        return put_value(rewrite_texts(draft.expression, percent_encoded), Escape.NONE)

    return _stripped(operations_of(straight, put)), ()


def _escapes(pieces: Sequence[DraftPut | DraftText]) -> dict[int, Escape | Diagnostic]:
    """The escape of every value in an address, by its hole's identity."""
    parts = [piece.text if isinstance(piece, DraftText) else piece.expression for piece in pieces]
    return {
        id(piece): value_in_address(piece, readings)
        for piece, readings in zip(pieces, address_readings(parts), strict=True)
        if isinstance(piece, DraftPut) and known_texts(piece.expression) is None
    }


def _refused(draft: Draft) -> Diagnostic | None:
    match draft:
        case DraftIf() | DraftFor():
            message = "an address cannot have `if` or `for` in it"
            hint = "{{ 'https://…' if … else 'https://…' }}"
            return Diagnostic("HB573", message, draft.place.range, hint=hint)
        case DraftPut(expression=expression) if is_generated_link(expression):
            return link_is_not_whole(draft)
        case _:
            return None


def _constants(draft: DraftPut | DraftText) -> tuple[str, ...]:
    if isinstance(draft, DraftText):
        return (draft.text,)
    if known_texts(draft.expression) is None:
        return (_SOME_VALUE,)
    return known_texts(rewrite_texts(draft.expression, percent_encoded)) or ()


def _stripped(ops: tuple[Op, ...]) -> tuple[Op, ...]:
    result = list(ops)
    if result and isinstance(result[0], Text):
        result[0] = Text(result[0].text.lstrip())
    if result and isinstance(result[-1], Text):
        result[-1] = Text(result[-1].text.rstrip())
    return merged(result)
