"""Expressions as Python `ast`: lazy where the language is lazy, inline where that is cheap.

Generated code sees three kinds of names only: `row` and `context`, locals made here, and the
operation bodies and constants collected in `names`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, assert_never

from handbill.plan import operations
from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Call, Const, Each, Expression, Field, Local, Member, Operation
from handbill.plan.model import FieldNeed
from handbill.plan.row_each import each
from handbill.plan.row_types import RowTypes, place_of
from handbill.plan.types import ListType
from handbill.plan.values import const_value

ROW_ROOT = "customer"
SET_FROM = 8
"""`in` with this many members looks them up in a set."""

COMPARISONS: Mapping[Operation, type[ast.cmpop]] = {
    Operation.EQ: ast.Eq,
    Operation.NE: ast.NotEq,
    Operation.LT: ast.Lt,
    Operation.LE: ast.LtE,
    Operation.GT: ast.Gt,
    Operation.GE: ast.GtE,
}
ARITHMETIC: Mapping[Operation, type[ast.operator]] = {
    Operation.ADD: ast.Add,
    Operation.SUB: ast.Sub,
    Operation.MUL: ast.Mult,
    Operation.FLOOR_DIV: ast.FloorDiv,
    Operation.MOD: ast.Mod,
}
METHODS: Mapping[Operation, str] = {
    Operation.STARTS_WITH: "startswith",
    Operation.ENDS_WITH: "endswith",
    Operation.REPLACE: "replace",
}


class ExpressionCode:
    """Writes expressions as `ast`; one object per function that is being built."""

    def __init__(self, fields: Sequence[FieldNeed]) -> None:
        self._places = {(ROW_ROOT, *need.path): place for place, need in enumerate(fields)}
        self.types = RowTypes({(ROW_ROOT, *need.path): need.type for need in fields})
        self._locals: dict[str, str] = {}
        self.names: dict[str, Any] = {}
        """What the function reads as globals."""
        self.once: dict[str, ast.expr] | None = None
        """Inside a pipeline: what its items have in common, computed before them, by Python name."""
        self._temporaries = 0

    def expression(self, expression: Expression) -> ast.expr:
        match expression:
            case Const():
                return self._const(expression)
            case Field():
                return self._field(expression, absent_is_missing=False)
            case Local():
                return read(self._local(expression.name))
            case Call():
                return self._call(expression)
            case Member():
                return self._member(expression)
            case Each():
                return each(self, expression)
            case _:
                assert_never(expression)

    def result(self, expression: Expression) -> ast.expr:
        """The expression's value as it leaves the function: a list is a tuple."""
        written = self.expression(expression)
        if isinstance(expression.type, ListType) and not isinstance(expression, Field | Const):
            self.names["_as_tuple"] = _as_tuple
            return ast.Call(read("_as_tuple"), [written], [])
        return written

    # ── leaves ───────────────────────────────────────────────────────────────────────────────────

    def constant(self, value: Any) -> ast.expr:
        """A constant of any type; those that code cannot hold become a name."""
        if isinstance(value, bool | int | str):
            return ast.Constant(value)
        name = f"_constant{len(self.names)}"
        self.names[name] = value
        return read(name)

    def _const(self, const: Const) -> ast.expr:
        return self.constant(const_value(const))

    def _field(self, field: Field, absent_is_missing: bool) -> ast.expr:
        if field.path[0] == ROW_ROOT:
            place = self._places.get(field.path)
            if place is None:
                raise PlanCodeError(f"the plan does not carry the field {'.'.join(field.path)}")
            return ast.Subscript(read("row"), ast.Constant(place), ast.Load())
        key = ast.Tuple([ast.Constant(part) for part in field.path], ast.Load())
        if absent_is_missing:
            return ast.Call(ast.Attribute(read("context"), "get", ast.Load()), [key], [])
        return ast.Subscript(read("context"), key, ast.Load())

    def _local(self, name: str) -> str:
        bound = self._locals.get(name)
        if bound is None:
            raise PlanCodeError(f"the name {name} is not bound here")
        return bound

    @contextmanager
    def item(self, expression: Each, variable: str) -> Iterator[None]:
        """While its body is written, the item of an Each is the Python name `variable`."""
        items = self.types.of(expression.items)
        if not isinstance(items, ListType):
            raise PlanCodeError("a step over what is no list")
        kept = self._locals, self.types.locals, self.types.present
        self._locals = {**self._locals, expression.name: variable}
        self.types.locals = {**self.types.locals, expression.name: items.item}
        self.types.present |= {expression.name}
        yield
        self._locals, self.types.locals, self.types.present = kept

    def _member(self, member: Member) -> ast.expr:
        place = ast.Constant(place_of(self.types.object_of(member), member.name))
        if not self.types.may_miss(member.of):
            return ast.Subscript(self.expression(member.of), place, ast.Load())
        return self.unless_missing(
            self._optional(member.of),
            lambda value: ast.Subscript(value, place, ast.Load()),
            ast.Constant(None),
        )

    def temporary(self) -> str:
        self._temporaries += 1
        return f"_temporary{self._temporaries}"

    # ── operations ───────────────────────────────────────────────────────────────────────────────

    def _call(self, call: Call) -> ast.expr:
        operation, arguments = call.operation, call.arguments
        match operation:
            case Operation.AND | Operation.OR:
                joiner = ast.And() if operation is Operation.AND else ast.Or()
                values = [self.expression(argument) for argument in arguments]
                return ast.BoolOp(joiner, values) if len(values) > 1 else values[0]
            case Operation.IF:
                condition, then, otherwise = (self.expression(argument) for argument in arguments)
                return ast.IfExp(condition, then, otherwise)
            case Operation.DEFAULT:
                return self.default(arguments[0], self.expression(arguments[1]))
            case Operation.IS_DEFINED if isinstance(arguments[0], Const):
                return ast.Constant(True)
            case Operation.IS_DEFINED:
                return ast.Compare(
                    self._optional(arguments[0]), [ast.IsNot()], [ast.Constant(None)]
                )
            case Operation.IN:
                return self._in(arguments[0], arguments[1:])
            case Operation.CHOOSE:
                return self.choose(arguments[0], [self._value(c) for c in arguments[1:]])
            case Operation.DAY_START | Operation.PLUS_DAYS if (
                self.once is not None and _reads_run_only(call)
            ):
                return self._computed_once(call, self.once)
            case Operation.CONCAT:
                return joined([self.expression(argument) for argument in arguments])
            case Operation.FIRST:
                return self._item(arguments[0], 0)
            case Operation.LAST:
                return self._item(arguments[0], -1)
            case Operation.ITEM:
                return self._item(arguments[0], self._value(arguments[1]))
            case _:
                return self._strict(operation, [self.expression(item) for item in arguments])

    def _computed_once(self, call: Call, once: dict[str, ast.expr]) -> ast.expr:
        name = self.temporary()
        self.once = None
        once[name] = self._call(call)
        self.once = once
        return read(name)

    def _strict(self, operation: Operation, operands: list[ast.expr]) -> ast.expr:
        """An operation that evaluates all of its operands."""
        if comparison := COMPARISONS.get(operation):
            return ast.Compare(operands[0], [comparison()], [operands[1]])
        if arithmetic := ARITHMETIC.get(operation):
            return ast.BinOp(operands[0], arithmetic(), operands[1])
        if method := METHODS.get(operation):
            return ast.Call(ast.Attribute(operands[0], method, ast.Load()), operands[1:], [])
        match operation:
            case Operation.NOT:
                return ast.UnaryOp(ast.Not(), operands[0])
            case Operation.NEG:
                return ast.UnaryOp(ast.USub(), operands[0])
            case Operation.CONTAINS | Operation.LIST_CONTAINS:
                return ast.Compare(operands[1], [ast.In()], [operands[0]])
            case Operation.SLICE:
                return ast.Subscript(operands[0], ast.Slice(None, operands[1]), ast.Load())
            case Operation.MINIMUM | Operation.MAXIMUM:
                name = f"_{operation.value}"
                self.names[name] = min if operation is Operation.MINIMUM else max
                return ast.Call(read(name), operands, [ast.keyword("default", ast.Constant(None))])
            case _:
                return self.body(operation, operands)

    def body(self, operation: Operation, operands: list[ast.expr]) -> ast.expr:
        """A call of the operation's body. Lists among the operands may be Python lists."""
        name = f"_{operation.value}"
        self.names[name] = operations.BODIES[operation]
        return ast.Call(read(name), operands, [])

    def _optional(self, expression: Expression) -> ast.expr:
        """An expression where missing is expected: an absent context field is missing too."""
        if isinstance(expression, Field):
            return self._field(expression, absent_is_missing=True)
        return self.expression(expression)

    def default(self, expression: Expression, fallback: ast.expr) -> ast.expr:
        return self.unless_missing(self._optional(expression), lambda value: value, fallback)

    def unless_missing(self, value: ast.expr, then: Any, fallback: ast.expr) -> ast.expr:
        """`then(value)` unless the value is missing; the value is computed once."""
        name = self.temporary()
        bound = ast.NamedExpr(ast.Name(name, ast.Store()), value)
        defined = ast.Compare(bound, [ast.IsNot()], [ast.Constant(None)])
        return ast.IfExp(defined, then(read(name)), fallback)

    def _in(self, value: Expression, members: Iterable[Expression]) -> ast.expr:
        values = tuple(self._value(member) for member in members)
        if len(values) >= SET_FROM:
            return ast.Compare(
                self.expression(value), [ast.In()], [self.constant(frozenset(values))]
            )
        return ast.Compare(self.expression(value), [ast.In()], [self.constant(values)])

    def choose(self, place: Expression, choices: Sequence[Any]) -> ast.expr:
        """The n-th choice, from 1."""
        table = self.constant((None, *choices))
        return ast.Subscript(table, self.expression(place), ast.Load())

    def _item(self, items: Expression, place: int) -> ast.expr:
        name = self.temporary()
        test: ast.expr = ast.NamedExpr(ast.Name(name, ast.Store()), self.expression(items))
        if place > 0:
            self.names["_len"] = len
            test = ast.Compare(
                ast.Call(read("_len"), [test], []), [ast.Gt()], [ast.Constant(place)]
            )
        found = ast.Subscript(read(name), ast.Constant(place), ast.Load())
        return ast.IfExp(test, found, ast.Constant(None))

    def _value(self, expression: Expression) -> Any:
        if not isinstance(expression, Const):
            raise PlanCodeError("an operand that must be a constant is none")
        return const_value(expression)


