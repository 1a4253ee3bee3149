"""Random programs of the IR: well-typed, with intervals, lazy alternatives and guards.

Operators are drawn by weight, and the weight of one that has been drawn often falls, so that rare
ones (trim, lower, round) are covered as well as common ones. What the type checker would refuse is
not made: an optional value is used only under a default or a guard, a divisor is never zero where
it is reached, and intervals stay within 64 bits (128 for decimals).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator

from nasty_rows import BIG, COLUMNS, DATES, DATETIMES, OPTIONAL, STATES, STRINGS

from handbill.plan.ir import Call, Const, Expression, Field, Operation
from handbill.plan.types import (
    INT64_MAX,
    INT64_MIN,
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    StringType,
    Type,
)

O = Operation  # noqa: E741
BOOL, DATE, DATETIME, TEXT = BoolType(), DateType(), DatetimeType(), StringType(1000)
WIDEST = 10**30
Facts = frozenset[str]
Maker = Callable[["Generator", int, Facts], Expression | None]


def call(operation: Operation, type: Type, *arguments: Expression, wide: bool = False) -> Call:
    return Call(operation, arguments, type, wide)


def integer(value: int) -> Const:
    return Const(IntType(value, value), value)


def text(value: str) -> Const:
    return Const(StringType(len(value)), value)


def bounds(expression: Expression) -> tuple[int, int]:
    assert isinstance(expression.type, IntType | DecimalType)
    return expression.type.minimum, expression.type.maximum


def fits(low: int, high: int) -> bool:
    return low >= INT64_MIN and high <= INT64_MAX


class Generator:
    """Draws programs; `covered` counts the operators that it put into them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.covered: Counter[Operation] = Counter()

    def programs(self, count: int) -> Iterator[Expression]:
        kinds = (
            self.bool,
            self.int,
            self.bool,
            self.text,
            self.bool,
            self.text,
            self.int,
            self.bool,
        )
        for number in range(count):
            program = kinds[number % len(kinds)](self.random.choice((2, 3, 3, 4, 5)), frozenset())
            if number % 2:
                program = without_hints(program)
            self.covered.update(operations_of(program))
            yield program

    # ── one of each kind ─────────────────────────────────────────────────────────────────────────

    def bool(self, depth: int, facts: Facts) -> Expression:
        return self._any(BOOLS, depth, facts, lambda: self.field(facts, BoolType))

    def int(self, depth: int, facts: Facts) -> Expression:
        return self._any(INTEGERS, depth, facts, lambda: self._number_leaf(facts))

    def text(self, depth: int, facts: Facts) -> Expression:
        return self._any(TEXTS, depth, facts, lambda: self._text_leaf(facts))

    def date(self, depth: int, facts: Facts) -> Expression:
        return self._any(DATE_MAKERS, depth, facts, lambda: self._date_leaf(facts))

    def list(self, depth: int, facts: Facts) -> Expression:
        return self._any(LISTS, depth, facts, lambda: self.field(facts, ListType, {"tags"}))

    def _any(
        self,
        makers: dict[Operation, Maker],
        depth: int,
        facts: Facts,
        leaf: Callable[[], Expression],
    ) -> Expression:
        if depth <= 0 or self.random.random() < 0.08:
            return leaf()
        operations = list(makers)
        weights = [1.0 / (1 + self.covered[operation]) ** 0.8 for operation in operations]
        for operation in self.random.choices(operations, weights, k=8):
            made = makers[operation](self, depth - 1, facts)
            if made is not None:
                return made
        return leaf()

    # ── leaves ───────────────────────────────────────────────────────────────────────────────────

    def field(self, facts: Facts, kind: type, among: set[str] | None = None) -> Field:
        names = [
            name
            for name, (type, _) in COLUMNS.items()
            if isinstance(type, kind)
            and (name not in OPTIONAL or name in facts)
            and (among is None or name in among)
        ]
        return self.named(self.random.choice(names))

    def named(self, name: str) -> Field:
        return Field(("customer", name), COLUMNS[name][0])

    def optional(self, *kinds: type) -> Field:
        names = [name for name in sorted(OPTIONAL) if isinstance(COLUMNS[name][0], kinds)]
        return self.named(self.random.choice(names))

    def _number_leaf(self, facts: Facts) -> Expression:
        if self.random.random() < 0.3:
            return integer(self.random.choice((0, 1, -1, 2, 5, -7, 10, 100, 1024, 12345, -(10**9))))
        kind = self.random.choice((IntType, IntType, DecimalType))
        return self.field(facts, kind)

    def _text_leaf(self, facts: Facts) -> Expression:
        if self.random.random() < 0.3:
            return text(self.random.choice(STRINGS))
        return self.field(facts, self.random.choice((StringType, StringType, EnumType)))

    def _date_leaf(self, facts: Facts) -> Expression:
        if self.random.random() < 0.3:
            return Const(DATE, self.random.choice(DATES).isoformat())
        return self.field(facts, DateType)

    def datetime(self, facts: Facts) -> Expression:
        if self.random.random() < 0.4:
            return Const(DATETIME, self.random.choice(DATETIMES).isoformat())
        return self.field(facts, DatetimeType)


