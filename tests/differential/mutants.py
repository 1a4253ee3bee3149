"""Planted faults, in either back end. Each is a mistake that somebody has made somewhere."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from _pytest.monkeypatch import MonkeyPatch
from mutants_of_lists import LIST_MUTANTS

from handbill.plan import operations, row_code, sql, sql_numbers
from handbill.plan.ir import Call, Const, Operation
from handbill.plan.sql_numbers import Operand
from handbill.plan.types import StringType

O = Operation  # noqa: E741


@dataclass(frozen=True)
class Mutant:
    name: str
    plant: Callable[[MonkeyPatch], None]


def in_sql(operation: Operation, lowering: Any) -> Callable[[MonkeyPatch], None]:
    return lambda patch: patch.setitem(sql.DUCKDB, operation, lowering)  # type: ignore[arg-type]


def in_python(operation: Operation, body: Callable[..., Any]) -> Callable[[MonkeyPatch], None]:
    return lambda patch: patch.setitem(operations.BODIES, operation, body)  # type: ignore[arg-type]


def no_wide_integers(patch: MonkeyPatch) -> None:
    patch.setattr(sql_numbers, "_needs_wide", lambda call, operands, *extremes: False)


def wide_only_where_flagged(patch: MonkeyPatch) -> None:
    """Forgets what the formula itself reaches on the way to a result that fits."""

    def needs_wide(call: Call, operands: Sequence[Operand], *extremes: int) -> bool:
        return call.wide

    patch.setattr(sql_numbers, "_needs_wide", needs_wide)


def divisor_may_be_zero(patch: MonkeyPatch) -> None:
    """The divisor of a branch that is not taken is 0, and DuckDB raises."""
    patch.setattr(sql_numbers, "_divisor", lambda sql, operand: sql)


def round_down_at_ties(patch: MonkeyPatch) -> None:
    original = sql_numbers._round_div_constant

    def lowered(call: Call, dividend: Operand, by: int) -> str:
        if by % 2:
            return original(call, dividend, by)
        return f"CAST(floor(({dividend.sql} + {by // 2 - 1}) / {by}) AS BIGINT)"

    patch.setattr(sql_numbers, "_round_div_constant", lowered)


def half_up_instead_of_away(patch: MonkeyPatch) -> None:
    """-2.5 becomes -2."""

    def body(dividend: int, divisor: int) -> int:
        return (2 * dividend + abs(divisor) * (1 if divisor > 0 else -1)) // (2 * divisor)

    patch.setitem(operations.BODIES, O.ROUND_DIV, body)  # type: ignore[arg-type]


def eager_and(patch: MonkeyPatch) -> None:
    original = row_code.ExpressionCode._call

    def lowered(self: row_code.ExpressionCode, call: Call) -> ast.expr:
        if call.operation is O.AND:
            return self.body(O.AND, [self.expression(item) for item in call.arguments])
        return original(self, call)

    patch.setattr(row_code.ExpressionCode, "_call", lowered)


def default_of_false(patch: MonkeyPatch) -> None:
    """Jinja's `default(v, true)`: an empty string or a zero counts as missing."""

    def default(self: Any, expression: Any, fallback: ast.expr) -> ast.expr:
        return ast.BoolOp(ast.Or(), [self._optional(expression), fallback])

    patch.setattr(row_code.ExpressionCode, "default", default)


def text_order_without_case(patch: MonkeyPatch) -> None:
    def lowered(call: Call, operands: Sequence[Operand]) -> str:
        left, right = (operand.sql for operand in operands)
        if isinstance(operands[0].expression.type, StringType):
            return f"({left} COLLATE NOCASE < {right})"
        return f"({left} < {right})"

    patch.setitem(sql.DUCKDB, O.LT, lowered)  # type: ignore[arg-type]


def last_member_forgotten(patch: MonkeyPatch) -> None:
    def lowered(call: Call, operands: Sequence[Operand]) -> str:
        members = [operand.sql for operand in operands[1:]]
        kept = members[:-1] if len(members) > 1 else members
        return f"({operands[0].sql} IN ({', '.join(kept)}))"

    patch.setitem(sql.DUCKDB, O.IN, lowered)  # type: ignore[arg-type]


def sunday_is_zero(patch: MonkeyPatch) -> None:
    def lowered(call: Call, operands: Sequence[Operand]) -> str:
        part = operands[1].expression
        assert isinstance(part, Const)
        name = "dow" if part.value == "weekday" else part.value
        return f"date_part('{name}', {operands[0].sql})"

    patch.setitem(sql.DUCKDB, O.DATE_PART, lowered)  # type: ignore[arg-type]


def truncate_one_early(patch: MonkeyPatch) -> None:
    def body(text: str, limit: int) -> str:
        return text if len(text) < limit else text[: limit - 1] + operations.ELLIPSIS

    patch.setitem(operations.BODIES, O.TRUNCATE, body)  # type: ignore[arg-type]


def days_do_not_saturate(patch: MonkeyPatch) -> None:
    in_sql(O.PLUS_DAYS, "({0} + CAST(greatest(least({1}, 109572), -109572) AS INTEGER))")(patch)


