"""What values really look like in a row: which members an object has there, and where.

A plan's row carries only the members that the plan needs, so a Field's own type may name more of
them than its value has. These functions follow an expression to the type of the value itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Member, Operation, Step
from handbill.plan.types import ListType, ObjectType, Type

_ITEMS = frozenset({Operation.FIRST, Operation.LAST, Operation.ITEM})
_MAY_MISS = _ITEMS | {Operation.AVERAGE, Operation.MINIMUM, Operation.MAXIMUM}


class RowTypes:
    """The types of the row's fields, and of the local names in scope."""

    def __init__(self, fields: Mapping[tuple[str, ...], Type]) -> None:
        self._fields = fields
        self.locals: dict[str, Type] = {}
        """Every name that is bound; the items of loops and of Each are never missing."""
        self.present: frozenset[str] = frozenset()
        """Names of locals that are never missing."""

    def of(self, expression: Expression) -> Type:
        """The type of the value; for scalars, what the expression says."""
        match expression:
            case Const():
                return expression.type
            case Field():
                return self._fields.get(expression.path, expression.type)
            case Local():
                return self.locals.get(expression.name, expression.type)
            case Member():
                type = self.object_of(expression)
                return type.members[place_of(type, expression.name)].type
            case Each():
                if expression.step is Step.MAP:
                    item = self.of(expression.body)
                    if isinstance(item, ListType):
                        raise PlanCodeError("a list of lists")
                    return ListType(item, expression.type.maximum)
                return self.of(expression.items)
            case Call():
                return self._of_call(expression)
            case _:
                assert_never(expression)

    def _of_call(self, call: Call) -> Type:
        if call.operation in _ITEMS:
            items = self.of(call.arguments[0])
            return items.item if isinstance(items, ListType) else call.type
        if call.operation is Operation.SLICE:
            return self.of(call.arguments[0])
        if call.operation in (Operation.IF, Operation.DEFAULT):
            *_, first, second = (self.of(argument) for argument in call.arguments)
            if _members(first) != _members(second) and _members(first) and _members(second):
                raise PlanCodeError("alternatives with different members")
            return second if _members(second) else first
        return call.type

    def object_of(self, member: Member) -> ObjectType:
        """The type of the object that a member is read from."""
        found = self.of(member.of)
        if not isinstance(found, ObjectType):
            raise PlanCodeError(f"{member.name} is read from what is no object")
        return found

    def may_miss(self, expression: Expression) -> bool:
        """Whether the value can be missing where the expression is reached."""
        match expression:
            case Const():
                return False
            case Local():
                return expression.name not in self.present
            case Member():
                type = self.object_of(expression)
                required = type.members[place_of(type, expression.name)].required
                return not required or self.may_miss(expression.of)
            case Call(operation=Operation.IF | Operation.DEFAULT, arguments=(*_, then, otherwise)):
                optional = expression.operation is Operation.IF and self.may_miss(then)
                return optional or self.may_miss(otherwise)
            case Call():
                return expression.operation in _MAY_MISS
            case Each():
                return False
            case Field():
                return True
            case _:
                assert_never(expression)


def place_of(type: ObjectType, name: str) -> int:
    """The place of a member in the object's tuple; PlanCodeError when it is not carried."""
    try:
        return type.place(name)
    except KeyError:
        raise PlanCodeError(f"the plan does not carry the member {name}") from None


def _members(type: Type) -> ObjectType | None:
    """The objects in a value of this type; an empty constant list has any."""
    if isinstance(type, ListType):
        return _members(type.item)
    return type if isinstance(type, ObjectType) else None
