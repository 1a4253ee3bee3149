"""Plain examples, found by trying: few values per field, the plainest first.

Most conditions that can hold hold for some plain customer, so most questions end here, before a solver
is started; and what a solver finds is made plainer here, so that it can be read.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator, Sequence

from handbill.language.expressions.facts import Path
from handbill.language.reasoning.example import Trial, is_value_of
from handbill.language.reasoning.question import Example, KnownField, Question
from handbill.plan.ir import Call, Const, Each, Expression, Member
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    ObjectType,
    StringType,
    Type,
)
from handbill.plan.values import DATE_MAXIMUM, DATE_MINIMUM, Value, const_value

MAX_TRIALS = 500
MAX_VALUES = 120
"""Values that are tried for one field."""
MAX_PASSES = 3
"""How often every field of an example is made plainer: one may allow another."""
MAX_ITEMS = 6
"""Items of lists that are tried."""
MAX_SUMMED = 20
"""Items that are added up at most."""
MAX_KINDS = 24
"""Different items, or values of one member, that are tried."""
PLAIN_DAY = datetime.date(2026, 1, 15)
"""The day of examples; dates of examples are counted from it."""


def plain_example(
    question: Question, trial: Trial, nearby: Sequence[Example] = ()
) -> Example | None:
    """An example by trying, or None where none of the tries is one; that proves nothing.

    `nearby` are examples of other questions: many a branch is one field away from another.
    """
    constants = constants_of(question.condition)
    options = [list(candidates(field, constants)) for field in question.known]
    paths = [field.path for field in question.known]
    tries = itertools.chain(
        *(_around(example, paths, options) for example in nearby),
        itertools.islice(_plainest_first(options), MAX_TRIALS),
    )
    for values in tries:
        example = dict(zip(paths, values, strict=True))
        if trial.holds(example):
            return example
    return None


def _around(
    example: Example, paths: Sequence[Path], options: Sequence[Sequence[Value]]
) -> Iterator[tuple[Value, ...]]:
    """The example, with plain values where it says nothing, and all that differ in one field."""
    own = tuple(example.get(path, values[0]) for path, values in zip(paths, options, strict=True))
    yield from _one_away(own, options)


def _one_away(
    values: tuple[Value, ...], options: Sequence[Sequence[Value]]
) -> Iterator[tuple[Value, ...]]:
    yield values
    for place, others in enumerate(options):
        for value in others:
            yield (*values[:place], value, *values[place + 1 :])


def _plainest_first(options: Sequence[Sequence[Value]]) -> Iterator[tuple[Value, ...]]:
    """All combinations: first one field at a time away from the plain customer, then all."""
    yield from _one_away(tuple(values[0] for values in options), options)
    yield from itertools.product(*options)


def made_plainer(example: Example, question: Question, trial: Trial) -> Example:
    """The example with each value replaced by the plainest one with which it still is one."""
    constants = constants_of(question.condition)
    options = {field.path: list(candidates(field, constants)) for field in question.known}
    current: dict[Path, Value] = dict(example)
    for _ in range(MAX_PASSES):
        before = dict(current)
        for path, values in options.items():
            current[path] = _plainest(path, values, current, trial)
        if current == before:
            break
    return current


def _plainest(path: Path, values: Sequence[Value], current: Example, trial: Trial) -> Value:
    own = current.get(path)
    for value in values:
        if _same(value, own) or trial.holds({**current, path: value}):
            return value
    return own


def _same(one: Value, other: Value) -> bool:
    return one == other and type(one) is type(other)


# ── values worth trying ──────────────────────────────────────────────────────────────────────────


def constants_of(expression: Expression) -> tuple[Const, ...]:
    """The constants of an expression, each once, in an order that depends on nothing else."""
    found: dict[Const, None] = {}
    pending = [expression]
    while pending:
        match pending.pop():
            case Const() as const:
                found[const] = None
            case Call(arguments=arguments):
                pending.extend(reversed(arguments))
            case Member(of=of):
                pending.append(of)
            case Each(items=items, body=body):
                pending.extend((body, items))
    return tuple(found)


def candidates(field: KnownField, constants: Sequence[Const]) -> Iterator[Value]:
    """Values of the field worth trying, the plainest first; None last, where it may be missing."""
    seen: list[Value] = []
    values = itertools.chain(_values(field.type, constants), () if field.required else (None,))
    for value in itertools.islice(values, MAX_VALUES):
        if any(_same(value, each) for each in seen):
            continue
        if value is None or is_value_of(value, field.type):
            seen.append(value)
            yield value
    if not field.required and None not in seen:
        yield None


def _values(type: Type, constants: Sequence[Const]) -> Iterator[Value]:
    match type:
        case BoolType():
            yield from (False, True)
        case IntType() | DecimalType():
            yield from _numbers(type, constants)
        case StringType():
            texts = [value for value in _plain_values(constants) if isinstance(value, str)]
            yield "a"
            yield from texts
            yield ""
            for text in texts:
                yield from (text.upper(), text.lower(), f" {text}", f"a{text}", f"{text}a")
                yield f"a{text.upper()}"
        case EnumType(values=values):
            yield from values
        case DateType():
            yield from _days(constants)
        case DatetimeType():
            for day in _days(constants):
                yield datetime.datetime(day.year, day.month, day.day, 12)
            yield from (v for v in _plain_values(constants) if isinstance(v, datetime.datetime))
        case ListType():
            yield from _lists(type, constants)
        case ObjectType():
            yield from _objects(type, constants)


def _plain_values(constants: Iterable[Const]) -> Iterator[Value]:
    for const in constants:
        value = const_value(const)
        yield from value if isinstance(value, tuple) else (value,)


def _whole(constants: Iterable[Const]) -> Iterator[int]:
    for value in _plain_values(constants):
        if isinstance(value, int) and not isinstance(value, bool):
            yield value


def _numbers(type: IntType | DecimalType, constants: Sequence[Const]) -> Iterator[Value]:
    plain = min(max(0, type.minimum), type.maximum)
    yield plain
    for number in _whole(constants):
        yield from (number, number + 1, number - 1)
    yield from (plain + 1, type.minimum, type.maximum)
    for number in _whole(constants):
        yield from (2 * number + 1, -number, number // 2)


def _days(constants: Sequence[Const]) -> Iterator[datetime.date]:
    """The plain day; the days that are written out; days as far away as numbers say."""
    ordinals = [PLAIN_DAY.toordinal()]
    for value in _plain_values(constants):
        if isinstance(value, datetime.date):
            day = value.date() if isinstance(value, datetime.datetime) else value
            ordinals += [day.toordinal() + shift for shift in (0, 1, -1)]
    for number in _whole(constants):
        for shift in (-number, -number - 1, 1 - number, number, number + 1):
            ordinals.append(PLAIN_DAY.toordinal() + shift)
    low, high = DATE_MINIMUM.toordinal(), DATE_MAXIMUM.toordinal()
    for ordinal in ordinals:
        if low <= ordinal <= high:
            yield datetime.date.fromordinal(ordinal)


def _lists(type: ListType, constants: Sequence[Const]) -> Iterator[Value]:
    yield ()
    tries = itertools.islice(_values(type.item, constants), MAX_VALUES)
    items = [item for item in tries if is_value_of(item, type.item)][:MAX_KINDS]
    for item in items:
        yield (item,)
    for count in _sizes(constants):
        for item in items:
            yield (item,) * count
        if len(items) >= count:
            yield tuple(items[:count])


def _sizes(constants: Sequence[Const]) -> Iterator[int]:
    """How many items: as many as numbers say, or as it takes for some to add up to another."""
    numbers = sorted({number for number in _whole(constants) if number > 0})
    counts = [number for number in numbers if number <= MAX_ITEMS]
    sums = [large // small + 1 for small in numbers for large in numbers if small < large]
    sizes = [*counts, *(count + 1 for count in counts), 2, *sums]
    return (size for size in dict.fromkeys(sizes) if 1 < size <= MAX_SUMMED)


def _objects(type: ObjectType, constants: Sequence[Const]) -> Iterator[Value]:
    """The plain object, and those that differ from it in one member, each member in turn."""
    options = [
        [value for value in itertools.islice(_values(member.type, constants), MAX_VALUES)
         if is_value_of(value, member.type)][:MAX_KINDS]
        for member in type.members
    ]  # fmt: skip
    plain = tuple(values[0] for values in options)
    yield plain
    for turn in range(1, max(map(len, options), default=0)):
        for place, values in enumerate(options):
            if turn < len(values):
                yield (*plain[:place], values[turn], *plain[place + 1 :])
