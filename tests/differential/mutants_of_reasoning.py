"""Planted faults in the translation to formulas: each makes the solver deny a customer that there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import z3
from _pytest.monkeypatch import MonkeyPatch

from handbill.language.reasoning.formulas import (
    dates,
    lists,
    numbers,
    symbols,
    terms,
    texts,
    translation,
)
from handbill.plan.ir import Operation

O = Operation  # noqa: E741


@dataclass(frozen=True)
class Mutant:
    """`shows` are operations of programs in which the fault can be seen; none: in any."""

    name: str
    shows: tuple[Operation, ...]
    plant: Callable[[MonkeyPatch], None]


def instead(module: Any, name: str, fault: Any) -> Callable[[MonkeyPatch], None]:
    return lambda patch: patch.setattr(module, name, fault)


def half_up(dividend: Any, divisor: Any) -> Any:
    """-2.5 becomes -2."""
    return (2 * dividend + divisor) / (2 * divisor)


def first_item_only(patch: MonkeyPatch) -> None:
    original = lists.unrolled

    def unrolled(size: Any, values: Any) -> Any:
        whole = original(size, values)
        if not values:
            return whole

        def contains(value: Any) -> Any:
            return z3.And(size > 0, lists.same(values[0], value))

        return terms.Items(whole.count, contains, whole.first, whole.last, whole.values)

    patch.setattr(lists, "unrolled", unrolled)


def trim_keeps_its_length(patch: MonkeyPatch) -> None:
    patch.setattr(texts, "_SAME_LENGTH", frozenset([O.LOWER, O.UPPER, O.TITLE, O.TRIM]))


def branches_change_places(patch: MonkeyPatch) -> None:
    original = lists.merged_terms

    def merged(condition: Any, then: Any, otherwise: Any) -> Any:
        return original(condition, otherwise, then)

    patch.setattr(lists, "merged_terms", merged)


def default_is_never_used(patch: MonkeyPatch) -> None:
    original = lists.merged

    def merged(condition: Any, then: Any, otherwise: Any) -> Any:
        return original(z3.BoolVal(True), then, otherwise)

    patch.setattr(lists, "merged", merged)


def order_without_equal(patch: MonkeyPatch) -> None:
    original = texts.precedes
    patch.setattr(texts, "precedes", lambda left, right, or_equal: original(left, right, False))


def short_texts(patch: MonkeyPatch) -> None:
    original = symbols.Symbols._string

    def string(self: Any, name: str, maximum: int | None) -> Any:
        return original(self, name, None if maximum is None else maximum // 4)

    patch.setattr(symbols.Symbols, "_string", string)


def slice_drops_one(patch: MonkeyPatch) -> None:
    original = lists.sliced

    def sliced(items: Any, limit: int, *rest: Any) -> Any:
        return original(items, limit - 1, *rest)

    patch.setattr(lists, "sliced", sliced)


def always_present(self: Any, known: Any) -> Any:
    return True


MUTANTS = (
    Mutant("division is Euclid's", (O.FLOOR_DIV,), instead(numbers, "floor_div", lambda a, b: a / b)),
    Mutant("remainders are Euclid's", (O.MOD,), instead(numbers, "modulo", lambda a, b: a % b)),
    Mutant("ties go up", (O.ROUND_DIV,), instead(numbers, "round_div", half_up)),
    Mutant("abs keeps the sign", (O.ABS,), instead(numbers, "absolute", lambda a: a)),
    Mutant("the week starts on Sunday", (O.DATE_PART,), instead(dates, "weekday", lambda d: d % 7 + 1)),
    Mutant(
        "days leave the calendar",
        (O.PLUS_DAYS,),
        instead(translation, "plus_days", lambda day, days: day + days),
    ),
    Mutant(
        "December has 30 days",
        (O.DATE_PART,),
        instead(dates, "_LENGTHS", (*dates._LENGTHS[:11], 30)),
    ),
    Mutant("dates begin in 1950", (), instead(symbols, "FIRST", 711_858)),
    Mutant("every field is there", (), instead(symbols.Symbols, "_presence", always_present)),
    Mutant("texts are short", (), short_texts),
    Mutant("truncate cuts one early", (O.TRUNCATE,), instead(texts, "truncate", lambda t, n: z3.SubString(texts.as_string(t), 0, n - 1))),
    Mutant("contains looks the other way", (O.CONTAINS,), instead(texts, "contains", lambda a, b: z3.Contains(texts.as_string(b), texts.as_string(a)))),
    Mutant("starts with is ends with", (O.STARTS_WITH,), instead(texts, "starts_with", texts.ends_with)),
    Mutant("order has no equal", (O.LE, O.GE), order_without_equal),
    Mutant("trim keeps its length", (O.TRIM,), trim_keeps_its_length),
    Mutant("in looks at the first item", (O.LIST_CONTAINS,), first_item_only),
    Mutant("slice drops one", (O.SLICE,), slice_drops_one),
    Mutant("branches change places", (O.IF,), branches_change_places),
    Mutant("default is never used", (O.DEFAULT,), default_is_never_used),
)  # fmt: skip
