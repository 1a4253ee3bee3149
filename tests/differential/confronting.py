"""Confronts what the solver says with both back ends, over the nasty rows.

A condition that the solver calls impossible must be true of no row; the customer that it finds possible
must make the condition true in Python and in DuckDB.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb
from comparison import CONTEXT, WORLD
from nasty_relations import ALL_FIELDS, OBJECTS, PURCHASE, RELATIONS, VISIT, all_rows
from nasty_rows import COLUMNS, OPTIONAL, load_table
from program_generator import Generator
from program_parts import operations_of

from handbill.language.reasoning.declared import Declared, fields_of, question_about
from handbill.language.reasoning.example import unpacked
from handbill.language.reasoning.question import (
    Impossible,
    Possible,
    Question,
    Reply,
    all_of,
    negation,
)
from handbill.language.reasoning.solving import solve
from handbill.plan.ir import Call, Const, Expression, Field, Operation
from handbill.plan.model import FieldNeed
from handbill.plan.row import compile_expression
from handbill.plan.sql_rules import lower_rules
from handbill.plan.types import BoolType, IntType, ListType, ObjectType, StringType
from handbill.plan.values import Row, Value, const_of

DECLARATIONS = {
    "customer": {name: Declared(type, name not in OPTIONAL) for name, (type, _) in COLUMNS.items()}
    | {need.path[0]: Declared(need.type, need.path[0] != "maybe_address") for need in OBJECTS}
}
BOOL, TEXT = BoolType(), StringType(10)
ZONE = ("customer", "maybe_zone")


@dataclass(frozen=True)
class Contradiction:
    """The solver said `reply`, and `row` shows that it is wrong."""

    condition: Expression
    reply: Reply
    row: Row | None
    back_end: str


class Confrontation:
    """Asks the solver, and holds each answer against both back ends."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, milliseconds: int = 1_000) -> None:
        self._connection = connection
        self._milliseconds = milliseconds
        self._rows = all_rows()
        self.answers: Counter[str] = Counter()
        self.operations: dict[str, Counter[Operation]] = {
            "impossible": Counter(),
            "possible": Counter(),
        }

    def contradictions(self, condition: Expression) -> Iterator[Contradiction]:
        question = question_about(condition, DECLARATIONS, self._milliseconds)
        reply = solve(question)
        match reply:
            case Impossible():
                self._count("impossible", condition)
                yield from self._rows_that_hold(condition, reply)
            case Possible(values=values):
                self._count("possible", condition)
                yield from self._not_an_example(question, reply, values)
            case _:
                self.answers["unknown"] += 1

    def _count(self, answer: str, condition: Expression) -> None:
        self.answers[answer] += 1
        self.operations[answer].update(set(operations_of(condition)))

    def _rows_that_hold(self, condition: Expression, reply: Reply) -> Iterator[Contradiction]:
        function = compile_expression(condition, ALL_FIELDS)
        for row in self._rows:
            if function(row, CONTEXT) is True:
                yield Contradiction(condition, reply, row, "python")
        lowered = lower_rules([condition], WORLD)
        numbers = self._connection.execute(
            f"SELECT row_number FROM customers {lowered.joins} WHERE {lowered.sql[0]}"
        ).fetchall()
        for (number,) in numbers:
            yield Contradiction(condition, reply, self._rows[number], "duckdb")

    def _not_an_example(
        self, question: Question, reply: Reply, values: tuple[object, ...]
    ) -> Iterator[Contradiction]:
        condition, example = question.condition, unpacked(values, question.known)
        row = tuple(example.get(("customer", *need.path)) for need in ALL_FIELDS)
        context = {("run", "date"): example.get(("run", "date"), CONTEXT[("run", "date")])}
        if compile_expression(condition, ALL_FIELDS)(row, context) is not True:
            yield Contradiction(condition, reply, row, "python")
        world = replace(WORLD, context=context, zones=[str(example.get(ZONE) or "")])
        with duckdb.connect() as alone:
            _load_customer(alone, row)
            lowered = lower_rules([condition], world)
            query = f"SELECT {lowered.sql[0]} FROM customers {lowered.joins}"
            if alone.execute(query).fetchall() != [(True,)]:
                yield Contradiction(condition, reply, row, "duckdb")


