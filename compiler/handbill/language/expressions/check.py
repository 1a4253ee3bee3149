"""One expression of Jinja's syntax tree, checked and lowered to the plan's instructions.

Every kind of node has its case; what is not listed is refused by name. Parts are checked even after
an error, so that one reading finds all mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from jinja2 import nodes

from handbill.language.expressions.arithmetic import (
    SYMBOLS,
    check_arithmetic,
    check_concat,
    check_sign,
)
from handbill.language.expressions.build import literal, replace_maximum
from handbill.language.expressions.checked import FAILED, Checked, value_of
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.comparison import check_comparison
from handbill.language.expressions.computed import check_computed, is_computed
from handbill.language.expressions.dots import follow, known
from handbill.language.expressions.logic import check_chain, check_inline_if, check_not
from handbill.language.expressions.membership import check_membership, is_membership, literal_list
from handbill.language.expressions.missing import required
from handbill.language.expressions.named_audiences import check_audience
from handbill.language.expressions.names import chain_of, check_name
from handbill.language.filters.lists import one_item
from handbill.language.filters.table import check_filter, check_test
from handbill.language.syntax.tree import text_of
from handbill.language.vocabulary.words import describe, is_text
from handbill.plan.ir import Call, Const, Operation
from handbill.plan.types import IntType, ListType
from handbill.plan.values import const_of, const_value

_NO_NAME = re.compile(r"\W+")
MAX_SLICE = 1_000

REFUSED: Mapping[type[nodes.Node], tuple[str, str | None]] = {
    nodes.Dict: ("there are no `{…: …}` values", None),
    nodes.Tuple: ("several values stand in `[ ]`", None),
    nodes.Slice: ("a slice stands after a list", "customer.favorites[:5]"),
    nodes.NSRef: ("there are no namespaces", None),
}
CALLS: Mapping[str, str] = {
    "len": "| length",
    "upper": "| upper",
    "lower": "| lower",
    "strip": "| trim",
    "trim": "| trim",
    "title": "| title",
    "replace": "| replace",
    "startswith": "| startswith",
    "endswith": "| endswith",
    "contains": "| contains",
    "join": "| join",
    "round": "| round",
    "abs": "| abs",
    "count": "| count",
    "now": "run.date",
    "today": "run.date",
    "date": "run.date",
}


def check(node: nodes.Expr, context: Checking) -> Checked:
    """The checked node; its diagnostics go to `context`."""
    return known(context, _check(node, context))


def _check(node: nodes.Expr, context: Checking) -> Checked:
    match node:
        case nodes.And() | nodes.Or():
            return check_chain(node, context, check)
        case nodes.Not():
            return check_not(node, context, check)
        case nodes.Compare() if is_membership(node):
            return check_membership(node, context, check)
        case nodes.Compare():
            return check_comparison(node, context, check)
        case nodes.CondExpr():
            return check_inline_if(node, context, check)
        case nodes.Filter():
            return check_filter(node, context, check)
        case nodes.Test():
            return check_test(node, context, check)
        case nodes.Concat():
            return check_concat(node, context, check)
        case nodes.Neg() | nodes.Pos():
            return check_sign(node, context, check)
        case nodes.BinExpr() if type(node) in SYMBOLS:
            return check_arithmetic(node, context, check)
        case _:
            return _check_leaf(node, context)


def _check_leaf(node: nodes.Expr, context: Checking) -> Checked:
    match node:
        case nodes.Const():
            return _constant(node, context)
        case nodes.Name() | nodes.Getattr():
            return _name(node, context)
        case nodes.Getitem():
            return _subscript(node, context)
        case nodes.List():
            items = [Operand(item, check(item, context)) for item in node.items]
            return literal_list(context, node, items)
        case nodes.Call():
            return _refuse_call(node, context)
        case nodes.Pow(left=base):
            text = text_of(base)
            return context.report("HB503", "there is no `**`", node, hint=f"{text} * {text}")
        case _:
            message, hint = REFUSED.get(type(node), ("this is not part of the language", None))
            return context.report("HB503", message, node, hint=hint)


def _constant(node: nodes.Const, context: Checking) -> Checked:
    if node.value is None:
        return context.report(
            "HB503", "there is no `none`", node, hint="use `is not defined` or `default(…)`"
        )
    value = literal(node.value)
    return value if value is not None else FAILED


def _name(node: nodes.Name | nodes.Getattr, context: Checking) -> Checked:
    chain = chain_of(node)
    if chain is None:
        assert isinstance(node, nodes.Getattr)
        before = text_of(node.node)
        owner = before if isinstance(node.node, nodes.Getitem | nodes.Getattr) else f"({before})"
        return follow(context, check(node.node, context), (node,), owner)
    name, dots = chain
    if dots and is_computed(context, name.name, dots[0].attr):
        value = check_computed(context, name, dots[0], check)
        return follow(context, value, dots[1:], f"{name.name}.{dots[0].attr}")
    if name.name == "audiences" and "audiences" not in context.scope.roots:
        return check_audience(context, name, dots, check)
    return check_name(context, name, dots)


# ── slices ───────────────────────────────────────────────────────────────────────────────────────


def _subscript(node: nodes.Getitem, context: Checking) -> Checked:
    if not isinstance(node.arg, nodes.Slice):
        if isinstance(node.arg, nodes.Const) and type(node.arg.value) is int:
            return _item(node, context, node.arg.value)
        return _refuse_subscript(node, context)
    start, stop, step = node.arg.start, node.arg.stop, node.arg.step
    subject = text_of(node.node)
    is_number = isinstance(stop, nodes.Const) and type(stop.value) is int
    if start is not None or step is not None or not is_number:
        return context.report(
            "HB503", "only the first few items can be taken", node, hint=f"{subject}[:5]"
        )
    assert isinstance(stop, nodes.Const)
    value = required(context, Operand(node.node, check(node.node, context)))
    if value is None:
        return FAILED
    if not isinstance(value.type, ListType):
        assert value.type is not None
        hint = f"{subject} | truncate({stop.value})" if is_text(value.type) else None
        return context.report(
            "HB507", f"only lists have slices, and this is {describe(value.type)}", node, hint=hint
        )
    if not 1 <= stop.value <= MAX_SLICE:
        return context.report("HB508", f"a slice takes 1 to {MAX_SLICE} items", stop)
    return _sliced(value, value.type, stop.value)


def _sliced(value: Checked, type_: ListType, limit: int) -> Checked:
    shorter = replace_maximum(type_, min(limit, type_.maximum))
    if limit >= type_.maximum:
        return value
    assert value.expression is not None
    sliced: Const | Call
    if isinstance(value.expression, Const):
        items = const_value(value.expression)
        assert isinstance(items, tuple)
        sliced = const_of(items[:limit], shorter)
    else:
        size = Const(IntType(limit, limit), limit)
        sliced = Call(Operation.SLICE, (value.expression, size), shorter)
    return value_of(sliced, shorter, shape=value.shape, items=value.items)


def _item(node: nodes.Getitem, context: Checking, place: int) -> Checked:
    """`[2]`: the third item, which there need not be."""
    value = required(context, Operand(node.node, check(node.node, context)))
    if value is None:
        return FAILED
    if not isinstance(value.type, ListType):
        assert value.type is not None
        message = f"only lists have items, and this is {describe(value.type)}"
        return context.report("HB507", message, node)
    if place >= MAX_SLICE:
        return context.report("HB508", f"items have numbers from 0 to {MAX_SLICE - 1}", node.arg)
    operation = Operation.FIRST if place == 0 else Operation.ITEM
    return one_item(context, value, value.type, operation, place)


def _refuse_subscript(node: nodes.Getitem, context: Checking) -> Checked:
    subject = text_of(node.node)
    if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        name = _NO_NAME.sub("_", node.arg.value)
        return context.report(
            "HB503", "fields are named after a dot", node, hint=f"{subject}.{name}"
        )
    is_negative = isinstance(node.arg, nodes.Neg)
    hint = f"{subject} | last" if is_negative else f"{subject}[0], or {subject}[:5]"
    return context.report("HB503", "an item has a number, written out", node, hint=hint)


def _refuse_call(node: nodes.Call, context: Checking) -> Checked:
    target = node.node
    name, subject, rest = "", "", list(node.args)
    if isinstance(target, nodes.Getattr):
        name, subject = target.attr, text_of(target.node)
    elif isinstance(target, nodes.Name):
        name = target.name
        subject = text_of(rest.pop(0)) if rest else ""
    better = hint = CALLS.get(name)
    if better is not None and better.startswith("|"):
        arguments = ", ".join(text_of(each) for each in rest)
        hint = f"{subject} {better}({arguments})" if arguments else f"{subject} {better}".strip()
    return context.report(
        "HB503", f"nothing is called here: `{text_of(target)}(…)` is not available", node, hint=hint
    )
