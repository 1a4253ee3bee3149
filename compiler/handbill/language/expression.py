"""Expressions, from source text to the plan's instructions.

`compile_expression` serves what stands alone in YAML (audience rules, offer choices, ranks);
`check_expression` serves the holes, conditions and loops of templates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from jinja2 import nodes

from handbill.diagnostics.diagnostic import Diagnostic, has_errors
from handbill.language.expressions.arithmetic import text_piece
from handbill.language.expressions.check import check
from handbill.language.expressions.checked import FAILED, Checked
from handbill.language.expressions.checking import NO_WAY, Checking, Operand, Place, WayHere
from handbill.language.expressions.computable import is_computable
from handbill.language.expressions.facts import NOTHING, Facts
from handbill.language.expressions.missing import required
from handbill.language.expressions.reads import excess_of
from handbill.language.scope import Scope
from handbill.language.syntax.parse import parse_expression
from handbill.language.vocabulary.words import describe, is_number, is_text
from handbill.plan.ir import Expression
from handbill.plan.types import BoolType, DecimalType, IntType, StringType, Type
from handbill.source.text import SourceText

Found: TypeAlias = tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class CompiledExpression:
    """`expression` is None when there is an error among `diagnostics`, or one in the vocabulary."""

    expression: Expression | None
    type: Type | None
    optional: bool
    when_true: Facts
    when_false: Facts
    diagnostics: Found


_NOTHING_COMPILED = CompiledExpression(None, None, False, NOTHING, NOTHING, ())


def compile_expression(
    source: SourceText, scope: Scope, expected: Type | None, *, may_be_missing: bool = False
) -> CompiledExpression:
    """One bare expression of a YAML file, under the rules for audiences.

    `expected` is compared by kind: BoolType for a condition, IntType for a whole number, DecimalType
    for any number. The value must be surely there, unless it `may_be_missing`.
    """
    node, found = parse_expression(source)
    if node is None:
        return replace(_NOTHING_COMPILED, diagnostics=found)
    context = Checking(source, scope, "rule", node)
    value = check(node, context)
    if not may_be_missing:
        value = required(context, Operand(node, value)) or FAILED
    if expected is not None and value.expression is not None:
        value = _expect(context, Operand(node, value), expected)
    _refuse_large(context, node, value)
    _refuse_without_sql(context, node, value)
    diagnostics = _ordered(context.found)
    if has_errors(diagnostics) or value.expression is None:
        if value.missing:
            diagnostics = _unset(context, node)
        return replace(_NOTHING_COMPILED, diagnostics=diagnostics)
    return CompiledExpression(
        value.expression,
        value.type,
        value.optional,
        value.when_true,
        value.when_false,
        diagnostics,
    )


def check_expression(
    node: nodes.Expr,
    source: SourceText,
    scope: Scope,
    place: Place = "template",
    way: WayHere = NO_WAY,
) -> Checked:
    """One parsed expression. `expression` is None where there is an error, or where the value is a
    constant known to be missing (`missing`). A witness comes the `way` here."""
    context = way.checking(source, scope, place, node)
    value = check(node, context)
    _refuse_large(context, node, value)
    return _closed(context, value)


def check_condition(
    node: nodes.Expr,
    source: SourceText,
    scope: Scope,
    place: Place = "template",
    way: WayHere = NO_WAY,
) -> Checked:
    """An expression that decides a branch: yes or no, and surely there."""
    context = way.checking(source, scope, place, node)
    value = required(context, Operand(node, check(node, context))) or FAILED
    if value.expression is not None:
        value = _expect(context, Operand(node, value), BoolType())
    _refuse_large(context, node, value)
    return _closed(context, value)


def check_text(
    node: nodes.Expr,
    source: SourceText,
    scope: Scope,
    way: WayHere = NO_WAY,
) -> Checked:
    """An expression in a hole: a text, or a number as text, and surely there."""
    context = way.checking(source, scope, "template", node)
    piece = text_piece(context, Operand(node, check(node, context)))
    value = piece if piece is not None else FAILED
    _refuse_large(context, node, value)
    return _closed(context, value)


def _closed(context: Checking, value: Checked) -> Checked:
    diagnostics = _ordered(context.found)
    if has_errors(diagnostics):
        return Checked(diagnostics=diagnostics)
    return value if value.diagnostics == diagnostics else replace(value, diagnostics=diagnostics)


def _unset(context: Checking, node: nodes.Expr) -> Found:
    """A constant that is missing, where a value was not even asked for."""
    context.report("HB501", "this value is not set here", node)
    return tuple(context.found)


def _expect(context: Checking, operand: Operand, expected: Type) -> Checked:
    value = operand.value
    assert value.type is not None
    match expected:
        case DecimalType():
            fits = is_number(value.type)
        case StringType():
            fits = is_text(value.type)
        case _:
            fits = type(value.type) is type(expected)
    if fits:
        return value
    return context.report(
        "HB524",
        f"this needs {_wanted(expected)}, and it is {describe(value.type)}",
        operand.node,
        hint=_hint(operand.text, value.type, expected),
    )


def _wanted(expected: Type) -> str:
    return "a condition" if isinstance(expected, BoolType) else describe(expected)


def _hint(text: str, found: Type, expected: Type) -> str | None:
    if isinstance(expected, BoolType) and is_number(found):
        return f"{text} > 0"
    if isinstance(expected, IntType) and isinstance(found, DecimalType):
        return f"({text}) | round"
    return None


def _refuse_large(context: Checking, node: nodes.Expr, value: Checked) -> None:
    if value.expression is None:
        return
    excess = excess_of(value.expression)
    if excess is not None:
        context.report("HB502", f"this has {excess}, audiences included: simplify it", node)


def _refuse_without_sql(context: Checking, node: nodes.Expr, value: Checked) -> None:
    if value.expression is None or has_errors(context.found):
        return
    if not is_computable(value.expression, context.scope):
        context.report("HB511", "this number can become too large to calculate with exactly", node)


def _ordered(found: Iterable[Diagnostic]) -> Found:
    """In the order of the text, without repeats."""
    unique: list[Diagnostic] = []
    for each in found:
        if each not in unique:
            unique.append(each)
    return tuple(sorted(unique, key=lambda each: (each.range is None, each.range)))