def without_hints(expression: Expression) -> Expression:
    """The same program without what the compiler says about sizes: back ends must not rely on it."""
    if not isinstance(expression, Call):
        return expression
    type = expression.type
    if isinstance(type, IntType | DecimalType):
        type = IntType(0, 0)
    arguments = tuple(without_hints(argument) for argument in expression.arguments)
    return Call(expression.operation, arguments, type)


def operations_of(expression: Expression) -> Iterator[Operation]:
    if isinstance(expression, Call):
        yield expression.operation
        for argument in expression.arguments:
            yield from operations_of(argument)


# ── truth ────────────────────────────────────────────────────────────────────────────────────────


def guarded(g: Generator, depth: int, facts: Facts) -> tuple[Field, Facts]:
    """An optional field, and the facts where it is defined."""
    name = g.random.choice(sorted(OPTIONAL))
    return g.named(name), facts | {name}


def uses(g: Generator, field: Field, depth: int, facts: Facts) -> Expression:
    """A condition that needs `field` to be defined."""
    match field.type:
        case BoolType():
            return field
        case IntType() | DecimalType():
            return call(g.random.choice((O.GT, O.LE, O.EQ)), BOOL, field, g.int(depth - 1, facts))
        case StringType() | EnumType():
            operation = g.random.choice((O.EQ, O.NE, O.CONTAINS, O.LT))
            return call(operation, BOOL, field, g.text(depth - 1, facts))
        case DateType():
            return call(O.LT, BOOL, field, g.date(depth - 1, facts))
        case ListType():
            return call(O.LIST_CONTAINS, BOOL, field, integer(g.random.choice((0, 7, -1))))
        case _:
            raise AssertionError(field.type)


def make_and(g: Generator, depth: int, facts: Facts) -> Expression:
    if g.random.random() < 0.5:
        field, known = guarded(g, depth, facts)
        defined = call(O.IS_DEFINED, BOOL, field)
        return call(O.AND, BOOL, defined, uses(g, field, depth, known), g.bool(depth - 1, known))
    if g.random.random() < 0.4:
        return call(O.AND, BOOL, *lazy_division(g, depth, facts, O.NE, O.GT))
    return call(O.AND, BOOL, g.bool(depth, facts), g.bool(depth, facts))


def make_or(g: Generator, depth: int, facts: Facts) -> Expression:
    if g.random.random() < 0.5:
        field, known = guarded(g, depth, facts)
        absent = call(O.NOT, BOOL, call(O.IS_DEFINED, BOOL, field))
        return call(O.OR, BOOL, absent, uses(g, field, depth, known))
    if g.random.random() < 0.4:
        return call(O.OR, BOOL, *lazy_division(g, depth, facts, O.EQ, O.LE))
    return call(O.OR, BOOL, g.bool(depth, facts), g.bool(depth, facts))


