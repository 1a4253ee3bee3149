"""The Python back end: expressions and templates become functions of one customer.

Functions are built as `ast` nodes, never as source text, so nothing that a retailer wrote is ever
parsed as Python. Constant text is escaped when the function is built; what remains is string
concatenation. The functions are pure: a row, a context, nothing else.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from handbill.plan.errors import PlanCodeError
from handbill.plan.ir import Expression, Op
from handbill.plan.model import FieldNeed
from handbill.plan.row_code import ExpressionCode
from handbill.plan.row_template import TemplateCode
from handbill.plan.values import Context, Row, Value

RowFunction: TypeAlias = Callable[[Row, Context], Value]
TemplateFunction: TypeAlias = Callable[[Row, Context], str]

__all__ = [
    "PlanCodeError",
    "RowFunction",
    "TemplateFunction",
    "compile_expression",
    "compile_template",
    "evaluate",
]


def compile_expression(expression: Expression, fields: Sequence[FieldNeed]) -> RowFunction:
    """A function of a row (the values of `fields`, in order) and a context.

    Raises PlanCodeError when the expression reads a customer field that is not in `fields`.
    """
    code = ExpressionCode(fields)
    function: RowFunction = _build(code, "evaluate", lambda: [ast.Return(code.result(expression))])
    return function


def compile_template(ops: Sequence[Op], fields: Sequence[FieldNeed]) -> TemplateFunction:
    """A function that renders the template for a row and a context. Errors as above."""
    code = TemplateCode(fields)
    function: TemplateFunction = _build(code, "render", lambda: code.template(ops))
    return function


def evaluate(
    expression: Expression, row: Row, context: Context, fields: Sequence[FieldNeed] = ()
) -> Value:
    """The value of an expression, once; compile it instead where there is more than one row."""
    return compile_expression(expression, fields)(row, context)


def _build(code: ExpressionCode, name: str, write: Callable[[], list[ast.stmt]]) -> Any:
    try:
        return _compile(name, write(), code)
    except (RecursionError, SyntaxError) as error:
        raise PlanCodeError(f"nested too deeply: {error}") from error


def _compile(name: str, body: list[ast.stmt], code: ExpressionCode) -> Any:
    parameters = ast.arguments(
        posonlyargs=[],
        args=[ast.arg("row"), ast.arg("context")],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    function = ast.FunctionDef(name=name, args=parameters, body=body, decorator_list=[])
    if "type_params" in ast.FunctionDef._fields:  # Python 3.12 and later
        function.type_params = []  # type: ignore[attr-defined, unused-ignore]
    module = ast.fix_missing_locations(ast.Module(body=[function], type_ignores=[]))
    namespace: dict[str, Any] = {"__builtins__": {}, **code.names}
    exec(compile(module, f"<plan {name}>", "exec"), namespace)
    return namespace[name]
