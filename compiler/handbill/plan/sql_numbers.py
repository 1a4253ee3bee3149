"""Integer arithmetic in DuckDB SQL: widths from intervals, division that rounds as the plan says.

SQL truncates where the plan floors or rounds half away from zero, so formulas need an operand more
than once. An operand that is more than a column or a constant is then bound by a one-element list
and a lambda: repeating its text would double the query with each nesting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from handbill.plan.errors import PlanCodeError
from handbill.plan.intervals import Interval, interval_of
from handbill.plan.ir import Call, Const, Expression, Field
from handbill.plan.types import INT64_MAX, INT64_MIN
from handbill.plan.values import const_value

INT128_MIN, INT128_MAX = -(2**127), 2**127 - 1

BOUND = "_bound"
REPEATED = 200
"""A formula may repeat this many characters: binding an operand costs a list for each row."""


@dataclass(frozen=True, slots=True)
class Operand:
    """An operand's SQL, the expression it came from, and its interval where it is a number."""

    sql: str
    expression: Expression
    interval: Interval | None = None
    simple: bool = False
    """It may be repeated: a column, a constant or a name by another road than a Field or a Const."""

    def const(self) -> Const:
        if not isinstance(self.expression, Const):
            raise PlanCodeError("an operand that must be a constant is none")
        return self.expression

    def constant(self) -> int:
        value = const_value(self.const())
        if not isinstance(value, int):
            raise PlanCodeError("an operand that must be an integer constant is none")
        return value

    def range(self) -> Interval:
        """The interval of an integer operand, inclusive."""
        if self.interval is None:
            raise PlanCodeError("an operand that must be a number is none")
        return self.interval

    @property
    def is_simple(self) -> bool:
        return self.simple or isinstance(self.expression, Const | Field)


def bind(operands: Sequence[Operand], formula: Callable[..., str], prefix: str = BOUND) -> str:
    """`formula` of names that stand for the operands, each of which is computed once.

    A formula that binds something itself needs another `prefix`.
    """
    # Numbered apart from the lambdas inside the operands; no field begins with an underscore.
    first = sum(operand.sql.count(f"lambda {prefix}") for operand in operands)
    names: list[str] = []
    bound: list[tuple[str, str]] = []
    for operand in operands:
        if operand.is_simple:
            names.append(operand.sql)
        else:
            name = f"{prefix}{first + len(bound)}"
            bound.append((name, operand.sql))
            names.append(name)
    sql = f"({formula(*names)})"
    for name, value in reversed(bound):
        sql = f"list_extract(list_transform([{value}], lambda {name}: {sql}), 1)"
    return sql


def _fits(*values: int) -> bool:
    """Strictly inside int64, so that negation and abs() cannot overflow either."""
    return all(INT64_MIN < value <= INT64_MAX for value in values)


fits_64 = _fits


def refuse_overflow(call: Call, *reached: int) -> None:
    """PlanCodeError where 128 bits are too few."""
    if not all(INT128_MIN < value <= INT128_MAX for value in reached):
        raise PlanCodeError(f"{call.operation.value} could exceed 128 bits")


def _needs_wide(call: Call, operands: Sequence[Operand], *extremes: int) -> bool:
    """Whether 64 bits are too few for the operands, the result or what is reached on the way."""
    reached = [bound for operand in operands for bound in operand.range()]
    reached += [*_result(call, operands), *extremes]
    refuse_overflow(call, *reached)
    return call.wide or not _fits(*reached)


def _result(call: Call, operands: Sequence[Operand]) -> Interval:
    return interval_of(call, [operand.interval for operand in operands]) or (0, 0)


def _widened(operand: Operand, wide: bool) -> Operand:
    """The operand as a HUGEINT where the operation needs 128 bits."""
    if not wide:
        return operand
    return replace(operand, sql=f"CAST({operand.sql} AS HUGEINT)")


