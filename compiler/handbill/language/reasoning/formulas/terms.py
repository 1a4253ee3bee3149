"""What an expression is for the solver: a value that may be missing, of a kind that it can reason about.

Only the solver's process imports this package. Numbers are integers (a decimal scaled, a date its ordinal,
an instant its microseconds); a text is one of few known ones where that is known, else a string of the
solver's own.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import z3

Formula: TypeAlias = Any
"""One of the solver's terms; it has no types that mypy could read."""

MAX_CHOICES = 64
HIGHEST = 0x1FFFF
"""The solver's characters end at U+2FFFF. Customers' texts do not, so order is kept only while
constants leave room above themselves; see `string_value`."""
EPOCH = datetime.datetime(1900, 1, 1)
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


class Untranslatable(Exception):
    """The question has no faithful translation; the message completes "because …"."""


@dataclass(frozen=True)
class Choice:
    """A text that is one of few: the first whose guard holds; the last guard always does."""

    options: tuple[tuple[Formula, str], ...]


@dataclass(frozen=True)
class Opaque:
    """A value of which nothing is known but whether it is there: an object."""


@dataclass(frozen=True)
class Items:
    """A list: how many, what is in it, and its first and last. `values` are its items, where each is
    known: the n-th is there when `count` is larger than n."""

    count: Formula
    contains: Callable[[Any], Formula] | None
    first: Term
    last: Term
    values: tuple[Any, ...] | None = None


Value: TypeAlias = Any
"""A Formula (Bool, Int or String), a Choice, Items or Opaque."""


@dataclass(frozen=True)
class Term:
    """`present` is a Formula or True."""

    present: Formula
    value: Value


def there(value: Value) -> Term:
    return Term(True, value)


def either(condition: Formula, then: Formula, otherwise: Formula) -> Formula:
    if then is otherwise:
        return then
    return z3.If(condition, then, otherwise)


def both(*conditions: Formula) -> Formula:
    """A conjunction, without what is plainly true."""
    parts = [each for each in conditions if each is not True]
    if not parts:
        return True
    return parts[0] if len(parts) == 1 else z3.And(*parts)


def formula(condition: Formula) -> Formula:
    """A condition as the solver has it: Python's True and False too."""
    return z3.BoolVal(condition) if isinstance(condition, bool) else condition


# ── numbers that stand for days and instants ─────────────────────────────────────────────────────


def number_of(value: bool | int | datetime.date) -> Formula:
    match value:
        case bool():
            return z3.BoolVal(value)
        case int():
            return z3.IntVal(value)
        case datetime.datetime():
            return z3.IntVal(microseconds(value))
        case datetime.date():
            return z3.IntVal(value.toordinal())


def microseconds(instant: datetime.datetime) -> int:
    return (instant - EPOCH) // datetime.timedelta(microseconds=1)


def instant_of(number: int) -> datetime.datetime:
    return EPOCH + datetime.timedelta(microseconds=number)


# ── texts ────────────────────────────────────────────────────────────────────────────────────────


def constant_text(text: str) -> Choice:
    return Choice(((True, text),))


def exclusive(choice: Choice) -> list[tuple[Formula, str]]:
    """Text → when it is that one: each text once, and conditions that exclude each other."""
    earlier: list[Formula] = []
    found: dict[str, list[Formula]] = {}
    for guard, text in choice.options:
        when = both(*(z3.Not(each) for each in earlier), guard)
        found.setdefault(text, []).append(formula(when))
        if guard is True:
            break
        earlier.append(guard)
    return [
        (conditions[0] if len(conditions) == 1 else z3.Or(*conditions), text)
        for text, conditions in found.items()
    ]


def string_value(text: str) -> Formula:
    """A constant of the solver's strings. Raises Untranslatable above U+1FFFF.

    The solver's strings have no characters above U+2FFFF. A customer who has some can be renamed,
    keeping order and equality, to one whose characters lie between the constants' and U+2FFFF: so what
    is impossible for the solver's strings is impossible for all, as long as constants stay below.
    """
    if any(ord(character) > HIGHEST for character in text):
        raise Untranslatable("a rule has characters that the solver does not know")
    return z3.StringVal("".join(map(_escaped, text)))


def _escaped(character: str) -> str:
    plain = " " <= character <= "~" and character != "\\"
    return character if plain else f"\\u{{{ord(character):x}}}"


def text_of(value: Formula) -> str:
    """The Python text of a constant string."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value.as_string())


def as_string(text: Value) -> Formula:
    """A text as one of the solver's strings."""
    if not isinstance(text, Choice):
        return text
    *others, (_, last) = text.options
    result = string_value(last)
    for guard, option in reversed(others):
        result = z3.If(guard, string_value(option), result)
    return result


def is_one_of(values: Sequence[Formula]) -> Formula:
    return values[0] if len(values) == 1 else z3.Or(*values)
