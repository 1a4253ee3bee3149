"""What a rule asks of one relation, as aggregates over its rows.

A pipeline that is a Stream ends in one aggregate; any other is a list, made by one. Equal questions
have equal text, and so one column. Every aggregate ignores the order of rows that the engine happens
to read: where order matters it is part of the aggregate.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handbill.plan.errors import PlanCodeError
from handbill.plan.intervals import interval_of, longest
from handbill.plan.ir import Call, Const, Each, Expression, Field, Member, Operation
from handbill.plan.sql_lists import narrowed_sum, rounded_average
from handbill.plan.sql_numbers import Operand
from handbill.plan.sql_pipelines import Stream, root_of
from handbill.plan.sql_relations import GroupedRows, RelationSource, ordering
from handbill.plan.sql_streams import RowStreams
from handbill.plan.types import BoolType, IntType

if TYPE_CHECKING:
    from handbill.plan.sql_rules import CustomerRules

MOST_KEPT = 1_000
"""A slice up to here keeps its rows while it aggregates; a longer one is cut from the whole list."""

_PICKS = frozenset({Operation.FIRST, Operation.LAST, Operation.ITEM})
_EXTREMES = {Operation.MINIMUM: "min", Operation.MAXIMUM: "max"}
_ENDS = _PICKS | {*_EXTREMES, Operation.AVERAGE}
_AGGREGATED = _ENDS | {Operation.COUNT, Operation.SUM, Operation.LIST_CONTAINS, Operation.SLICE}
_BOOL, _COUNT = BoolType(), IntType(0, 2**31)


def relation_of(expression: Expression) -> tuple[str, ...] | None:
    """The field over whose items the whole expression is one aggregate, if it is one at all."""
    match expression:
        case Member(of=Call(operation=operation) as call) if operation in _PICKS:
            expression = call.arguments[0]
        case Call(operation=Operation.IS_DEFINED, arguments=(Call() as call,)):
            if call.operation not in _ENDS:
                return None
            expression = call.arguments[0]
        case Call(operation=operation) if operation in _AGGREGATED:
            expression = expression.arguments[0]
        case Each():
            pass
        case _:
            return None
    root = root_of(expression)
    return None if root is None else root.path


class PipelineLowering:
    """Lowers expressions over one relation; `customers` lowers what they read of the customer."""

    def __init__(self, source: RelationSource, rows: GroupedRows, customers: CustomerRules) -> None:
        self._source = source
        self._rows = rows
        self._customers = customers
        self._streams = RowStreams(source, rows, customers)

    def join(self) -> str:
        """The join of everything that was asked."""
        return self._rows.join(f"{self._customers.world.customers} {self._customers.joins()}")

    def aggregate(self, expression: Expression) -> Operand | None:
        """The operand, or None where its list must be made and gone through."""
        match expression:
            case Member(of=Call() as call):
                return self._pick(call, expression)
            case Call(operation=Operation.IS_DEFINED, arguments=(Call() as call,)):
                return self._is_defined(call, expression)
            case Call():
                return self._call(expression)
            case Each():
                return self._list(expression)
            case _:
                return None

    def rows_of(self, field: Field) -> Operand:
        """All rows as a list, where nothing else will do."""
        made = self._list(field)
        assert made is not None
        return made

    # ── one value for each customer ──────────────────────────────────────────────────────────────

    def _call(self, call: Call) -> Operand | None:
        match call.operation:
            case Operation.COUNT:
                return self._count(call.arguments[0], call)
            case Operation.SLICE:
                return self._slice(call)
            case Operation.FIRST | Operation.LAST | Operation.ITEM:
                return self._pick(call, None)
            case _:
                stream = self._streams.stream(call.arguments[0])
                if stream is None or stream.value is None or stream.unique is not None:
                    return None
                return self._over_values(call, stream, stream.value)

    def _over_values(self, call: Call, stream: Stream, value: Operand) -> Operand | None:
        match call.operation:
            case Operation.SUM:
                return self._sum(call, stream, value)
            case Operation.AVERAGE:
                count = self._count(call.arguments[0], Call(Operation.COUNT, (), _COUNT))
                assert count is not None
                counted = Call(Operation.COUNT, call.arguments[:1], _COUNT)
                count = replace(count, expression=counted)
                total = self._sum(Call(Operation.SUM, call.arguments[:1], call.type), stream, value)
                sql = rounded_average(call, total, count)
                factor = interval_of(call.arguments[1], ())
                return Operand(sql, call, interval_of(call, [value.interval, factor]))
            case Operation.MINIMUM | Operation.MAXIMUM:
                aggregate = f"{_EXTREMES[call.operation]}({value.sql})"
                return _simple(self._add(aggregate, stream), call, value)
            case Operation.LIST_CONTAINS:
                wanted = self._streams.carried(call.arguments[1])
                found = self._add(f"bool_or({value.sql} = {wanted.sql})", stream)
                return Operand(f"coalesce({found}, FALSE)", call, simple=True)
            case _:
                return None

    def _sum(self, call: Call, stream: Stream, value: Operand) -> Operand:
        summed = f"coalesce({self._add(f'sum({value.sql})', stream)}, 0)"
        sql = narrowed_sum(call, value, summed)
        return Operand(sql, call, interval_of(call, [value.interval]), simple=True)

    def _count(self, items: Expression, call: Call) -> Operand | None:
        stream = self._streams.stream(items)
        if stream is None:
            return None
        stream = stream.settled()
        interval = (0, longest(items))
        if stream.unique is None:
            count = f"coalesce({self._add('count(*)', stream)}, 0)"
            return Operand(count, call, interval, simple=True)
        key = stream.unique.sql
        count = f"coalesce({self._add(f'count(DISTINCT {key})', stream)}, 0)"
        if not stream.unique_may_miss:
            return Operand(count, call, interval, simple=True)
        # A missing key is a value like any other, which DISTINCT does not count.
        missing = self._add("count(*)", stream.filtered(f"{key} IS NULL"))
        return Operand(f"({count} + CASE WHEN {missing} > 0 THEN 1 ELSE 0 END)", call, interval)

    def _is_defined(self, end: Call, call: Call) -> Operand | None:
        place = _place(end) if end.operation is Operation.ITEM else 0
        count = self._count(end.arguments[0], call)
        return None if count is None else Operand(f"({count.sql} > {place})", call)

    # ── one row of each customer ─────────────────────────────────────────────────────────────────

    def _pick(self, call: Call, member: Member | None) -> Operand | None:
        stream = self._streams.stream(call.arguments[0])
        place = _place(call) if call.operation is Operation.ITEM else 0
        if stream is None or (stream.unique is not None and (place or _is_last(call))):
            return None
        whole: Expression = call if member is None else member
        if place >= min(longest(call.arguments[0]), MOST_KEPT):
            return None
        if member is not None:
            return self._pick_member(call, stream, member, place)
        if stream.value is None:
            return Operand(self._picked(call, stream, stream.packed(), place), whole, simple=True)
        picked = self._picked(call, stream, stream.value.sql, place)
        return Operand(picked, whole, stream.value.interval, simple=True)

    def _pick_member(
        self, call: Call, stream: Stream, member: Member, place: int
    ) -> Operand | None:
        if stream.value is not None:
            return None
        value = stream.row(member.name)
        first = not stream.order and not place
        if first and member.name == self._source.order[0]:
            extreme = "max" if _is_last(call) else "min"
            return Operand(self._add(f"{extreme}({value.sql})", stream), member, simple=True)
        picked = self._picked(call, stream, value.sql, place, keeps_null=True)
        return Operand(picked, member, value.interval, simple=True)

    def _picked(
        self, call: Call, stream: Stream, value: str, place: int, keeps_null: bool = False
    ) -> str:
        order = self._order(stream)
        if place:
            if not keeps_null:
                stream = stream.settled()
            kept = self._add(f"arg_min({{'v': {value}}}, {order}, {place + 1})", stream)
            return f"struct_extract(list_extract({kept}, {place + 1}), 'v')"
        function = "arg_max" if _is_last(call) else "arg_min"
        return self._add(f"{function}{'_null' if keeps_null else ''}({value}, {order})", stream)

    def _order(self, stream: Stream) -> str:
        """A value for each row that grows in the order of the rows; never NULL."""
        return ordering(self._source, [(key.sql, key.descending) for key in stream.order])

    # ── lists ────────────────────────────────────────────────────────────────────────────────────

    def _slice(self, call: Call) -> Operand | None:
        limit = _place(call)
        stream = self._streams.stream(call.arguments[0])
        if stream is None or stream.unique is not None:
            return None
        if not 0 < limit <= MOST_KEPT:
            return None
        stream = stream.settled()
        kept = self._add(f"arg_min({stream.packed()}, {self._order(stream)}, {limit})", stream)
        return self._as_list(kept, call, stream)

    def _list(self, items: Expression) -> Operand | None:
        stream = self._streams.stream(items)
        if stream is None or stream.unique is not None:
            return None
        stream = stream.settled()
        made = self._add(f"list({stream.packed()} ORDER BY {self._order(stream)})", stream)
        return self._as_list(made, items, stream)

    def _as_list(self, sql: str, expression: Expression, stream: Stream) -> Operand:
        interval = None if stream.value is None else stream.value.interval
        return Operand(f"coalesce({sql}, [])", expression, interval, simple=True)

    def _add(self, aggregate: str, stream: Stream) -> str:
        return self._rows.add(aggregate, stream.conditions)


def _simple(sql: str, expression: Expression, value: Operand) -> Operand:
    return Operand(sql, expression, value.interval, simple=True)


def _is_last(call: Call) -> bool:
    return call.operation is Operation.LAST


def _place(call: Call) -> int:
    match call.arguments[1]:
        case Const(value=int() as place):
            return place
        case _:
            raise PlanCodeError("an operand that must be an integer constant is none")
