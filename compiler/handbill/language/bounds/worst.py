"""A customer for whom a text really becomes as long as it can: searched, rendered and measured.

It starts at a customer who goes the heaviest way through the template, as far as there is one. One
field after another takes the value that makes most of it, then two together, until nothing helps or
the bound is reached. What is found is true whatever the search missed.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from handbill.language.bounds.paths import single_conditions
from handbill.language.bounds.samples import constants_of, fields_of, size_of, values_of
from handbill.language.expressions.facts import Assumption
from handbill.plan.errors import PlanCodeError
from handbill.plan.model import FieldNeed
from handbill.plan.operations import decimal_text
from handbill.plan.row import RowFunction, compile_expression
from handbill.plan.types import DecimalType, ListType, ObjectType, Type
from handbill.plan.values import Context, Row, Value

Path = tuple[str, ...]
MAX_TRIES = 2_000
LEAST_TRIES = 50
WORK = 400_000
"""Operations that all tries together go through: a long template gets fewer."""
FREE_ITEMS = 16
"""A longer list, such as a relation, counts as so many times the operations as it holds this many."""
MAX_PAIRED = 6
CUSTOMER = "customer"
_BROKEN = (TypeError, AttributeError, KeyError, IndexError, ZeroDivisionError, ValueError)
"""What a condition raises on a customer whom an earlier condition would have ruled out."""

Score = Callable[[Row, Context], int]


@dataclass(frozen=True, slots=True)
class Found:
    """`customer` is shown (JSON values by dotted name); `size` is what was measured."""

    customer: Mapping[str, object]
    size: int
    row: Row
    context: Context


@dataclass
class Search:
    """What is searched among: the fields of `parts`, for customers who meet the assumptions.

    `required` are the customer fields that are never missing, by path without the root.
    """

    parts: tuple[object, ...]
    assumptions: Sequence[Assumption]
    required: frozenset[Path]
    shortest: bool = False
    """Whether little is looked for: then missing values are tried first, and empty texts never."""
    tries: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        conditions = tuple(each.condition for each in self.assumptions)
        self.types = dict(sorted(fields_of(self.parts, conditions).items()))
        constants = constants_of(self.parts, conditions)
        self.options = {
            path: values_of(type_, constants) + ([None] if self._may_miss(path) else [])
            for path, type_ in self.types.items()
        }
        if self.shortest:
            self.options = {
                path: [value for value in values[::-1] if value != ""]
                for path, values in self.options.items()
            }
        self.needs = tuple(
            FieldNeed(path=path[1:], type=type_)
            for path, type_ in self.types.items()
            if path[0] == CUSTOMER
        )
        work = (size_of(self.parts) + 1) * (1 + _longest_list(self.options) // FREE_ITEMS)
        self.allowed = max(LEAST_TRIES, min(MAX_TRIES, WORK // work))
        self.conditions = self._compiled(self.assumptions)

    def _compiled(self, assumptions: Sequence[Assumption]) -> list[tuple[RowFunction, bool]]:
        return [
            (compile_expression(each.condition, self.needs), each.holds)
            for each in single_conditions(assumptions)
        ]

    def _may_miss(self, path: Path) -> bool:
        return path[0] == CUSTOMER and path[1:] not in self.required

    # ── searching ────────────────────────────────────────────────────────────────────────────────

    def most(self, score: Score, goal: int, way: Sequence[Assumption] = ()) -> Found | None:
        """The customer of the largest score that was found, at most `goal`; None without any.

        `way` is what may hold for such a customer.
        """
        best = {path: options[0] for path, options in self.options.items()}
        if way:
            wishes = self._compiled(way)
            best, _ = self._climb(best, lambda *row: _met(wishes, *row), len(wishes))
        best, value = self._climb(best, score, goal)
        if value[0] < 0:
            return None
        row, context = self._split(best)
        return Found(self._shown(best), value[1], row, context)

    def _climb(
        self, best: dict[Path, Value], score: Score, goal: int
    ) -> tuple[dict[Path, Value], tuple[int, int]]:
        value = self._value(best, score)
        improved = True
        while improved and value < (0, goal) and self.tries < self.allowed:
            best, value, improved = self._one_by_one(best, value, score)
            if not improved and value < (0, goal):
                best, value, improved = self._in_pairs(best, value, score)
        return best, value

    def _one_by_one(
        self, best: dict[Path, Value], value: tuple[int, int], score: Score
    ) -> tuple[dict[Path, Value], tuple[int, int], bool]:
        improved = False
        for path, options in self.options.items():
            for option in options:
                if self.tries >= self.allowed:
                    return best, value, False
                trial = self._with(best, path, option)
                found = self._value(trial, score)
                if found > value:
                    best, value, improved = trial, found, True
        return best, value, improved

    def _in_pairs(
        self, best: dict[Path, Value], value: tuple[int, int], score: Score
    ) -> tuple[dict[Path, Value], tuple[int, int], bool]:
        for first, second in itertools.combinations(list(self.options)[:MAX_PAIRED], 2):
            for one, two in itertools.product(self.options[first], self.options[second]):
                if self.tries >= self.allowed:
                    return best, value, False
                trial = self._with(self._with(best, first, one), second, two)
                found = self._value(trial, score)
                if found > value:
                    return trial, found, True
        return best, value, False

    def _with(self, customer: Mapping[Path, Value], path: Path, value: Value) -> dict[Path, Value]:
        """A row that is referred to is there with all it must have, or not at all."""
        changed = {**customer, path: value}
        if path[0] != CUSTOMER:
            return changed
        for other in self.types:
            if other == path or other[:2] != path[:2]:
                continue
            if len(path) == 2 and value is None:
                changed[other] = None
            elif (value is not None and changed[other] is None and len(other) == 2) or (
                value is not None and changed[other] is None and not self._may_miss(other)
            ):
                changed[other] = self.options[other][0]
        if value is None and len(path) > 2 and path[1:] in self.required and path[:2] in changed:
            changed[path[:2]] = None
        return changed

    def _value(self, customer: Mapping[Path, Value], score: Score) -> tuple[int, int]:
        """How many assumptions fail (0 is best, else negative), and the score."""
        self.tries += 1
        row, context = self._split(customer)
        failing = 0
        try:
            for condition, holds in self.conditions:
                failing -= condition(row, context) is not holds
            return (failing, 0) if failing else (0, score(row, context))
        except _BROKEN:
            return -len(self.conditions) - 1, 0

    def _split(self, customer: Mapping[Path, Value]) -> tuple[Row, Context]:
        row = tuple(customer[(CUSTOMER, *need.path)] for need in self.needs)
        context = {path: value for path, value in customer.items() if path[0] != CUSTOMER}
        return row, context

    def _shown(self, customer: Mapping[Path, Value]) -> dict[str, object]:
        return {
            ".".join(path[1:]): json_value(value, self.types[path])
            for path, value in customer.items()
            if path[0] == CUSTOMER and value is not None
        }


def _longest_list(options: Mapping[Path, Sequence[Value]]) -> int:
    lists = (value for values in options.values() for value in values if isinstance(value, tuple))
    return max(map(len, lists), default=0)


def _met(conditions: list[tuple[RowFunction, bool]], row: Row, context: Context) -> int:
    return sum(condition(row, context) is holds for condition, holds in conditions)


def search(
    parts: tuple[object, ...],
    assumptions: Sequence[Assumption],
    required: frozenset[Path],
    shortest: bool = False,
) -> Search | None:
    """None where what is read cannot be compiled."""
    try:
        return Search(parts, assumptions, required, shortest)
    except PlanCodeError:
        return None


def json_value(value: Value, type_: Type) -> object:
    """As it would stand in JSON; a decimal with the digits of its scale."""
    match value, type_:
        case datetime.datetime(), _:
            return f"{value.isoformat()}Z"
        case datetime.date(), _:
            return value.isoformat()
        case int(), DecimalType(scale=scale) if scale:
            whole, rest = divmod(abs(value), 10**scale)
            return float(decimal_text(value, scale)) if rest else (-whole if value < 0 else whole)
        case tuple(), ObjectType(members=members):
            pairs = zip(members, value, strict=True)
            return {m.name: json_value(each, m.type) for m, each in pairs if each is not None}
        case tuple(), ListType(item=item):
            return [json_value(each, item) for each in value]
        case _:
            return value
