"""The rows of a relation as Streams: what each step of a pipeline says of one row, in SQL.

Over the rows an expression reads columns; what it reads of the customer is carried to them by the
grouped query (see sql_relations.py), and what only the run decides is a literal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handbill.plan.errors import PlanCodeError
from handbill.plan.intervals import interval_of
from handbill.plan.ir import Each, Expression, Field, Local, Member, Step
from handbill.plan.sql import lowered
from handbill.plan.sql_numbers import Operand
from handbill.plan.sql_pipelines import SortKey, Stream, conjuncts
from handbill.plan.sql_relations import ROWS, GroupedRows, RelationSource
from handbill.plan.sql_scope import Scope
from handbill.plan.sql_text import identifier
from handbill.plan.types import ListType, MemberType, ObjectType, Type

if TYPE_CHECKING:
    from handbill.plan.sql_rules import CustomerRules


class RowStreams:
    """Streams over one relation; `customers` lowers what they read of the customer."""

    def __init__(self, source: RelationSource, rows: GroupedRows, customers: CustomerRules) -> None:
        self._source = source
        self._rows = rows
        self._customers = customers

    def stream(self, items: Expression) -> Stream | None:
        """The pipeline as a Stream; None where a step must see the items as a list."""
        match items:
            case Field():
                return Stream(self._item_type(items), self._row_member)
            case Each():
                before = self.stream(items.items)
                if before is None or before.unique is not None:
                    return None
                return self._step(items, before.settled())
            case _:
                return None

    def _step(self, each: Each, before: Stream) -> Stream:
        scope = self._row_scope().binding(each.name, before.item())
        if each.step is Step.SELECT:
            parts = [lowered(part, scope).sql for part in conjuncts(each.body)]
            return before.filtered(*parts)
        if each.step is Step.MAP and _is_item(each):
            return before
        if each.step is Step.UNIQUE and _is_item(each) and before.value is None:
            return replace(before, unique=Operand(before.packed(), each.body))
        is_present = self._is_required(each, before) or _is_item(each)
        body = lowered(each.body, scope)
        match each.step:
            case Step.MAP:
                return replace(before, type=each.type.item, value=body, may_miss=not is_present)
            case Step.SORT:
                return replace(before, order=(SortKey(body.sql, each.descending), *before.order))
            case _:
                return replace(before, unique=body, unique_may_miss=not is_present)

    def _is_required(self, each: Each, before: Stream) -> bool:
        """Whether the body is a member that every row has."""
        match each.body:
            case Member(of=Local(name=name)) if name == each.name and before.value is None:
                members = _members(self._source.type)
                return any(one.name == each.body.name and one.required for one in members)
            case _:
                return False

    def _item_type(self, field: Field) -> Type:
        """The row's type, without what the relation's table does not hold."""
        held = {member.name for member in _members(self._source.type)}
        if not isinstance(field.type, ListType) or not isinstance(field.type.item, ObjectType):
            raise PlanCodeError("a relation is no list of objects")
        return ObjectType(tuple(one for one in field.type.item.members if one.name in held))

    def _row_member(self, name: str) -> Operand:
        for member in _members(self._source.type):
            if member.name == name:
                read = Member(Local(ROWS, self._source.type.item), name, member.type)
                sql = f"{ROWS}.{identifier(name)}"
                return Operand(sql, read, interval_of(read, ()), simple=True)
        raise PlanCodeError(f"the relation's rows do not carry {name}")

    # ── the customer's own values, over the rows ─────────────────────────────────────────────────

    def carried(self, expression: Expression) -> Operand:
        """An expression of the customer alone, for use over the rows."""
        return lowered(expression, self._row_scope())

    def _row_scope(self) -> Scope:
        return Scope(
            self._carried_field, self._customers.world.zones, _Carrying(self._customers, self._rows)
        )

    def _carried_field(self, field: Field) -> Operand:
        operand = self._customers.lower(field)
        if field.path in self._customers.world.context:
            return operand
        return replace(operand, sql=self._rows.carry(operand.sql), simple=True)


class _Carrying:
    """Over the rows, what does not depend on them is a value of the customer."""

    def __init__(self, customers: CustomerRules, rows: GroupedRows) -> None:
        self._customers = customers
        self._rows = rows

    def aggregate(self, expression: Expression) -> Operand | None:
        known = self._customers.known(expression)
        if known is not None:
            return known
        operand = self._customers.aggregate(expression)
        if operand is None:
            return None
        return replace(operand, sql=self._rows.carry(operand.sql), simple=True)


def _is_item(each: Each) -> bool:
    return isinstance(each.body, Local) and each.body.name == each.name


def _members(type: ListType) -> tuple[MemberType, ...]:
    return type.item.members if isinstance(type.item, ObjectType) else ()
