"""Templates as Python `ast`: straight-line text becomes one f-string, control flow becomes itself.

A body is written as statements (what must happen first) and pieces (string expressions, joined at
its end). Escapes are pushed down to the parts of an expression that can need them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import assert_never

from handbill.plan.errors import PlanCodeError
from handbill.plan.escapes import (
    escape_text,
    html_replacements,
    one_line,
    path_segment,
    percent_encoded,
    visible,
)
from handbill.plan.ir import (
    Branch,
    Call,
    Const,
    Each,
    Escape,
    Expression,
    Field,
    For,
    If,
    Local,
    Member,
    Op,
    Operation,
    Put,
    Set,
    Text,
)
from handbill.plan.model import FieldNeed
from handbill.plan.row_code import ROW_ROOT, ExpressionCode, assign, joined, read
from handbill.plan.types import EnumType, ListType, Type

MAX_LOOPS = 15
"""Loops within loops; CPython itself allows 20 nested blocks."""
LONG_CHAIN = 20
"""Branches from which an If is written flat, since `elif` nests in the syntax tree."""

_DIGITS = frozenset({Operation.INT_TEXT, Operation.DECIMAL_TEXT})
_AROUND_VALUES = frozenset({Operation.JOIN, Operation.REPLACE})
_ESCAPING: Mapping[Escape, tuple[str, Callable[[str], str]]] = {
    Escape.PLAIN: ("_one_line", one_line),
    Escape.HEADER: ("_one_line", one_line),
    Escape.HTML_TEXT: ("_visible", visible),
    Escape.HTML_ATTRIBUTE: ("_visible", visible),
    Escape.URL: ("_percent_encoded", percent_encoded),
    Escape.URL_SEGMENT: ("_path_segment", path_segment),
}
"""The function that has the last word on a value."""


class _Body:
    """Statements, then pieces: what a sequence of ops is made into."""

    def __init__(self) -> None:
        self.statements: list[ast.stmt] = []
        self.pieces: list[ast.expr] = []


class TemplateCode(ExpressionCode):
    """Writes templates as `ast`."""

    _loops = 0
    _variables = 0

    def __init__(self, fields: Sequence[FieldNeed]) -> None:
        super().__init__(fields)
        self._scope: set[str] = set()
        """Names bound in the innermost loop's body (or the template's)."""
        self._open: list[_Body] = []
        """Bodies being written in that scope: Ifs within one another."""

    def template(self, ops: Sequence[Op]) -> list[ast.stmt]:
        body = self._body(ops)
        return [*body.statements, ast.Return(joined(body.pieces))]

    def _body(self, ops: Sequence[Op]) -> _Body:
        body = _Body()
        self._open.append(body)
        for op in ops:
            match op:
                case Text():
                    body.pieces.append(ast.Constant(op.text))
                case Put():
                    body.pieces.append(self._escaped(op.expression, op.escape))
                case If():
                    self._if(op, body)
                case For():
                    self._for(op, body)
                case Set():
                    value = self.expression(op.expression)
                    name = self._bind(op.name, self.types.of(op.expression))
                    body.statements.append(assign(name, value))
                case _:
                    assert_never(op)
        self._open.pop()
        return body

    def _bind(self, name: str, type: Type | None = None) -> str:
        """The Python name for a local. Pieces that read an earlier value of it are fixed first."""
        if type is not None:
            self.types.locals[name] = type
        if name in self._scope:
            for body in self._open:
                if body.pieces:
                    kept = self.temporary()
                    body.statements.append(assign(kept, joined(body.pieces)))
                    body.pieces = [read(kept)]
        else:
            self._scope.add(name)
            self._variables += 1
            self._locals[name] = f"_local{self._variables}"
        return self._locals[name]

    @contextmanager
    def _loop_scope(self) -> Iterator[None]:
        """What a loop binds is its own: names outside keep their values."""
        kept = self._locals, self._scope, self._open
        types = self.types.locals, self.types.present
        self._locals, self._scope, self._open = {**self._locals}, set(), []
        self.types.locals = {**self.types.locals}
        yield
        self._locals, self._scope, self._open = kept
        self.types.locals, self.types.present = types

    # ── control flow ─────────────────────────────────────────────────────────────────────────────

    def _if(self, op: If, body: _Body) -> None:
        result = self.temporary()
        if len(op.branches) >= LONG_CHAIN:
            body.statements.append(self._flat_if(op, result))
        else:
            body.statements.extend(self._nested_if(op.branches, op.otherwise, result))
        body.pieces.append(read(result))

    def _nested_if(
        self, branches: Sequence[Branch], otherwise: Sequence[Op], result: str
    ) -> list[ast.stmt]:
        if not branches:
            return self._assigned(otherwise, result)
        condition = self.expression(branches[0].condition)
        then = self._assigned(branches[0].body, result)
        return [ast.If(condition, then, self._nested_if(branches[1:], otherwise, result))]

    def _flat_if(self, op: If, result: str) -> ast.stmt:
        """`while True:` with an `if …: …; break` for each branch."""
        self._enter_loop()
        steps: list[ast.stmt] = []
        for branch in op.branches:
            condition = self.expression(branch.condition)
            steps.append(ast.If(condition, [*self._assigned(branch.body, result), ast.Break()], []))
        steps.extend([*self._assigned(op.otherwise, result), ast.Break()])
        self._loops -= 1
        return ast.While(ast.Constant(True), steps, [])

    def _assigned(self, ops: Sequence[Op], result: str) -> list[ast.stmt]:
        body = self._body(ops)
        return [*body.statements, assign(result, joined(body.pieces))]

    def _for(self, op: For, body: _Body) -> None:
        result, items = self.temporary(), self.temporary()
        body.statements.append(assign(items, self._limited(op.items, op.limit)))
        with self._loop_scope():
            item = self._bind(op.name, self._item_type(op.items))
            self.types.present |= {op.name}
            index = self._bind(f"{op.name}.index0")
            length = self._bind(f"{op.name}.length")
            self._enter_loop()
            inner = self._body(op.body)
            self._loops -= 1
        with self._loop_scope():
            otherwise = self._assigned(op.otherwise, result)
        append = ast.Call(
            ast.Attribute(read(result), "append", ast.Load()), [joined(inner.pieces)], []
        )
        steps = [*inner.statements, ast.Expr(append)]
        used = {node.id for step in steps for node in ast.walk(step) if isinstance(node, ast.Name)}
        loop: list[ast.stmt] = [assign(result, ast.List([], ast.Load()))]
        if length in used:
            loop.append(assign(length, self._length(items)))
        target: ast.expr = ast.Name(item, ast.Store())
        source: ast.expr = read(items)
        if index in used:
            self.names["_enumerate"] = enumerate
            target = ast.Tuple([ast.Name(index, ast.Store()), target], ast.Store())
            source = ast.Call(read("_enumerate"), [source], [])
        loop.append(ast.For(target, source, steps, []))
        join = ast.Attribute(ast.Constant(""), "join", ast.Load())
        loop.append(assign(result, ast.Call(join, [read(result)], [])))
        if op.otherwise:
            loop = [ast.If(read(items), loop, otherwise)]
        body.statements.extend(loop)
        body.pieces.append(read(result))

    def _enter_loop(self) -> None:
        self._loops += 1
        if self._loops > MAX_LOOPS:
            raise PlanCodeError(f"more than {MAX_LOOPS} loops within one another")

    def _limited(self, items: Expression, limit: int) -> ast.expr:
        value = self.expression(items)
        match items:
            case Field(path=(root, *_), type=ListType(maximum=most)) if root == ROW_ROOT:
                if most <= limit:
                    return value
        return ast.Subscript(value, ast.Slice(None, ast.Constant(limit)), ast.Load())

    def _item_type(self, items: Expression) -> Type | None:
        found = self.types.of(items)
        return found.item if isinstance(found, ListType) else None

    def _length(self, items: str) -> ast.expr:
        return self.body(Operation.COUNT, [read(items)])

    # ── escaping ─────────────────────────────────────────────────────────────────────────────────

    def _escaped(self, expression: Expression, escape: Escape) -> ast.expr:
        """The expression, escaped as deep inside as possible: constants at build time."""
        if escape is Escape.NONE or _is_clean(expression, escape):
            return self.expression(expression)
        match expression:
            case Const():
                return ast.Constant(_written(str(expression.value), escape))
            case Call(operation=Operation.CONCAT, arguments=parts) if (
                escape is not Escape.URL_SEGMENT
            ):
                return joined([self._escaped(part, escape) for part in parts])
            case Call(operation=Operation.IF, arguments=(condition, then, otherwise)):
                return ast.IfExp(
                    self.expression(condition),
                    self._escaped(then, escape),
                    self._escaped(otherwise, escape),
                )
            case Call(operation=Operation.DEFAULT, arguments=(value, fallback)):
                return self.unless_missing(
                    self._optional(value),
                    lambda defined: self._escape_value(defined, escape),
                    self._escaped(fallback, escape),
                )
            case Call(operation=Operation.CHOOSE, arguments=(place, *choices)):
                return self.choose(
                    place, [_written(self._value(choice), escape) for choice in choices]
                )
            case Call(operation=operation, arguments=(text, *constants)) if (
                escape is Escape.PLAIN and operation in _AROUND_VALUES
            ):
                return self._around_values(operation, text, constants)
            case Const() | Field() | Local() | Call() | Member() | Each():
                return self._escape_value(self.expression(expression), escape)
            case _:
                assert_never(expression)

    def _around_values(
        self, operation: Operation, text: Expression, constants: Sequence[Expression]
    ) -> ast.expr:
        """The values escaped first: what the author puts between or into them stays as it is."""
        if operation is Operation.REPLACE:
            value = self._escaped(text, Escape.PLAIN)
        else:
            # Not a comprehension: Python allows no `:=` in what one of those goes through.
            self.names["_one_line_each"] = _one_line_each
            value = ast.Call(read("_one_line_each"), [self.expression(text)], [])
        return self._strict(operation, [value, *(self.expression(each) for each in constants)])

    def _escape_value(self, value: ast.expr, escape: Escape) -> ast.expr:
        for character, spelling in html_replacements(escape).items():
            replace = ast.Attribute(value, "replace", ast.Load())
            value = ast.Call(replace, [ast.Constant(character), ast.Constant(spelling)], [])
        if escape is Escape.NONE:
            return value
        name, escaping = _ESCAPING[escape]
        self.names[name] = escaping
        return ast.Call(read(name), [value], [])


def _one_line_each(items: Sequence[str]) -> list[str]:
    return [one_line(item) for item in items]


def _written(constant: str, escape: Escape) -> str:
    """PLAIN is about values: what the author wrote stays."""
    return constant if escape is Escape.PLAIN else escape_text(constant, escape)


def _is_clean(expression: Expression, escape: Escape) -> bool:
    """Whether no value of the expression has a character that the escape would change."""
    if isinstance(expression, Call) and expression.operation in _DIGITS:
        return True
    if isinstance(expression, Call) and expression.operation is Operation.GROUPED_TEXT:
        marks = [str(const.value) for const in expression.arguments[2:] if isinstance(const, Const)]
        return all(escape_text(mark, escape) == mark for mark in marks)
    if isinstance(expression, Field) and isinstance(expression.type, EnumType):
        # The import view lets only members into the row; nobody checks the context.
        clean = all(escape_text(value, escape) == value for value in expression.type.values)
        return clean and expression.path[0] == ROW_ROOT
    return False
