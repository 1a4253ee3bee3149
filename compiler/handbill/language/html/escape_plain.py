"""Templates that are not HTML: a text, one line, one address.

Plain text takes any value as it is. A line takes any value without its line breaks. An address takes
constants, or one generated link as the whole.
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
from handbill.language.html.addresses import is_complete_address, percent_encoded
from handbill.language.html.escaping import (
    is_generated_link,
    link_is_not_whole,
    put_value,
    too_many_alternatives,
    value_in_address,
)
from handbill.language.templates.assembly import merged, operations_of
from handbill.language.templates.draft import Draft, DraftFor, DraftIf, DraftPut, DraftText
from handbill.language.templates.marked import mark_template
from handbill.plan.ir import Escape, Op, Put, Text

_SECOND_LINE = re.compile(r"\n\s*([^\n]*[^\s])")
Escaped: TypeAlias = tuple[tuple[Op, ...], tuple[Diagnostic, ...]]


def escape_text_part(drafts: Sequence[Draft]) -> Escaped:
    """Plain text: values as they are."""
    return operations_of(drafts, lambda draft: put_value(draft.expression, Escape.NONE)), ()


def escape_line(drafts: tuple[Draft, ...]) -> Escaped:
    """One line. The line break at the very end (a block scalar's) is left out."""
    ops = operations_of(drafts, lambda draft: put_value(draft.expression, Escape.HEADER))
    if ops and isinstance(ops[-1], Text):
        ops = merged((*ops[:-1], Text(ops[-1].text.rstrip("\n"))))
    marked = mark_template(drafts)
    second = _SECOND_LINE.search(marked.text)
    if second is None:
        return ops, ()
    message = "this must be one line, and it goes on in a second"
    hint = "take out the line break, or write `-%}` where a tag ends before it"
    place = marked.place(second.start(1), second.end(1))
    return ops, (Diagnostic("HB572", message, place.range, hint=hint),)


def escape_address(drafts: tuple[Draft, ...], whole: SourceRange) -> Escaped:
    """One address: constants that make a complete one, or a generated link. `whole` is its place."""
    straight = [draft for draft in drafts if isinstance(draft, DraftPut | DraftText)]
    puts = [draft for draft in straight if isinstance(draft, DraftPut)]
    text = "".join(draft.text for draft in straight if isinstance(draft, DraftText))
    if len(puts) == 1 and is_generated_link(puts[0].expression) and not text.strip():
        return (Put(puts[0].expression, Escape.NONE),), ()
    refused = next((found for draft in drafts if (found := _refused(draft))), None)
    if refused is not None:
        return (), (refused,)
    parts = [_constants(draft) for draft in straight]
    addresses = known_products(parts)
    if addresses is None:
        return (), (too_many_alternatives(puts[0], MAX_PRODUCTS),)
    for address in addresses:
        if not is_complete_address(address.strip()):
            message = f"`{address.strip()}` is not a complete address"
            return (), (Diagnostic("HB573", message, whole, hint="https://…"),)
    return _stripped(operations_of(straight, _constant_put)), ()


def _refused(draft: Draft) -> Diagnostic | None:
    match draft:
        case DraftIf() | DraftFor():
            message = "an address cannot have `if` or `for` in it"
            hint = "{{ 'https://…' if … else 'https://…' }}"
            return Diagnostic("HB573", message, draft.place.range, hint=hint)
        case DraftPut(expression=expression) if is_generated_link(expression):
            return link_is_not_whole(draft)
        case DraftPut(expression=expression) if known_texts(expression) is None:
            return value_in_address(draft)
        case _:
            return None


def _constants(draft: DraftPut | DraftText) -> tuple[str, ...]:
    if isinstance(draft, DraftText):
        return (draft.text,)
    return known_texts(rewrite_texts(draft.expression, percent_encoded)) or ()


def _constant_put(draft: DraftPut) -> Text | Put:
    return put_value(rewrite_texts(draft.expression, percent_encoded), Escape.NONE)


def _stripped(ops: tuple[Op, ...]) -> tuple[Op, ...]:
    result = list(ops)
    if result and isinstance(result[0], Text):
        result[0] = Text(result[0].text.lstrip())
    if result and isinstance(result[-1], Text):
        result[-1] = Text(result[-1].text.rstrip())
    return merged(result)
