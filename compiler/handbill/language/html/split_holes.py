"""Holes that write several things one after another, as several holes.

`{{ brand.site ~ '/p/' ~ customer.id }}` is the same as `{{ brand.site }}/p/{{ customer.id }}`, and is
escaped like it: what of an address is the author's, and what a customer's, is seen hole by hole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from msgspec.structs import replace

from handbill.language.expressions.finite import known_texts
from handbill.language.html.address_reading import MAX_READINGS, START, Part, in_prose
from handbill.language.templates.draft import (
    Draft,
    DraftBranch,
    DraftFor,
    DraftIf,
    DraftPut,
    DraftSet,
    DraftText,
)
from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Member, Operation
from handbill.plan.types import BoolType


def split_holes(drafts: Sequence[Draft], *, choices: bool) -> tuple[Draft, ...]:
    """The same drafts with every hole split. With `choices` those that put a link together in a
    branch of an expression become an `if`; not in HTML, where a tag may be around them."""
    return tuple(piece for draft in drafts for piece in _split(draft, choices))


def hides_link(expression: Expression) -> bool:
    """Whether a link is put together with a value inside the expression, where nobody can escape it."""
    pending = [expression]
    while pending:
        each = pending.pop()
        if isinstance(each, Call) and each.operation is Operation.CONCAT and _joins_link(each):
            return True
        pending += _parts_of(each)
    return False


def _joins_link(concat: Call) -> bool:
    readings = {START}
    for part in concat.arguments:
        texts = known_texts(part)
        if texts is not None:
            readings = {in_prose(reading, text) for reading in readings for text in texts}
            if len(readings) > MAX_READINGS:
                return True
        elif any(reading.part is not Part.NONE for reading in readings):
            return True
        else:
            readings = {START, *(in_prose(START, text) for text in _constants(part))}
    return False


def _constants(expression: Expression) -> Iterator[str]:
    if isinstance(expression, Const) and isinstance(expression.value, str):
        yield expression.value
    for part in _parts_of(expression):
        yield from _constants(part)


def _parts_of(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Call(arguments=parts):
            return parts
        case Each(items=items, body=body):
            return (items, body)
        case Member(of=of):
            return (of,)
        case Const() | Field() | Local():
            return ()
        case _:
            assert_never(expression)


def _split(draft: Draft, choices: bool) -> Iterator[Draft]:
    match draft:
        case DraftPut():
            yield from _split_hole(draft, choices)
        case DraftIf(branches=branches, otherwise=otherwise, place=place):
            ways = tuple(
                DraftBranch(each.condition, split_holes(each.body, choices=choices), each.place)
                for each in branches
            )
            yield DraftIf(ways, split_holes(otherwise, choices=choices), place)
        case DraftFor(body=body, otherwise=otherwise):
            yield replace(
                draft,
                body=split_holes(body, choices=choices),
                otherwise=split_holes(otherwise, choices=choices),
            )
        case DraftText() | DraftSet():
            yield draft
        case _:
            assert_never(draft)


def _split_hole(hole: DraftPut, choices: bool) -> Iterator[Draft]:
    match hole.expression:
        case Call(operation=Operation.CONCAT, arguments=parts):
            for part in parts:
                yield from _split_hole(DraftPut(part, hole.place), choices)
        case Call(operation=Operation.IF, arguments=(condition, then, otherwise)) as choice if (
            choices and hides_link(choice)
        ):
            yield _either(hole, condition, then, otherwise)
        case Call(operation=Operation.DEFAULT, arguments=(value, fallback)) as choice if (
            choices and hides_link(choice)
        ):
            there = Call(Operation.IS_DEFINED, (value,), BoolType())
            yield _either(hole, there, value, fallback)
        case _:
            yield DraftPut(hole.expression, hole.place)  # an object of its own, wherever it stands


def _either(
    hole: DraftPut, condition: Expression, then: Expression, otherwise: Expression
) -> DraftIf:
    bodies = [tuple(_split_hole(DraftPut(each, hole.place), True)) for each in (then, otherwise)]
    return DraftIf((DraftBranch(condition, bodies[0], hole.place),), bodies[1], hole.place)