def lazy_division(
    g: Generator, depth: int, facts: Facts, guard: Operation, compare: Operation
) -> tuple[Expression, Expression]:
    """`small != 0` and a division by it, in the order that makes it safe."""
    divisor = g.field(facts, IntType, {"small", "natural"})
    operation = g.random.choice((O.FLOOR_DIV, O.MOD, O.ROUND_DIV))
    divided = divide(operation, g.int(depth - 1, facts), divisor)
    condition = call(guard, BOOL, divisor, integer(0))
    if divided is None:
        return condition, g.bool(depth - 1, facts)
    return condition, call(compare, BOOL, divided, integer(g.random.choice((0, 1, -1, 3))))


def make_not(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.NOT, BOOL, g.bool(depth, facts))


def make_is_defined(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.IS_DEFINED, BOOL, guarded(g, depth, facts)[0])


def comparison(operation: Operation) -> Maker:
    def make(g: Generator, depth: int, facts: Facts) -> Expression:
        kind = g.random.randrange(6)
        if kind in (0, 5):
            return call(operation, BOOL, g.text(depth, facts), g.text(depth, facts))
        if kind == 1:
            return call(operation, BOOL, g.date(depth, facts), g.date(depth, facts))
        if kind == 2:
            return call(operation, BOOL, g.datetime(facts), g.datetime(facts))
        if kind == 3 and operation in (O.EQ, O.NE):
            return call(operation, BOOL, g.bool(depth, facts), g.bool(depth, facts))
        return call(operation, BOOL, g.int(depth, facts), g.int(depth, facts))

    return make


def make_in(g: Generator, depth: int, facts: Facts) -> Expression:
    many = g.random.choice((1, 3, 9))
    if g.random.random() < 0.3:
        members = [integer(g.random.choice((0, 1, -1, 7, 50, 100))) for _ in range(many)]
        return call(O.IN, BOOL, g.int(depth, facts), *members)
    if g.random.random() < 0.3:
        dates = [Const(DATE, g.random.choice(DATES).isoformat()) for _ in range(many)]
        return call(O.IN, BOOL, g.date(depth, facts), *dates)
    texts = [text(g.random.choice(STRINGS + STATES.values)) for _ in range(many)]
    return call(O.IN, BOOL, g.text(depth, facts), *texts)


def make_list_contains(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.LIST_CONTAINS, BOOL, g.list(depth, facts), g.text(depth, facts))


def text_test(operation: Operation) -> Maker:
    def make(g: Generator, depth: int, facts: Facts) -> Expression:
        needle = text(g.random.choice(("", "a", "A", "é", " ", "n", "\u0302", "👨", "'", "ab")))
        part = needle if g.random.random() < 0.7 else g.text(depth, facts)
        return call(operation, BOOL, g.text(depth, facts), part)

    return make


# ── any kind: the lazy ones ──────────────────────────────────────────────────────────────────────


def alternatives(kind: str) -> dict[Operation, Maker]:
    def make_if(g: Generator, depth: int, facts: Facts) -> Expression:
        if g.random.random() < 0.5:
            field, known = guarded(g, depth, facts)
            condition: Expression = call(O.IS_DEFINED, BOOL, field)
        else:
            condition, known = g.bool(depth, facts), facts
        make = getattr(g, kind)
        then, otherwise = make(depth, known), make(depth, facts)
        return call(O.IF, union(then, otherwise), condition, then, otherwise)

    return {O.IF: make_if}


def union(left: Expression, right: Expression) -> Type:
    match left.type, right.type:
        case ((IntType() | DecimalType()), (IntType() | DecimalType())):
            (a, b), (c, d) = bounds(left), bounds(right)
            return number_type(min(a, c), max(b, d))
        case ((StringType() | EnumType()), _):
            return TEXT
        case _:
            return left.type


def number_type(low: int, high: int) -> Type:
    return IntType(low, high) if fits(low, high) else DecimalType(6, low, high)


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def number(operation: Operation, low: int, high: int, *arguments: Expression) -> Expression | None:
    """The call, unless it could leave what 128 bits hold."""
    if max(abs(low), abs(high)) > WIDEST:
        return None
    return call(operation, number_type(low, high), *arguments, wide=not fits(low, high))


def make_add(g: Generator, depth: int, facts: Facts) -> Expression | None:
    left, right = g.int(depth, facts), g.int(depth, facts)
    (a, b), (c, d) = bounds(left), bounds(right)
    return number(O.ADD, a + c, b + d, left, right)


