"""CLDR's plural rules, read through Babel at compile time, as conditions on a number.

Operands are those of UTS #35: n, the number without its sign; i, its whole part; v, how many digits stand
after the point; f, those digits; t, the same without zeros at the end. A number is written with all the
digits of its scale, so v is known, and much of most rules with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from babel.plural import PluralRule

from handbill.language.expressions.build import BOOL, bounds, call, is_wide, literal, number_type
from handbill.language.expressions.checked import Checked
from handbill.language.expressions.facts import Interval
from handbill.language.filters.localized import NotWritten, locale_of
from handbill.plan.ir import Operation
from handbill.plan.operations import decimal_text

CATEGORIES = ("zero", "one", "two", "few", "many", "other")
OTHER = "other"
MAX_COUNTED = 5_000
"""Numbers that are all looked at to find out which categories they have."""
SHOWN = 3
_STARTS = tuple(lead * 10**power for power in range(2, 13) for lead in (1, 2, 3, 5))

Condition: TypeAlias = bool | Checked
Rule: TypeAlias = Any
"""A node of Babel's tree: (name, arguments)."""


@lru_cache(maxsize=256)
def rule_of(locale_name: str) -> PluralRule:
    """The locale's rule for counting; raises NotWritten for an unknown locale."""
    return locale_of(locale_name).plural_form


def categories_of(locale_name: str) -> tuple[str, ...]:
    """Every category that the locale has, in CLDR's order."""
    tags = rule_of(locale_name).tags | {OTHER}
    return tuple(each for each in CATEGORIES if each in tags)


# ── which numbers have which category ────────────────────────────────────────────────────────────


@lru_cache(maxsize=1024)
def reached(locale_name: str, low: int, high: int, scale: int) -> Mapping[str, tuple[str, ...]]:
    """Category → the first few numbers of it from `low` to `high` (scaled), in CLDR's order.

    Of a wide interval the numbers that tell rules apart are looked at: the small ones, the round ones
    and those after them. Numbers of a category that this overlooks are written as `other`.
    """
    found: dict[str, list[str]] = {}
    for number in _telling(low, high):
        shown = found.setdefault(category(locale_name, number, scale), [])
        if len(shown) < SHOWN:
            shown.append(decimal_text(abs(number), scale))
    return {each: tuple(found[each]) for each in CATEGORIES if each in found}


