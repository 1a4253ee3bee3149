"""A checked expression: its IR, its type and what holds when it is true or false.

`type` carries bounds as the plan may hold them (integers of at most 53 bits, larger ones saturated);
`interval` keeps the exact bounds with which overflow is ruled out. They are those of the types alone:
SQL promises no short circuit, so no guard may be needed to keep an operator from overflowing.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.language.expressions.facts import (
    NOTHING,
    Facts,
    Interval,
    Path,
    Subject,
    subject_of,
)
from handbill.language.vocabulary.records import Shape
from handbill.plan.ir import Const, Expression
from handbill.plan.types import (
    INT_DEFAULT_MAX,
    INT_DEFAULT_MIN,
    DateType,
    DecimalType,
    IntType,
    Type,
)

FIRST_DATE = datetime.date(1900, 1, 1)
LAST_DATE = datetime.date(2199, 12, 31)
DATES = Interval(FIRST_DATE.toordinal(), LAST_DATE.toordinal())


@dataclass(frozen=True, slots=True)
class Checked:
    """`expression` is None when there were errors, or when it is a constant known to be missing.

    `optional`: the value may be missing here. `path`: by what the facts know it (a field or a local
    name). An expression without IR has no type; whatever is built on it is silent. `shape`: what the
    dots after it lead to. `items`: what is known of each item of a list, as facts about ITEM.
    """

    expression: Expression | None = None
    type: Type | None = None
    optional: bool = False
    when_true: Facts = NOTHING
    when_false: Facts = NOTHING
    diagnostics: tuple[Diagnostic, ...] = ()
    interval: Interval | None = None
    missing: bool = False
    path: Path | None = None
    shape: Shape | None = None
    items: Facts = NOTHING

    @property
    def subject(self) -> Subject | None:
        """By what the facts know it; None for constants and what failed."""
        if self.path is not None or self.expression is None:
            return self.path
        return subject_of(self.expression)

    @property
    def constant(self) -> Const | None:
        """The value, when it is known at compile time."""
        return self.expression if isinstance(self.expression, Const) else None

    @property
    def failed(self) -> bool:
        return self.expression is None and not self.missing

    def knowing(self, when_true: Facts, when_false: Facts) -> Checked:
        return replace(self, when_true=when_true, when_false=when_false)


FAILED = Checked()
ITEM = ""
"""The root of facts about an item of a list, wherever it has no name yet."""


def value_of(
    expression: Expression,
    type: Type,
    *,
    interval: Interval | None = None,
    optional: bool = False,
    path: Path | None = None,
    shape: Shape | None = None,
    items: Facts = NOTHING,
) -> Checked:
    """A checked value of `type`; its interval is the type's own unless a tighter one is known."""
    return Checked(
        expression=expression,
        type=type,
        optional=optional,
        interval=interval if interval is not None else interval_of(type),
        path=path,
        shape=shape,
        items=items,
    )


def interval_of(type: Type) -> Interval | None:
    """The bounds that a type declares, for those types that have any."""
    match type:
        case IntType() | DecimalType():
            return Interval(type.minimum, type.maximum)
        case DateType():
            return DATES
        case _:
            return None


def int_type(interval: Interval) -> IntType:
    """The plan's type for an interval; bounds beyond 53 bits are saturated."""
    return IntType(*_saturated(interval))


def decimal_type(scale: int, interval: Interval) -> DecimalType:
    return DecimalType(scale, *_saturated(interval))


def _saturated(interval: Interval) -> tuple[int, int]:
    return (
        max(INT_DEFAULT_MIN, min(interval.low, INT_DEFAULT_MAX)),
        min(INT_DEFAULT_MAX, max(interval.high, INT_DEFAULT_MIN)),
    )
