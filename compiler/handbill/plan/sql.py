"""The SQL back end: expressions become DuckDB SQL that equals the Python bodies in everything.

Every operator is total: SQL promises no short circuit, so operands of branches that are not taken
are computed too, on missing values and on whatever the other rows hold. Divisors are `NULLIF`,
integers are as wide as their intervals (see intervals.py) need, and nothing can raise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias, assert_never

from handbill.plan import sql_lists, sql_numbers
from handbill.plan.errors import PlanCodeError
from handbill.plan.intervals import interval_of
from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Member, Operation
from handbill.plan.operations import ELLIPSIS, TRIMMED
from handbill.plan.sql_lists import lower_each
from handbill.plan.sql_numbers import Operand, bind
from handbill.plan.sql_scope import Scope
from handbill.plan.sql_text import literal, quoted
from handbill.plan.sql_zones import ZONED
from handbill.plan.values import DATE_MAXIMUM, DATE_MINIMUM, DAYS_MAXIMUM, const_value

Columns: TypeAlias = Callable[[tuple[str, ...]], str]
"""From a field's path to SQL: a column of the import view, or a literal for a context field."""


def lower_expression(
    expression: Expression, columns: Columns, zones: Collection[str] | None = None
) -> str:
    """DuckDB SQL for an audience expression; parenthesised where it must be.

    A relation is a list like any other here; `sql_rules` makes grouped aggregates of them. `zones`
    are those that occur in the customers' own zone columns. Raises PlanCodeError for names that only
    templates bind, for endless nests, and for a rule that reads a zone column if `zones` is None.
    """

    def field(field: Field) -> Operand:
        return Operand(columns(field.path), field, interval_of(field, ()))

    return lowered(expression, Scope(field, zones)).sql


def lowered(expression: Expression, scope: Scope) -> Operand:
    """The expression in a scope; errors as `lower_expression`."""
    try:
        return _lower(expression, scope)
    except RecursionError as error:
        raise PlanCodeError("nested too deeply") from error


def _lower(expression: Expression, scope: Scope) -> Operand:
    if scope.aggregates is not None:
        aggregate = scope.aggregates.aggregate(expression)
        if aggregate is not None:
            return aggregate
    match expression:
        case Const():
            sql = literal(const_value(expression), expression.type)
            return Operand(sql, expression, interval_of(expression, ()))
        case Field():
            return scope.field(expression)
        case Local():
            return scope.local(expression)
        case Member():
            return _member(expression, scope)
        case Each():
            return lower_each(expression, scope, _lower)
        case Call():
            return _call(expression, scope)
        case _:
            assert_never(expression)


def _member(member: Member, scope: Scope) -> Operand:
    if isinstance(member.of, Local):
        found = scope.locals.get(member.of.name)
        if found is not None and not isinstance(found, Operand):
            return found(member.name)
    of = _lower(member.of, scope)
    sql = f"struct_extract({of.sql}, {quoted(member.name)})"
    return Operand(sql, member, interval_of(member, ()), simple=of.is_simple)


def _call(call: Call, scope: Scope) -> Operand:
    operands = tuple(_lower(argument, scope) for argument in call.arguments)
    interval = interval_of(call, [operand.interval for operand in operands])
    if (zoned := ZONED.get(call.operation)) is not None:
        return Operand(zoned(call, operands, scope.zones), call, interval)
    lowering = DUCKDB[call.operation]
    if isinstance(lowering, str):
        sql = lowering.format(*(operand.sql for operand in operands))
    else:
        sql = lowering(call, operands)
    return Operand(sql, call, interval)


# ── operations that are more than a pattern ──────────────────────────────────────────────────────

Operands: TypeAlias = tuple[Operand, ...]


def _joined(joiner: str) -> Callable[[Call, Operands], str]:
    def lower(call: Call, operands: Operands) -> str:
        return f"({joiner.join(operand.sql for operand in operands)})"

    return lower


def _in(call: Call, operands: Operands) -> str:
    members = ", ".join(operand.sql for operand in operands[1:])
    return f"({operands[0].sql} IN ({members}))"


def _truncate(call: Call, operands: Operands) -> str:
    text, limit = operands
    size = limit.constant()
    return bind(
        [text],
        lambda s: (
            f"CASE WHEN length({s}) <= {size} THEN {s} "
            f"ELSE left({s}, {size - 1}) || {quoted(ELLIPSIS)} END"
        ),
    )