def make_sub(g: Generator, depth: int, facts: Facts) -> Expression | None:
    left, right = g.int(depth, facts), g.int(depth, facts)
    (a, b), (c, d) = bounds(left), bounds(right)
    return number(O.SUB, a - d, b - c, left, right)


def make_mul(g: Generator, depth: int, facts: Facts) -> Expression | None:
    left, right = g.int(depth, facts), g.int(depth, facts)
    products = [x * y for x in bounds(left) for y in bounds(right)]
    return number(O.MUL, min(products), max(products), left, right)


def make_neg(g: Generator, depth: int, facts: Facts) -> Expression | None:
    value = g.int(depth, facts)
    low, high = bounds(value)
    return number(O.NEG, -high, -low, value)


def make_abs(g: Generator, depth: int, facts: Facts) -> Expression | None:
    value = g.int(depth, facts)
    low, high = bounds(value)
    return number(
        O.ABS, 0 if low <= 0 <= high else min(abs(low), abs(high)), max(-low, high), value
    )


def divide(operation: Operation, dividend: Expression, divisor: Expression) -> Expression | None:
    low, high = bounds(dividend)
    most = max(abs(low), abs(high))
    if operation is O.MOD:
        least, greatest = bounds(divisor)
        size = max(abs(least), abs(greatest))
        return number(operation, min(0, -size if least < 0 else 0), size, dividend, divisor)
    return number(
        operation, -most - 1 if low < 0 or bounds(divisor)[0] < 0 else 0, most, dividend, divisor
    )


def division(operation: Operation) -> Maker:
    def make(g: Generator, depth: int, facts: Facts) -> Expression | None:
        if g.random.random() < 0.2:
            guard, use = lazy_division(g, depth, facts, O.NE, O.GT)
            assert isinstance(use, Call)
            if use.arguments and use.operation is O.GT and isinstance(use.arguments[0], Call):
                divided = use.arguments[0]
                return call(O.IF, union(divided, integer(0)), guard, divided, integer(0))
            return None
        if g.random.random() < 0.6:
            by = integer(g.random.choice((1, 2, 3, 7, 10, 100, 10_000, 10**6, -1, -2, -3, -10)))
        else:
            by = g.field(facts, IntType, {"positive", "month"})
        dividend: Expression | None = g.int(depth, facts)
        if g.random.random() < 0.25:
            # As near to the end of 64 bits as a field can get: what is added on the way overflows.
            dividend = number(O.MUL, -BIG * 1024, BIG * 1024, g.named("count"), integer(1024))
        assert dividend is not None
        return divide(operation, dividend, by)

    return make


def make_default_int(g: Generator, depth: int, facts: Facts) -> Expression:
    field, fallback = g.optional(IntType, DecimalType), g.int(depth, facts)
    return call(O.DEFAULT, union(field, fallback), field, fallback)


def make_length(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.LENGTH, IntType(0, 100_000), g.text(depth, facts))


def make_count(g: Generator, depth: int, facts: Facts) -> Expression:
    if g.random.random() < 0.3:
        field = g.named("maybe_numbers")
        empty = Const(field.type, (1, 2))
        return call(O.COUNT, IntType(0, 5), call(O.DEFAULT, field.type, field, empty))
    return call(O.COUNT, IntType(0, 5), g.list(depth, facts))


def make_first_number(g: Generator, depth: int, facts: Facts) -> Expression:
    """The first of an optional list, or the fallback for either kind of absence."""
    field = g.named("maybe_numbers")
    empty = Const(field.type, ())
    first = call(O.FIRST, IntType(), call(O.DEFAULT, field.type, field, empty))
    return call(O.DEFAULT, IntType(), first, integer(-3))


def make_days_between(g: Generator, depth: int, facts: Facts) -> Expression:
    days = IntType(-120_000, 120_000)
    return call(O.DAYS_BETWEEN, days, g.date(depth, facts), g.date(depth, facts))


def make_date_part(g: Generator, depth: int, facts: Facts) -> Expression:
    part = g.random.choice(("year", "month", "day", "weekday"))
    return call(O.DATE_PART, IntType(1, 2199), g.date(depth, facts), text(part))


