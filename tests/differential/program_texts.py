"""Texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nasty_values import STRINGS
from program_lists import values
from program_parts import TEXT, Facts, Maker, O, call, integer, text

from handbill.plan.ir import Expression, Operation
from handbill.plan.types import EnumType, StringType

if TYPE_CHECKING:
    from program_generator import Generator


def make_concat(g: Generator, depth: int, facts: Facts) -> Expression:
    parts = [g.text(depth, facts) for _ in range(g.random.choice((2, 2, 3)))]
    return call(O.CONCAT, TEXT, *parts)


def make_int_text(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.INT_TEXT, TEXT, g.int(depth, facts))


def make_decimal_text(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.DECIMAL_TEXT, TEXT, g.int(depth, facts), integer(g.random.choice((0, 1, 2, 6))))


def make_grouped_text(g: Generator, depth: int, facts: Facts) -> Expression:
    scale = integer(g.random.choice((0, 2, 3)))
    point, group = g.random.choice(
        ((".", ","), (",", "."), (",", "\u202f"), ("'", "{}"), (".", ""))
    )
    beyond = g.random.choice(((), (integer(2),)))
    return call(O.GROUPED_TEXT, TEXT, g.int(depth, facts), scale, text(point), text(group), *beyond)


def make_truncate(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(
        O.TRUNCATE, TEXT, g.text(depth, facts), integer(g.random.choice((1, 2, 3, 5, 39, 40)))
    )


def one_text(operation: Operation) -> Maker:
    def make(g: Generator, depth: int, facts: Facts) -> Expression:
        return call(operation, TEXT, g.text(depth, facts))

    return make


def make_replace(g: Generator, depth: int, facts: Facts) -> Expression:
    old = g.random.choice(("a", " ", "é", "aa", "'", "%", "\\", "n", "x", "👨"))
    new = g.random.choice(("", "b", "aa", "''", "\\1", "👧", "{}"))
    return call(O.REPLACE, TEXT, g.text(depth, facts), text(old), text(new))


def make_choose(g: Generator, depth: int, facts: Facts) -> Expression:
    choices = [text(f"{n}-{g.random.choice(STRINGS)}") for n in range(12)]
    return call(O.CHOOSE, TEXT, g.named("month"), *choices)


def make_default_text(g: Generator, depth: int, facts: Facts) -> Expression:
    if g.random.random() < 0.3:
        either = call(
            O.IF, TEXT, g.bool(depth, facts), g.named("maybe_name"), first_text(g, depth, facts)
        )
        return call(O.DEFAULT, TEXT, either, g.text(depth, facts))
    return call(
        O.DEFAULT, TEXT, g.optional_value(depth, facts, StringType, EnumType), g.text(depth, facts)
    )


def first_text(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.FIRST, TEXT, g.list(depth, facts))


def make_join(g: Generator, depth: int, facts: Facts) -> Expression:
    separator = text(g.random.choice(("", ", ", "'", "é")))
    return call(O.JOIN, TEXT, values(g, "text", depth, facts), separator)
