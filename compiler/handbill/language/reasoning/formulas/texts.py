"""Operations on texts: exact on known texts, the solver's own where it has them, else unknown functions.

An unknown function (LOWER, TRIM, a number's digits) is only known to give one result for one argument,
and what `facts` say of it. Each use is noted, so that its true result can be taught where an example
turns on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import z3

from handbill.language.reasoning.formulas.terms import (
    MAX_CHOICES,
    Choice,
    Formula,
    as_string,
    both,
    exclusive,
    formula,
    is_one_of,
    string_value,
)
from handbill.plan.ir import Operation
from handbill.plan.operations import ELLIPSIS, apply

Extra = tuple[int | str, ...]
"""Constant operands after the first."""

_SAME_LENGTH = frozenset([Operation.LOWER, Operation.UPPER, Operation.TITLE])
"""One character for one: plan/cases.py."""


@dataclass(frozen=True)
class Use:
    """One application of an unknown function: `result` stands for `body(argument)`."""

    argument: Formula
    result: Formula
    body: Callable[[Any], str]


class Texts:
    """`facts` is what must hold of every function that was used; `uses` are its applications."""

    def __init__(self, facts: list[Formula]) -> None:
        self._facts = facts
        self.uses: list[Use] = []

    def unknown(self, operation: Operation, argument: Any, extra: Extra = ()) -> Formula:
        """The result of an operation on a text or a number that the solver cannot compute."""
        given = as_string(argument) if not z3.is_int(argument) else argument
        name = ":".join([operation.value, *map(repr, extra)])
        function = z3.Function(name, given.sort(), z3.StringSort())
        result = function(given)
        use = Use(given, result, lambda value: str(apply(operation, (value, *extra))))
        if all(not each.result.eq(result) for each in self.uses):
            self.uses.append(use)
            if operation in _SAME_LENGTH:
                self._facts.append(z3.Length(result) == z3.Length(given))
            if operation is Operation.TRIM:
                self._facts.append(z3.Contains(given, result))
        return result


# ── known texts ──────────────────────────────────────────────────────────────────────────────────


def on_choices(operation: Operation, operands: Sequence[Any], extra: Extra = ()) -> Any | None:
    """The result where every operand is one of few texts, computed by the operation's own body.

    A Formula for a condition or a number, a Choice for a text; None where there are too many.
    """
    if not operands or not all(isinstance(each, Choice) for each in operands):
        return None
    if prod(len(each.options) for each in operands) > MAX_CHOICES:
        return None
    results = [
        (both(*(when for when, _ in way)), apply(operation, (*(text for _, text in way), *extra)))
        for way in product(*(exclusive(each) for each in operands))
    ]
    return _selected(results)


def _selected(results: Sequence[tuple[Formula, Any]]) -> Any:
    match results[0][1]:
        case bool():
            return is_one_of([formula(both(when, value)) for when, value in _true(results)])
        case int():
            chosen = z3.IntVal(results[-1][1])
            for when, value in results[:-1]:
                chosen = z3.If(when, value, chosen)
            return chosen
        case _:
            *others, (_, last) = results
            return Choice((*((formula(when), str(text)) for when, text in others), (True, last)))


def _true(results: Sequence[tuple[Formula, Any]]) -> Iterator[tuple[Formula, Any]]:
    yield False, True
    yield from ((when, True) for when, value in results if value)


# ── comparisons ──────────────────────────────────────────────────────────────────────────────────


def equal(left: Any, right: Any) -> Formula:
    if isinstance(left, Choice) and isinstance(right, Choice):
        known = on_choices(Operation.EQ, (left, right))
        if known is not None:
            return known
    if isinstance(right, Choice):
        left, right = right, left
    if isinstance(left, Choice):
        return is_one_of(
            [z3.And(when, right == string_value(text)) for when, text in exclusive(left)]
        )
    return left == right


def precedes(left: Any, right: Any, or_equal: bool) -> Formula:
    """By code point."""
    operation = Operation.LE if or_equal else Operation.LT
    known = on_choices(operation, (left, right))
    if known is not None:
        return known
    one, other = as_string(left), as_string(right)
    return one <= other if or_equal else one < other


# ── the solver's own ─────────────────────────────────────────────────────────────────────────────


def length(text: Any) -> Formula:
    known = on_choices(Operation.LENGTH, (text,))
    return z3.Length(as_string(text)) if known is None else known


def contains(text: Any, part: Any) -> Formula:
    known = on_choices(Operation.CONTAINS, (text, part))
    return z3.Contains(as_string(text), as_string(part)) if known is None else known


def starts_with(text: Any, part: Any) -> Formula:
    known = on_choices(Operation.STARTS_WITH, (text, part))
    return z3.PrefixOf(as_string(part), as_string(text)) if known is None else known


def ends_with(text: Any, part: Any) -> Formula:
    known = on_choices(Operation.ENDS_WITH, (text, part))
    return z3.SuffixOf(as_string(part), as_string(text)) if known is None else known


def concat(parts: Sequence[Any]) -> Any:
    known = on_choices(Operation.CONCAT, parts)
    if known is not None:
        return known
    strings = [as_string(part) for part in parts]
    return strings[0] if len(strings) == 1 else z3.Concat(*strings)


def digits(number: Formula) -> Formula:
    """A whole number's text; the solver's own has no sign."""
    return z3.If(
        number >= 0, z3.IntToStr(number), z3.Concat(string_value("-"), z3.IntToStr(-number))
    )


def truncate(text: Any, limit: int) -> Any:
    known = on_choices(Operation.TRUNCATE, (text,), (limit,))
    if known is not None:
        return known
    given = as_string(text)
    cut = z3.SubString(given, 0, limit - 1)
    shortened = z3.Concat(cut, string_value(ELLIPSIS))
    return z3.If(z3.Length(given) <= limit, given, shortened)