def _narrowed(call: Call, operands: Sequence[Operand], sql: str, wide: bool) -> str:
    """Back to BIGINT where the result fits, so that what follows is fast again."""
    if wide and _fits(*_result(call, operands)):
        return f"TRY_CAST({sql} AS BIGINT)"
    return sql


def _binary(operator: str) -> Callable[[Call, Sequence[Operand]], str]:
    def lower(call: Call, operands: Sequence[Operand]) -> str:
        wide = _needs_wide(call, operands)
        left, right = (_widened(operand, wide).sql for operand in operands)
        return _narrowed(call, operands, f"({left} {operator} {right})", wide)

    return lower


add = _binary("+")
subtract = _binary("-")
multiply = _binary("*")


def negate(call: Call, operands: Sequence[Operand]) -> str:
    wide = _needs_wide(call, operands)
    return _narrowed(call, operands, f"(- {_widened(operands[0], wide).sql})", wide)


def absolute(call: Call, operands: Sequence[Operand]) -> str:
    wide = _needs_wide(call, operands)
    return _narrowed(call, operands, f"abs({_widened(operands[0], wide).sql})", wide)


# ── division ─────────────────────────────────────────────────────────────────────────────────────


def _divisor(sql: str, operand: Operand) -> str:
    """Never zero: the compiler proved it for the branches taken, NULLIF sees to the others."""
    low, high = operand.range()
    return f"NULLIF({sql}, 0)" if low <= 0 <= high else sql


def _is_positive_constant(operand: Operand) -> bool:
    return isinstance(operand.expression, Const) and operand.constant() > 0