def _plus_days(call: Call, operands: Operands) -> str:
    date, days = operands
    amount = days.sql
    low, high = days.range()
    if low < -DAYS_MAXIMUM or high > DAYS_MAXIMUM:
        amount = f"greatest(least({amount}, {DAYS_MAXIMUM}), {-DAYS_MAXIMUM})"
    moved = f"({date.sql} + CAST({amount} AS INTEGER))"
    if high > 0:
        moved = f"least({moved}, DATE '{DATE_MAXIMUM.isoformat()}')"
    if low < 0:
        moved = f"greatest({moved}, DATE '{DATE_MINIMUM.isoformat()}')"
    return moved


def _date_part(call: Call, operands: Operands) -> str:
    part = const_value(operands[1].const())
    name = "isodow" if part == "weekday" else str(part)
    return f"date_part({quoted(name)}, {operands[0].sql})"


def _choose(call: Call, operands: Operands) -> str:
    place, *choices = operands
    cases = " ".join(f"WHEN {n} THEN {choice.sql}" for n, choice in enumerate(choices, start=1))
    return f"CASE {place.sql} {cases} END"


def _slice(call: Call, operands: Operands) -> str:
    return f"list_slice({operands[0].sql}, 1, {operands[1].constant()})"


_BREAKS = r" \t\n\x0b\f\r\-({\[<"
"""WORD_BREAKS inside a character class of RE2."""

Lowering: TypeAlias = str | Callable[[Call, Operands], str]

DUCKDB: Mapping[Operation, Lowering] = {
    Operation.AND: _joined(" AND "),
    Operation.OR: _joined(" OR "),
    Operation.NOT: "(NOT {0})",
    Operation.IF: "CASE WHEN {0} THEN {1} ELSE {2} END",
    Operation.IS_DEFINED: "({0} IS NOT NULL)",
    Operation.DEFAULT: "coalesce({0}, {1})",
    Operation.EQ: "({0} = {1})",
    Operation.NE: "({0} <> {1})",
    Operation.LT: "({0} < {1})",
    Operation.LE: "({0} <= {1})",
    Operation.GT: "({0} > {1})",
    Operation.GE: "({0} >= {1})",
    Operation.IN: _in,
    Operation.LIST_CONTAINS: "list_contains({0}, {1})",
    Operation.ADD: sql_numbers.add,
    Operation.SUB: sql_numbers.subtract,
    Operation.MUL: sql_numbers.multiply,
    Operation.NEG: sql_numbers.negate,
    Operation.ABS: sql_numbers.absolute,
    Operation.FLOOR_DIV: sql_numbers.floor_div,
    Operation.MOD: sql_numbers.modulo,
    Operation.ROUND_DIV: sql_numbers.round_div,
    Operation.CONCAT: _joined(" || "),
    Operation.INT_TEXT: "CAST({0} AS VARCHAR)",
    Operation.DECIMAL_TEXT: sql_numbers.decimal_text,
    Operation.GROUPED_TEXT: sql_numbers.grouped_text,
    Operation.LENGTH: "length({0})",
    Operation.TRUNCATE: _truncate,
    Operation.CONTAINS: "contains({0}, {1})",
    Operation.STARTS_WITH: "starts_with({0}, {1})",
    Operation.ENDS_WITH: "ends_with({0}, {1})",
    Operation.TRIM: f"trim({{0}}, {quoted(TRIMMED)})",
    Operation.LOWER: "lower({0})",
    Operation.UPPER: "upper({0})",
    Operation.TITLE: (
        "array_to_string(list_transform(regexp_extract_all({0}, "
        + quoted(f"[{_BREAKS}]+|[^{_BREAKS}]+").replace("{", "{{")
        + "), lambda _word: upper(left(_word, 1)) || lower(substr(_word, 2))), '')"
    ),
    Operation.REPLACE: "replace({0}, {1}, {2})",
    Operation.PLUS_DAYS: _plus_days,
    Operation.DAYS_BETWEEN: "({1} - {0})",
    Operation.DATE_PART: _date_part,
    Operation.CHOOSE: _choose,
    Operation.COUNT: "len({0})",
    Operation.FIRST: "list_extract({0}, 1)",
    Operation.LAST: "list_extract({0}, -1)",
    Operation.ITEM: sql_lists.item,
    Operation.SUM: sql_lists.total,
    Operation.AVERAGE: sql_lists.average,
    Operation.MINIMUM: "list_min({0})",
    Operation.MAXIMUM: "list_max({0})",
    Operation.SLICE: _slice,
    Operation.JOIN: "array_to_string({0}, {1})",
}
"""One lowering for each operation: a pattern over the operands, or a function. Those that compute
with zones are in `sql_zones.ZONED`."""
