"""Texts that can only be one of a few, and the texts of numbers: what can be carried out exactly."""

from __future__ import annotations

from itertools import product
from math import prod

from handbill.language.bounds.deciding import Deciding
from handbill.language.bounds.world import Bound, World
from handbill.plan.ir import Call, Const, Expression, Field, Local, Member, Operation
from handbill.plan.operations import apply
from handbill.plan.types import EnumType
from handbill.plan.values import Value

MAX_TEXTS = 512
MAX_PRODUCTS = 256
NUMBERS = frozenset({Operation.INT_TEXT, Operation.DECIMAL_TEXT, Operation.GROUPED_TEXT})
_APPLIED = frozenset(
    {Operation.TRUNCATE, Operation.TRIM, Operation.TITLE, Operation.LOWER, Operation.UPPER,
     Operation.REPLACE}
)  # fmt: skip
"""On one of few texts these are carried out."""


class Finite(Deciding):
    def finite(self, expression: Expression, world: World) -> tuple[str, ...] | None:
        known = world.of(expression).texts
        if known is not None:
            return known
        found = self.once("finite", expression, world, lambda: self._finite(expression, world))
        return found if found is None or len(found) <= MAX_TEXTS else None

    def _finite(self, expression: Expression, world: World) -> tuple[str, ...] | None:
        match expression:
            case Const(value=str(text)):
                return (text,)
            case Field() | Local() | Member():
                bounds = self.bounds(expression, world)
                if bounds:
                    values = [(b.value, b.world) for b in bounds if not isinstance(b.value, tuple)]
                    return self._any_of(values) if len(values) == len(bounds) else None
                return expression.type.values if isinstance(expression.type, EnumType) else None
            case Call(operation=Operation.IF, arguments=(condition, then, otherwise)):
                return self._any_of(self.ways(condition, then, otherwise, world))
            case Call(operation=Operation.DEFAULT, arguments=(value, fallback)):
                parts = self.alternatives(value, fallback, world)
                return self._any_of([(part, world) for part in parts])
            case Call(operation=Operation.CHOOSE, arguments=(place, *choices)):
                chosen = self.chosen(place, tuple(choices), world)
                return self._any_of([(choice, world) for choice in chosen])
            case Call(operation=Operation.CONCAT, arguments=parts):
                return self._sequences(parts, world)
            case Call(operation=operation, arguments=(text, *rest)) if operation in _APPLIED:
                texts = self.finite(text, world)
                constants: list[Value] = [c.value for c in rest if isinstance(c, Const)]
                if texts is None:
                    return None
                return tuple({str(apply(operation, [each, *constants])): None for each in texts})
            case _:
                return None

    def _any_of(self, parts: list[tuple[Expression, World]]) -> tuple[str, ...] | None:
        found: dict[str, None] = {}
        for part, there in parts:
            texts = self.finite(part, there)
            if texts is None:
                return None
            found.update(dict.fromkeys(texts))
        return tuple(found)

    def _sequences(self, parts: tuple[Expression, ...], world: World) -> tuple[str, ...] | None:
        each: list[tuple[str, ...]] = []
        for part in parts:
            texts = self.finite(part, world)
            if texts is None:
                return None
            each.append(texts)
            if prod(map(len, each)) > MAX_PRODUCTS:
                return None
        return tuple({"".join(choice): None for choice in product(*each)})

    def bounds(self, value: Expression, world: World) -> tuple[Bound, ...]:
        match value:
            case Local(name=name):
                return world.locals.get(name, ())
            case Field(path=path) if path in world.texts:
                return (world.texts[path],)
            case _:
                return ()

    def chosen(
        self, place: Expression, choices: tuple[Expression, ...], world: World
    ) -> tuple[Expression, ...]:
        low, high = self.interval(place, world) or (1, len(choices))
        return choices[max(low, 1) - 1 : high] or choices

    def number_texts(self, call: Call, world: World) -> list[str]:
        """The texts of the numbers at the ends and next to 0: none has more of anything, or less."""
        number, *constants = call.arguments
        interval = self.interval(number, world)
        assert interval is not None
        low, high = interval
        points = {low, high, min(high, -1) if low < 0 else low, max(low, 0) if high >= 0 else high}
        values = [const.value for const in constants if isinstance(const, Const)]
        return [str(apply(call.operation, [point, *values])) for point in sorted(points)]