def _shift(dividend: Operand, divisor: int) -> int:
    """How many divisors make the least dividend 0 or more."""
    return max(0, -(dividend.range()[0] // divisor))


def floor_div(call: Call, operands: Sequence[Operand]) -> str:
    dividend, divisor = operands
    if _is_positive_constant(divisor):
        by = divisor.constant()
        shift = _shift(dividend, by)
        wide = _needs_wide(call, operands, dividend.range()[1] + shift * by)
        moved = _widened(dividend, wide).sql
        if shift:
            return _narrowed(call, operands, f"(({moved} + {shift * by}) // {by} - {shift})", wide)
        return _narrowed(call, operands, f"({moved} // {by})", wide)
    wide = _needs_wide(call, operands)
    if dividend.range()[0] >= 0 and divisor.range()[0] >= 0:
        by_sql = _divisor(divisor.sql, divisor)
        return _narrowed(call, operands, f"({_widened(dividend, wide).sql} // {by_sql})", wide)

    def formula(a: str, b: str) -> str:
        n = _divisor(b, divisor)
        below = f"{a} % {n} <> 0 AND ({a} < 0) <> ({b} < 0)"
        return f"{a} // {n} - CASE WHEN {below} THEN 1 ELSE 0 END"

    return _narrowed(call, operands, bind([_widened(dividend, wide), divisor], formula), wide)


def modulo(call: Call, operands: Sequence[Operand]) -> str:
    dividend, divisor = operands
    if _is_positive_constant(divisor):
        by = divisor.constant()
        shift = _shift(dividend, by)
        wide = _needs_wide(call, operands, dividend.range()[1] + shift * by)
        moved = _widened(dividend, wide).sql
        moved = f"({moved} + {shift * by})" if shift else moved
        return _narrowed(call, operands, f"({moved} % {by})", wide)
    low, high = divisor.range()
    wide = _needs_wide(call, operands, 2 * low, 2 * high)
    if dividend.range()[0] >= 0 and low >= 0:
        by_sql = _divisor(divisor.sql, divisor)
        return _narrowed(call, operands, f"({_widened(dividend, wide).sql} % {by_sql})", wide)

    def formula(b: str) -> str:
        n = _divisor(b, divisor)
        return f"({_widened(dividend, wide).sql} % {n} + {n}) % {n}"

    return _narrowed(call, operands, bind([divisor], formula), wide)


def round_div(call: Call, operands: Sequence[Operand]) -> str:
    dividend, divisor = operands
    if _is_positive_constant(divisor):
        return _round_div_constant(call, operands, divisor.constant())
    if len(divisor.sql) <= REPEATED and _is_never_negative(dividend, divisor):
        # An odd divisor has no ties, so the half that // drops is never missed.
        half, by = f"{divisor.sql} // 2", _divisor(divisor.sql, divisor)
        return f"(({dividend.sql} + {half}) // {by})"
    wide = _needs_wide(call, operands)

    def formula(a: str, b: str) -> str:
        n = _divisor(f"abs({b})", divisor)
        rest = f"abs({a}) % {n}"
        quotient = f"abs({a}) // {n} + CASE WHEN {rest} >= {n} - {rest} THEN 1 ELSE 0 END"
        return f"CASE WHEN ({a} < 0) = ({b} < 0) THEN 1 ELSE -1 END * ({quotient})"

    return _narrowed(
        call, operands, bind([_widened(dividend, wide), _widened(divisor, wide)], formula), wide
    )


def _is_never_negative(dividend: Operand, divisor: Operand) -> bool:
    """Neither is, and 64 bits hold the dividend with half of the divisor on top."""
    (least, most), (low, high) = dividend.range(), divisor.range()
    return least >= 0 and low >= 0 and _fits(most + high // 2, high)


def _round_div_constant(call: Call, operands: Sequence[Operand], by: int) -> str:
    """Half of the divisor is added, away from zero, and the rest truncated."""
    dividend = operands[0]
    half = by // 2
    low, high = dividend.range()
    wide = _needs_wide(call, operands, low - half, high + half)
    moved = _widened(dividend, wide)
    if low >= 0:
        return _narrowed(call, operands, f"(({moved.sql} + {half}) // {by})", wide)

    def formula(a: str) -> str:
        return f"({a} + CASE WHEN {a} < 0 THEN {-half} ELSE {half} END) // {by}"

    return _narrowed(call, operands, bind([moved], formula), wide)


# ── numbers as text ──────────────────────────────────────────────────────────────────────────────


def decimal_text(call: Call, operands: Sequence[Operand]) -> str:
    scale = operands[1].constant()
    if scale == 0:
        return f"CAST({operands[0].sql} AS VARCHAR)"
    return _number_text(operands[0], scale, lambda n: f"CAST({n} AS VARCHAR)", "'.'")


def grouped_text(call: Call, operands: Sequence[Operand]) -> str:
    number, scale, point, group = operands[:4]
    beyond = operands[4].constant() if len(operands) > 4 else 3

    def whole(n: str) -> str:
        text = f"format('{{:,}}', {n})" if beyond == 3 else _grouped_beyond(n, beyond)
        return f"replace({text}, ',', {group.sql})"

    return _number_text(number, scale.constant(), whole, point.sql)


def _grouped_beyond(n: str, beyond: int) -> str:
    """Three digits at the end, groups of `beyond` before them, with commas."""
    digits = f"reverse(CAST({n} // 1000 AS VARCHAR))"
    groups = f"regexp_replace({digits}, '({'.' * beyond})', '\\1,', 'g')"
    last = f"lpad(CAST({n} % 1000 AS VARCHAR), 3, '0')"
    grouped = f"reverse(rtrim({groups}, ',')) || ',' || {last}"
    return f"CASE WHEN {n} < 1000 THEN CAST({n} AS VARCHAR) ELSE {grouped} END"


def _number_text(number: Operand, scale: int, whole: Callable[[str], str], point: str) -> str:
    """Sign, `whole` of the digits before the point, and exactly `scale` digits after it."""
    wide = not _fits(*number.range())
    unit = 10**scale

    def formula(a: str) -> str:
        text = f"CASE WHEN {a} < 0 THEN '-' ELSE '' END || {whole(f'abs({a}) // {unit}')}"
        if scale == 0:
            return text
        digits = f"lpad(CAST(abs({a}) % {unit} AS VARCHAR), {scale}, '0')"
        return f"{text} || {point} || {digits}"

    return bind([_widened(number, wide)], formula)
