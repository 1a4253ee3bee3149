"""A pipeline over a relation, taken apart: what one aggregate over its rows can compute.

A Stream is what selects and maps leave of the rows, as SQL over one row. Where a step cannot be part
of an aggregate (what follows a slice or a unique), the rows become a list, and the list functions
go on from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Member, Operation
from handbill.plan.sql_numbers import Operand
from handbill.plan.sql_scope import MemberOf, packed
from handbill.plan.types import Type


@dataclass(frozen=True, slots=True)
class SortKey:
    sql: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """Some rows of a relation in some order, and a value for each."""

    type: Type
    row: MemberOf
    """The members of a row."""
    value: Operand | None = None
    """The mapped value; None while it is the row itself."""
    may_miss: bool = False
    """The value is missing in some rows, which do not count."""
    conditions: tuple[str, ...] = ()
    order: tuple[SortKey, ...] = ()
    """What comes before the canonical order."""
    unique: Operand | None = None
    """Only the first of each of its values; nothing but a count, or the first, can follow."""
    unique_may_miss: bool = False

    def item(self) -> Operand | MemberOf:
        return self.row if self.value is None else self.value

    def packed(self) -> str:
        """The value, or the row as a STRUCT."""
        return packed(self.type, self.row) if self.value is None else self.value.sql

    def settled(self) -> Stream:
        """Without the rows whose value is missing."""
        if not self.may_miss or self.value is None:
            return self
        kept = self.filtered(f"{self.value.sql} IS NOT NULL")
        return replace(kept, may_miss=False)

    def filtered(self, *conditions: str) -> Stream:
        known = [one for one in conditions if one not in self.conditions]
        return replace(self, conditions=(*self.conditions, *dict.fromkeys(known)))


def root_of(expression: Expression) -> Field | None:
    """The field whose items a pipeline goes through."""
    while True:
        match expression:
            case Each():
                expression = expression.items
            case Call(operation=Operation.SLICE):
                expression = expression.arguments[0]
            case Field():
                return expression
            case _:
                return None


def free_locals(expression: Expression) -> Iterator[str]:
    """Local names that the expression reads and does not bind itself."""
    match expression:
        case Local():
            yield expression.name
        case Call():
            for argument in expression.arguments:
                yield from free_locals(argument)
        case Member():
            yield from free_locals(expression.of)
        case Each():
            yield from free_locals(expression.items)
            for name in free_locals(expression.body):
                if name != expression.name:
                    yield name
        case Const() | Field():
            return


def conjuncts(expression: Expression) -> Iterator[Expression]:
    if isinstance(expression, Call) and expression.operation is Operation.AND:
        for argument in expression.arguments:
            yield from conjuncts(argument)
    else:
        yield expression