def sign_of_small_decimals_lost(patch: MonkeyPatch) -> None:
    def body(value: int, scale: int) -> str:
        if scale == 0:
            return str(value)
        whole = int(value / 10**scale)
        return f"{whole}.{abs(value) % 10**scale:0{scale}}"

    patch.setitem(operations.BODIES, O.DECIMAL_TEXT, body)  # type: ignore[arg-type]


def group_digits_not_padded(patch: MonkeyPatch) -> None:
    grouped = operations.grouped_text

    def body(value: int, scale: int, point: str, group: str, beyond: int = 3) -> str:
        if beyond != 3:
            return grouped(value, scale, point, group, beyond)
        whole, fraction = divmod(abs(value), 10**scale)
        text = f"{'-' if value < 0 else ''}{whole:,}".replace(",", group)
        return f"{text}{point}{fraction}" if scale else text

    patch.setitem(operations.BODIES, O.GROUPED_TEXT, body)  # type: ignore[arg-type]


def lakhs_in_threes(patch: MonkeyPatch) -> None:
    original = sql_numbers.grouped_text

    def lowered(call: Call, operands: Sequence[Operand]) -> str:
        return original(call, operands[:4])

    patch.setitem(sql.DUCKDB, O.GROUPED_TEXT, lowered)  # type: ignore[arg-type]


def starts_with_by_pattern(patch: MonkeyPatch) -> None:
    in_sql(O.STARTS_WITH, "(lower({0}) LIKE lower({1}) || '%')")(patch)


def operands_change_places(patch: MonkeyPatch) -> None:
    original = sql_numbers.bind

    def bind(operands: Sequence[Operand], formula: Callable[..., str]) -> str:
        return original(list(reversed(operands)), formula)

    patch.setattr(sql_numbers, "bind", bind)


def replace_once(patch: MonkeyPatch) -> None:
    patch.delitem(row_code.METHODS, O.REPLACE)  # type: ignore[arg-type]
    in_python(O.REPLACE, lambda text, old, new: text.replace(old, new, 1))(patch)


MUTANTS = (
    Mutant("floor division truncates", in_sql(O.FLOOR_DIV, "({0} // NULLIF({1}, 0))")),
    Mutant("modulo has the sign of the dividend", in_sql(O.MOD, "({0} % NULLIF({1}, 0))")),
    Mutant("ties of round go down", round_down_at_ties),
    Mutant("ties of round go up", half_up_instead_of_away),
    Mutant("no 128-bit integers", no_wide_integers),
    Mutant("128 bits only where flagged", wide_only_where_flagged),
    Mutant("a divisor of a branch not taken raises", divisor_may_be_zero),
    Mutant("operands of a formula change places", operands_change_places),
    Mutant("trim knows only the space", in_sql(O.TRIM, "trim({0})")),
    Mutant("trim takes all of Unicode's white space", in_python(O.TRIM, str.strip)),
    Mutant("lower is CPython's", in_python(O.LOWER, str.lower)),
    Mutant("upper is CPython's", in_python(O.UPPER, str.upper)),
    Mutant("title leaves the rest", in_python(O.TITLE, lambda text: text[:1].upper() + text[1:])),
    Mutant("title is CPython's", in_python(O.TITLE, str.title)),
    Mutant("length counts bytes", in_sql(O.LENGTH, "strlen({0})")),
    Mutant("length counts graphemes", in_sql(O.LENGTH, "length_grapheme({0})")),
    Mutant("truncate cuts one early", truncate_one_early),
    Mutant("contains ignores case", in_sql(O.CONTAINS, "contains(lower({0}), lower({1}))")),
    Mutant("starts_with is a pattern", starts_with_by_pattern),
    Mutant("ends_with of nothing is false", in_sql(O.ENDS_WITH, "(ends_with({0}, {1}) AND {1} <> '')")),
    Mutant("replace stops after one", replace_once),
    Mutant("and is eager", eager_and),
    Mutant("default replaces what is false", default_of_false),
    Mutant("the empty string is missing", in_sql(O.IS_DEFINED, "(CAST({0} AS VARCHAR) <> '')")),
    Mutant("text order ignores case", text_order_without_case),
    Mutant("in forgets its last member", last_member_forgotten),
    Mutant("weekday counts from Sunday", sunday_is_zero),
    Mutant("days_between is reversed", in_sql(O.DAYS_BETWEEN, "({0} - {1})")),
    Mutant("days run out of the calendar", days_do_not_saturate),
    Mutant("-0.05 loses its sign", sign_of_small_decimals_lost),
    Mutant("cents are not padded", group_digits_not_padded),
    Mutant("lakhs are grouped in threes", lakhs_in_threes),
    Mutant("slice is one longer", in_sql(O.SLICE, "list_slice({0}, 1, {1} + 1)")),
    Mutant("first is the last", in_sql(O.FIRST, "list_extract({0}, -1)")),
    Mutant("join drops the empty", in_python(O.JOIN, lambda items, s: s.join(filter(None, items)))),
    Mutant("choose counts from 0", in_sql(O.CHOOSE, "list_extract([{1}, {2}, {3}, {4}], {0} + 1)")),
    Mutant("count leaves out repeats", in_sql(O.COUNT, "len(list_distinct({0}))")),
    *(Mutant(name, plant) for name, plant in LIST_MUTANTS),
    Mutant("concat skips what is empty", in_sql(O.CONCAT, "concat_ws('', {0}, nullif({1}, ' '))")),
)  # fmt: skip