def _load_customer(connection: duckdb.DuckDBPyConnection, row: Row) -> None:
    """The tables as they would be if this were the only customer."""
    cells = dict(zip(ALL_FIELDS, row, strict=True))
    plain = [need for need in ALL_FIELDS if ("customer", *need.path) not in RELATIONS]
    load_table(connection, "customers", plain, [tuple(cells[need] for need in plain)])
    for need, object_, key in ((OBJECTS[0], PURCHASE, IntType()), (OBJECTS[1], VISIT, TEXT)):
        fields = [FieldNeed(path=(member.name,), type=member.type) for member in object_.members]
        fields.append(FieldNeed(path=("customer",), type=key))
        owner: Value = 0 if key == IntType() else "0"
        owned = [(*each, owner) for each in cells[need] or ()]  # type: ignore[misc, union-attr]
        load_table(connection, need.path[0], fields, owned or [(*[None] * len(fields),)])


# ── conditions ───────────────────────────────────────────────────────────────────────────────────


def related_pairs(generator: Generator, count: int) -> Iterator[tuple[Expression, Expression]]:
    """Pairs of conditions, most of them close to one another: contained, equal, apart."""
    rng = random.Random(count)
    for number in range(count):
        one = generator.bool(rng.choice((2, 3)), frozenset())
        other = generator.bool(rng.choice((1, 2)), frozenset())
        match number % 5:
            case 0:
                yield one, other
            case 1:
                yield all_of((one, other)), one
            case 2:
                yield one, Call(Operation.OR, (other, one), BOOL)
            case 3:
                yield one, negation(negation(one))
            case _:
                yield one, moved(one, rng)


def moved(expression: Expression, rng: random.Random) -> Expression:
    """The same with the numbers that it compares with moved a little."""
    if not isinstance(expression, Call):
        return expression
    arguments = tuple(moved(each, rng) for each in expression.arguments)
    if expression.operation in (Operation.LT, Operation.LE, Operation.GT, Operation.GE):
        arguments = (arguments[0], _moved_number(arguments[1], rng))
    return Call(expression.operation, arguments, expression.type, expression.wide)


def _moved_number(expression: Expression, rng: random.Random) -> Expression:
    match expression:
        case Const(type=IntType(), value=int(value)) if not isinstance(value, bool):
            near = value + rng.choice((-1, 0, 1))
            return Const(IntType(near, near), near)
        case _:
            return expression


def row_conditions(program: Expression, row: Row) -> Expression | None:
    """That the program has the value that it has for the row, for customers who are like the row.

    The solver must find that possible: the row is such a customer. None where the value is missing.
    """
    value = compile_expression(program, ALL_FIELDS)(row, CONTEXT)
    if value is None or isinstance(value, tuple):
        return None
    conditions = [pinned(Field(("customer", need.path[0]), need.type), cell)
                  for need, cell in zip(ALL_FIELDS, row, strict=True) if _reads(program, need.path[0])]  # fmt: skip
    conditions.append(_equals(program, value))
    return all_of(conditions)


def _equals(expression: Expression, value: Value) -> Expression:
    if isinstance(value, bool):
        return expression if value else negation(expression)
    return Call(Operation.EQ, (expression, const_of(value, expression.type)), BOOL)


def pinned(field: Field, value: Value) -> Expression:
    """That the field has this value; of a list, its size and what is in it."""
    defined = Call(Operation.IS_DEFINED, (field,), BOOL)
    if value is None:
        return negation(defined)
    if isinstance(field.type, ObjectType):
        return defined
    if isinstance(value, tuple):
        assert isinstance(field.type, ListType)
        size = Call(Operation.COUNT, (field,), IntType())
        parts: list[Expression] = [_equals(size, len(value))]
        parts += [
            Call(Operation.LIST_CONTAINS, (field, const_of(each, field.type.item)), BOOL)
            for each in dict.fromkeys(value)
            if not isinstance(each, tuple)
        ]
        return all_of((defined, *parts))
    return all_of((defined, _equals(field, value)))


def _reads(program: Expression, name: str) -> bool:
    return any(field.path == ("customer", name) for field in fields_of(program))