def _reads_run_only(expression: Expression) -> bool:
    """Whether it is the same for every item, and never missing, however it is guarded."""
    match expression:
        case Call(arguments=arguments):
            return all(map(_reads_run_only, arguments))
        case Field(path=path):
            return path[0] == "run"
        case Const():
            return True
        case Member() | Each() | Local():
            return False
        case _:
            assert_never(expression)


def _as_tuple(items: Sequence[Any] | None) -> tuple[Any, ...] | None:
    return None if items is None else tuple(items)


def read(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def joined(pieces: Sequence[ast.expr]) -> ast.expr:
    """One string of string expressions; neighbouring constants are merged."""
    merged: list[ast.expr] = []
    for piece in pieces:
        parts = piece.values if isinstance(piece, ast.JoinedStr) else [piece]
        for part in parts:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            if not isinstance(inner, ast.Constant):
                merged.append(ast.FormattedValue(inner, conversion=-1, format_spec=None))
            elif merged and isinstance(last := merged[-1], ast.Constant):
                merged[-1] = ast.Constant(f"{last.value!s}{inner.value!s}")
            elif inner.value:
                merged.append(inner)
    if not merged:
        return ast.Constant("")
    if len(merged) == 1:
        only = merged[0]
        return only.value if isinstance(only, ast.FormattedValue) else only
    return ast.JoinedStr(merged)
