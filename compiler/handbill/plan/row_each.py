"""Steps of a pipeline as comprehensions: what is selected and mapped is computed in one pass.

A comprehension's source may hold no assignment expression, so such a source is passed to a lambda.
Steps make lists; whoever hands a value out of the function makes tuples of them.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, assert_never

from handbill.plan.ir import Each, Expression, Local, Member, Step
from handbill.plan.row_types import place_of

if TYPE_CHECKING:
    from handbill.plan.row_code import ExpressionCode


def each(code: ExpressionCode, expression: Each) -> ast.expr:
    """The items that the step leaves, as a list."""
    match expression.step:
        case Step.SELECT:
            return _comprehension(code, [expression], None)
        case Step.MAP:
            selects, items = [], expression.items
            while isinstance(items, Each) and items.step is Step.SELECT:
                selects.append(items)
                items = items.items
            return _comprehension(code, selects[::-1], expression)
        case Step.SORT:
            return _sort(code, expression)
        case Step.UNIQUE:
            return _unique(code, expression)
        case _:
            assert_never(expression.step)


def _comprehension(code: ExpressionCode, selects: list[Each], mapped: Each | None) -> ast.expr:
    """`[body for item in items if … if …]`; what a MAP is missing is left out. The beginning of a day
    that is the same for all items, as in a window, is computed once before them."""
    first = selects[0] if selects else mapped
    assert first is not None
    source = code.expression(first.items)
    around, code.once = code.once, {}
    variable = code.temporary()
    conditions: list[ast.expr] = []
    for select in selects:
        with code.item(select, variable):
            conditions.append(code.expression(select.body))
    value: ast.expr = ast.Name(variable, ast.Load())
    if mapped is not None:
        with code.item(mapped, variable):
            value = code.expression(mapped.body)
            if code.types.may_miss(mapped.body):
                kept = code.temporary()
                bound = ast.NamedExpr(ast.Name(kept, ast.Store()), value)
                conditions.append(ast.Compare(bound, [ast.IsNot()], [ast.Constant(None)]))
                value = ast.Name(kept, ast.Load())
    once, code.once = code.once, around
    written = _over(
        code,
        source,
        lambda items: ast.ListComp(
            value,
            [ast.comprehension(ast.Name(variable, ast.Store()), items, conditions, 0)],
        ),
    )
    return ast.Call(_lambda([*once], written), [*once.values()], []) if once else written


def _over(
    code: ExpressionCode, source: ast.expr, write: Callable[[ast.expr], ast.expr]
) -> ast.expr:
    """`write(source)`, in a lambda where a comprehension may not hold the source itself."""
    if not any(isinstance(node, ast.NamedExpr) for node in ast.walk(source)):
        return write(source)
    name = code.temporary()
    return ast.Call(_lambda([name], write(ast.Name(name, ast.Load()))), [source], [])


def _lambda(parameters: Sequence[str], body: ast.expr) -> ast.expr:
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(parameter) for parameter in parameters],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    return ast.Lambda(arguments, body)


def _sort(code: ExpressionCode, expression: Each) -> ast.expr:
    """Python's sort is stable in either direction; a missing key is last in both."""
    items = code.expression(expression.items)
    keywords = []
    key = _key(code, expression, missing_last=True)
    if key is not None:
        keywords.append(ast.keyword("key", key))
    if expression.descending:
        keywords.append(ast.keyword("reverse", ast.Constant(True)))
    code.names["_sorted"] = sorted
    return ast.Call(ast.Name("_sorted", ast.Load()), [items], keywords)


def _unique(code: ExpressionCode, expression: Each) -> ast.expr:
    items = code.expression(expression.items)
    key = _key(code, expression, missing_last=False)
    if key is None:
        code.names["_unique"] = unique
        return ast.Call(ast.Name("_unique", ast.Load()), [items], [])
    code.names["_unique_by"] = unique_by
    return ast.Call(ast.Name("_unique_by", ast.Load()), [items, key], [])


def unique(items: Iterable[Any]) -> list[Any]:
    """Each value once, where it comes first."""
    return list(dict.fromkeys(items))


def unique_by(items: Iterable[Any], key: Callable[[Any], Any]) -> list[Any]:
    """The first item of each value of `key`."""
    firsts: dict[Any, Any] = {}
    for item in items:
        firsts.setdefault(key(item), item)
    return list(firsts.values())


def _key(code: ExpressionCode, expression: Each, missing_last: bool) -> ast.expr | None:
    """The body as a function of the item; None where it is the item itself."""
    body = expression.body
    variable = code.temporary()
    with code.item(expression, variable):
        may_miss = missing_last and code.types.may_miss(body)
        if isinstance(body, Local) and body.name == expression.name:
            return None
        if not may_miss and (place := _place(code, expression.name, body)) is not None:
            name = f"_member{place}"
            code.names[name] = operator.itemgetter(place)
            return ast.Name(name, ast.Load())
        value = code.expression(body)
    if not may_miss:
        return _lambda([variable], value)
    kept = code.temporary()
    bound = ast.NamedExpr(ast.Name(kept, ast.Store()), value)
    test = ast.IsNot() if expression.descending else ast.Is()
    missing = ast.Compare(bound, [test], [ast.Constant(None)])
    return _lambda([variable], ast.Tuple([missing, ast.Name(kept, ast.Load())], ast.Load()))


def _place(code: ExpressionCode, item: str, body: Expression) -> int | None:
    """The place of the member that `body` is, where it is one of the item's own."""
    match body:
        case Member(of=Local(name=name)) if name == item:
            return place_of(code.types.object_of(body), body.name)
        case _:
            return None
