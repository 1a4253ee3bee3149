"""Random programs of the IR: well-typed, with intervals, lazy alternatives and guards.

Operators are drawn by weight, and the weight of one that has been drawn often falls, so that rare
ones (trim, lower, round) are covered as well as common ones. What the type checker would refuse is
not made: an optional value is used only under a default or a guard, a divisor is never zero where
it is reached, and intervals stay within 64 bits (128 for decimals).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from nasty_rows import COLUMNS, OPTIONAL
from nasty_values import DATES, DATETIMES, STRINGS
from program_lists import (
    KINDS,
    optional_end,
    picked_member,
)
from program_parts import (
    DATE,
    DATETIME,
    RUN_DATE,
    Facts,
    Maker,
    integer,
    operations_of,
    text,
    without_hints,
)
from program_tables import BOOLS, DATE_MAKERS, DATETIME_MAKERS, INTEGERS, LISTS, TEXTS

from handbill.plan.ir import Const, Expression, Field, Local, Member, Operation, Step
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


class Generator:
    """Draws programs; `covered` counts the operators that it put into them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.covered: Counter[Operation | Step] = Counter()
        self.items: list[tuple[str, Type]] = []
        """The items of the pipelines around what is being drawn, by local name."""

    def programs(self, count: int) -> Iterator[Expression]:
        kinds = (
            self.bool,
            self.int,
            self.bool,
            self.text,
            self.bool,
            self.text,
            self.int,
            self.date,
            self.bool,
            self.datetime,
        )
        for number in range(count):
            program = kinds[number % len(kinds)](self.random.choice((2, 3, 3, 4, 5)), frozenset())
            if number % 2:
                program = without_hints(program)
            self.covered.update(operations_of(program))
            yield program

    # ── one of each kind ─────────────────────────────────────────────────────────────────────────

    def bool(self, depth: int, facts: Facts) -> Expression:
        return self._any(BOOLS, depth, facts, lambda: self.leaf(facts, BoolType))

    def int(self, depth: int, facts: Facts) -> Expression:
        return self._any(INTEGERS, depth, facts, lambda: self._number_leaf(facts))

    def text(self, depth: int, facts: Facts) -> Expression:
        return self._any(TEXTS, depth, facts, lambda: self._text_leaf(facts))

    def date(self, depth: int, facts: Facts) -> Expression:
        return self._any(DATE_MAKERS, depth, facts, lambda: self._date_leaf(facts))

    def datetime(self, depth: int, facts: Facts) -> Expression:
        return self._any(DATETIME_MAKERS, depth, facts, lambda: self._datetime_leaf(facts))

    def list(self, depth: int, facts: Facts) -> Expression:
        return self._any(LISTS, depth, facts, lambda: self.field(facts, ListType, {"tags"}))

    def _any(
        self,
        makers: dict[Operation | Step, Maker],
        depth: int,
        facts: Facts,
        leaf: Callable[[], Expression],
    ) -> Expression:
        if depth <= 0 or self.random.random() < 0.08:
            return leaf()
        operations = tuple(makers)
        for operation in self.random.choices(operations, self._weights(operations), k=8):
            made = makers[operation](self, depth - 1, facts)
            if made is not None:
                return made
        return leaf()

    def _weights(self, operations: Sequence[Operation | Step]) -> Sequence[float]:
        return [1.0 / (1 + self.covered[operation]) ** 0.8 for operation in operations]

    def least_drawn(self, operations: Sequence[Operation]) -> Operation:
        return self.random.choices(operations, self._weights(operations))[0]

    def optional_value(self, depth: int, facts: Facts, *kinds: type) -> Expression:
        """A value that may be missing: a field, an end of a list, a member of one."""
        chance = self.random.random()
        if chance < 0.35 and depth > 0:
            found = picked_member(self, depth - 1, facts, *kinds)
            if found is not None:
                return found
        if chance < 0.6 and depth > 0:
            kind = next(name for name, types in KINDS.items() if types == kinds)
            return optional_end(self, kind, depth - 1, facts)
        return self.optional(*kinds)

    # ── items ────────────────────────────────────────────────────────────────────────────────────

    def name(self) -> str:
        """A local name; those inside one another differ, those beside one another need not."""
        return f"item{len(self.items)}"

    @contextmanager
    def item(self, name: str, type: Type) -> Iterator[None]:
        self.items.append((name, type))
        yield
        self.items.pop()

    def _item_leaf(self, facts: Facts, kind: type) -> Expression | None:
        """Something of that kind that an item has."""
        found: list[Expression] = []
        for name, item in self.items:
            local = Local(name, item)
            if isinstance(item, ObjectType):
                found += [
                    Member(local, member.name, member.type)
                    for member in item.members
                    if isinstance(member.type, kind)
                    and (member.required or f"{name}.{member.name}" in facts)
                ]
            elif isinstance(item, kind):
                found.append(local)
        return self.random.choice(found) if found else None

    # ── leaves ───────────────────────────────────────────────────────────────────────────────────

    def leaf(self, facts: Facts, kind: type) -> Expression:
        """Of an item in scope, or a field."""
        if self.items and self.random.random() < 0.75:
            found = self._item_leaf(facts, kind)
            if found is not None:
                return found
        return self.field(facts, kind)

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
        return self.leaf(facts, kind)

    def _text_leaf(self, facts: Facts) -> Expression:
        if self.random.random() < 0.3:
            return text(self.random.choice(STRINGS))
        return self.leaf(facts, self.random.choice((StringType, StringType, EnumType)))

    def _date_leaf(self, facts: Facts) -> Expression:
        if self.random.random() < 0.1:
            return RUN_DATE
        if self.random.random() < 0.3:
            return Const(DATE, self.random.choice(DATES).isoformat())
        return self.leaf(facts, DateType)

    def _datetime_leaf(self, facts: Facts) -> Expression:
        if self.random.random() < 0.4:
            return Const(DATETIME, self.random.choice(DATETIMES).isoformat())
        return self.leaf(facts, DatetimeType)