def _telling(low: int, high: int) -> Iterator[int]:
    """Numbers that tell the categories apart, the smallest first."""
    if high - low <= MAX_COUNTED:
        yield from sorted(range(low, high + 1), key=abs)
        return
    numbers = set(range(-MAX_COUNTED // 4, MAX_COUNTED // 4))
    numbers |= {start + more for start in _STARTS for more in range(112)}
    numbers |= {-number for number in numbers}
    numbers |= {low + more for more in range(112)} | {high - more for more in range(112)}
    yield from sorted((each for each in numbers if low <= each <= high), key=lambda n: (abs(n), n))


def category(locale_name: str, value: int, scale: int) -> str:
    """The category of one number, by our own reading of the rule.

    Babel's loses digits of numbers below 0.1: it takes 0.019 for a number with two.
    """
    rules = rule_of(locale_name).abstract
    return next((name for name, rule in rules if _holds(rule, abs(value), scale)), OTHER)


def _holds(rule: Rule, number: int, scale: int) -> bool:
    match rule:
        case "and", (left, right):
            return _holds(left, number, scale) and _holds(right, number, scale)
        case "or", (left, right):
            return _holds(left, number, scale) or _holds(right, number, scale)
        case "not", (inner,):
            return not _holds(inner, number, scale)
        case "relation", ("in", operand, ("range_list", ranges)):
            found = _operand(operand, number, scale)
            return found is not None and _is_in(found, [_range(each) for each in ranges])
        case _:
            raise NotWritten(f"its plural rule says `{rule[0]}`")


def _operand(operand: Rule, number: int, scale: int) -> int | None:
    """The operand's value; None for one that is not whole."""
    if operand[0] == "mod":
        inner, (_, (by,)) = operand[1]
        found = _operand(inner, number, scale)
        return None if found is None else found % int(by)
    unit: int = 10**scale
    whole, fraction = divmod(number, unit)
    match operand[0]:
        case "n":
            return whole if fraction == 0 else None
        case "i":
            return whole
        case "v":
            return scale
        case "f":
            return fraction
        case "t":
            return int(f"{fraction:0{scale}}".rstrip("0") or 0) if scale else 0
        case "e" | "c":
            return 0
        case name:
            raise NotWritten(f"its plural rule uses `{name}`")


# ── a rule as a condition ────────────────────────────────────────────────────────────────────────


def condition_of(locale_name: str, name: str, value: Checked, scale: int) -> Condition:
    """When the number has the category `name`; True or False where every such number has or has not.

    `name` is one of the locale's categories, not `other`. Raises NotWritten.
    """
    rules = dict(rule_of(locale_name).abstract)
    return _Number(value, scale).condition(rules[name])


class _Number:
    """The operands of one number."""

    def __init__(self, value: Checked, scale: int) -> None:
        self._absolute = _absolute(value)
        self._scale = scale

    def condition(self, rule: Rule) -> Condition:
        match rule:
            case "and", (left, right):
                return _joined(Operation.AND, self.condition(left), self.condition(right))
            case "or", (left, right):
                return _joined(Operation.OR, self.condition(left), self.condition(right))
            case "not", (inner,):
                return _negated(self.condition(inner))
            case "relation", ("in", operand, ("range_list", ranges)):
                return self._relation(operand, [_range(each) for each in ranges])
            case _:
                raise NotWritten(f"its plural rule says `{rule[0]}`")

    def _relation(self, operand: Rule, ranges: Sequence[tuple[int, int]]) -> Condition:
        match operand:
            case "mod", (inner, ("value", (by,))):
                pass
            case inner:
                by = None
        match inner[0]:
            case "v":
                return _is_in(self._scale if by is None else self._scale % by, ranges)
            case "e" | "c":
                return _is_in(0, ranges)
            case "n":
                whole = self._is_whole()
                return _joined(Operation.AND, whole, _within(_mod(self._whole(), by), ranges))
            case "i":
                return _within(_mod(self._whole(), by), ranges)
            case "f":
                return _within(_mod(self._fraction(), by), ranges)
            case "t":
                return _within(_mod(self._trimmed(), by), ranges)
            case name:
                raise NotWritten(f"its plural rule uses `{name}`")

    def _is_whole(self) -> Condition:
        return True if self._scale == 0 else _within(self._fraction(), [(0, 0)])

    def _whole(self) -> Checked:
        unit = 10**self._scale
        return self._absolute if unit == 1 else _divided(self._absolute, unit)

    def _fraction(self) -> Checked:
        return _mod(self._absolute, 10**self._scale) if self._scale else _number(0)

    def _trimmed(self) -> Checked:
        """f without the zeros at its end."""
        fraction = self._fraction()
        result = _number(0)
        for zeros in range(self._scale - 1, -1, -1):
            kept = fraction if zeros == 0 else _divided(fraction, 10**zeros)
            ends = _within(_mod(fraction, 10 ** (zeros + 1)), [(0, 0)])
            result = _chosen(_negated(ends), kept, result)
        return result


def _range(pair: tuple[Rule, Rule]) -> tuple[int, int]:
    (_, (low,)), (_, (high,)) = pair
    return int(low), int(high)


def _is_in(number: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(low <= number <= high for low, high in ranges)


# ── expressions ──────────────────────────────────────────────────────────────────────────────────


def _number(value: int) -> Checked:
    found = literal(value)
    assert found is not None
    return found


def _absolute(value: Checked) -> Checked:
    found = bounds(value)
    if found.low >= 0:
        return value
    interval = Interval(0, max(abs(found.low), abs(found.high)))
    return _arithmetic(Operation.ABS, (value,), interval)


def _divided(value: Checked, by: int) -> Checked:
    found = bounds(value)
    interval = Interval(found.low // by, found.high // by)
    return _arithmetic(Operation.FLOOR_DIV, (value, _number(by)), interval)


def _mod(value: Checked, by: int | None) -> Checked:
    if by is None or bounds(value).high < by:
        return value
    return _arithmetic(Operation.MOD, (value, _number(by)), Interval(0, by - 1))


def _arithmetic(operation: Operation, operands: tuple[Checked, ...], interval: Interval) -> Checked:
    expressions = [each.expression for each in operands if each.expression is not None]
    wide = is_wide(interval, *(bounds(each) for each in operands))
    type_ = number_type(0, interval, whole=True)
    return call(operation, expressions, type_, interval=interval, wide=wide)


def _within(value: Checked, ranges: Sequence[tuple[int, int]]) -> Condition:
    """That a number that is not negative is in one of the ranges."""
    most = bounds(value).high
    conditions = [_between(value, low, high, most) for low, high in ranges if low <= most]
    result: Condition = False
    for each in conditions:
        result = _joined(Operation.OR, result, each)
    return result


def _between(value: Checked, low: int, high: int, most: int) -> Condition:
    if low == high:
        return _compared(Operation.EQ, value, low)
    above: Condition = True if low == 0 else _compared(Operation.GE, value, low)
    below: Condition = True if high >= most else _compared(Operation.LE, value, high)
    return _joined(Operation.AND, above, below)


def _compared(operation: Operation, value: Checked, number: int) -> Condition:
    other = _number(number).expression
    assert value.expression is not None and other is not None
    result = call(operation, (value.expression, other), BOOL)
    return result if result.constant is None else bool(result.constant.value)


def _joined(operation: Operation, left: Condition, right: Condition) -> Condition:
    stops = operation is Operation.OR
    if isinstance(left, bool):
        return left if left is stops else right
    if isinstance(right, bool):
        return right if right is stops else left
    assert left.expression is not None and right.expression is not None
    return call(operation, (left.expression, right.expression), BOOL)


def _negated(condition: Condition) -> Condition:
    if isinstance(condition, bool):
        return not condition
    assert condition.expression is not None
    return call(Operation.NOT, (condition.expression,), BOOL)


def _chosen(condition: Condition, then: Checked, otherwise: Checked) -> Checked:
    if isinstance(condition, bool):
        return then if condition else otherwise
    assert condition.expression and then.expression and otherwise.expression
    interval = bounds(then).hull(bounds(otherwise))
    parts = (condition.expression, then.expression, otherwise.expression)
    return call(Operation.IF, parts, number_type(0, interval, whole=True), interval=interval)
