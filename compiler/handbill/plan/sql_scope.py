"""Where an expression is lowered: what its fields and local names stand for in SQL."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Expression, Field, Local
from handbill.plan.sql_numbers import Operand
from handbill.plan.sql_text import identifier
from handbill.plan.types import ObjectType

MemberOf: TypeAlias = Callable[[str], Operand]
"""The operand of each member of an item that is no value of its own, but columns of a row."""


class Aggregates(Protocol):
    """Makes one value for each customer of an expression over a relation's rows."""

    def aggregate(self, expression: Expression) -> Operand | None:
        """None when the expression is to be lowered from its operands."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`zones`: those that occur in the data, for rules that read a customer's own."""

    field: Callable[[Field], Operand]
    zones: Collection[str] | None = None
    aggregates: Aggregates | None = None
    locals: Mapping[str, Operand | MemberOf] = dataclasses.field(default_factory=dict)

    def binding(self, name: str, value: Operand | MemberOf) -> Scope:
        return replace(self, locals={**self.locals, name: value})

    def local(self, local: Local) -> Operand:
        found = self.locals.get(local.name)
        if found is None:
            raise PlanCodeError(f"a rule has no local name {local.name}")
        if isinstance(found, Operand):
            return found
        return Operand(packed(local.type, found), local, simple=True)

    def fresh(self, prefix: str) -> str:
        """A name for a lambda's parameter that no lambda around it has."""
        return f"{prefix}{len(self.locals)}"


def packed(type: object, member: MemberOf) -> str:
    """A STRUCT of an object's members."""
    if not isinstance(type, ObjectType):
        raise PlanCodeError("an item is an object, but is used as if it were none")
    inside = ", ".join(f"{identifier(one.name)}: {member(one.name).sql}" for one in type.members)
    return f"{{{inside or '_: TRUE'}}}"