# ── text ─────────────────────────────────────────────────────────────────────────────────────────


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
    return call(O.GROUPED_TEXT, TEXT, g.int(depth, facts), scale, text(point), text(group))


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
    return call(O.DEFAULT, TEXT, g.optional(StringType, EnumType), g.text(depth, facts))


def first_text(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.FIRST, TEXT, g.list(depth, facts))


def make_first_text(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.DEFAULT, TEXT, first_text(g, depth, facts), g.text(depth, facts))


def make_join(g: Generator, depth: int, facts: Facts) -> Expression:
    separator = text(g.random.choice(("", ", ", "'", "é")))
    return call(O.JOIN, TEXT, g.list(depth, facts), separator)


# ── dates and lists ──────────────────────────────────────────────────────────────────────────────


def make_plus_days(g: Generator, depth: int, facts: Facts) -> Expression | None:
    days = (
        g.int(depth, facts)
        if g.random.random() < 0.4
        else integer(g.random.choice((0, 1, -1, 30, 365, 40_000)))
    )
    if not fits(*bounds(days)):
        return None
    return call(O.PLUS_DAYS, DATE, g.date(depth, facts), days)


def make_default_date(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(O.DEFAULT, DATE, g.named("last_order"), g.date(depth, facts))


def make_slice(g: Generator, depth: int, facts: Facts) -> Expression:
    return call(
        O.SLICE, COLUMNS["tags"][0], g.list(depth, facts), integer(g.random.choice((0, 1, 2, 9)))
    )


def make_list_const(g: Generator, depth: int, facts: Facts) -> Expression:
    """A constant list, under an operation so that it is counted."""
    items = tuple(g.random.choice(STRINGS) for _ in range(g.random.choice((0, 1, 3))))
    return call(O.SLICE, COLUMNS["tags"][0], Const(COLUMNS["tags"][0], items), integer(2))


BOOLS: dict[Operation, Maker] = {
    O.AND: make_and,
    O.OR: make_or,
    O.NOT: make_not,
    O.IS_DEFINED: make_is_defined,
    **{operation: comparison(operation) for operation in (O.EQ, O.NE, O.LT, O.LE, O.GT, O.GE)},
    O.IN: make_in,
    O.LIST_CONTAINS: make_list_contains,
    **{operation: text_test(operation) for operation in (O.CONTAINS, O.STARTS_WITH, O.ENDS_WITH)},
    **alternatives("bool"),
}
INTEGERS: dict[Operation, Maker] = {
    O.ADD: make_add,
    O.SUB: make_sub,
    O.MUL: make_mul,
    O.NEG: make_neg,
    O.ABS: make_abs,
    **{operation: division(operation) for operation in (O.FLOOR_DIV, O.MOD, O.ROUND_DIV)},
    O.DEFAULT: make_default_int,
    O.LENGTH: make_length,
    O.COUNT: make_count,
    O.FIRST: make_first_number,
    O.DAYS_BETWEEN: make_days_between,
    O.DATE_PART: make_date_part,
    **alternatives("int"),
}
TEXTS: dict[Operation, Maker] = {
    O.CONCAT: make_concat,
    O.INT_TEXT: make_int_text,
    O.DECIMAL_TEXT: make_decimal_text,
    O.GROUPED_TEXT: make_grouped_text,
    O.TRUNCATE: make_truncate,
    **{operation: one_text(operation) for operation in (O.TRIM, O.LOWER, O.UPPER, O.TITLE)},
    O.REPLACE: make_replace,
    O.CHOOSE: make_choose,
    O.DEFAULT: make_default_text,
    O.FIRST: make_first_text,
    O.JOIN: make_join,
    **alternatives("text"),
}
DATE_MAKERS: dict[Operation, Maker] = {
    O.PLUS_DAYS: make_plus_days,
    O.DEFAULT: make_default_date,
    **alternatives("date"),
}
LISTS: dict[Operation, Maker] = {
    O.SLICE: lambda g, depth, facts: (
        make_slice(g, depth, facts) if g.random.random() < 0.7 else make_list_const(g, depth, facts)
    ),
    **alternatives("list"),
}
