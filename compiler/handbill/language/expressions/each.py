"""One step of a pipeline over a list: its items by a name, and the Each that the step becomes.

The name follows from how deep the step stands, so that two pipelines that are written alike are the
same IR, and what is known of one is known of the other. What is constant is computed at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from handbill.language.expressions.build import constant, replace_maximum
from handbill.language.expressions.checked import ITEM, Checked, value_of
from handbill.language.expressions.checking import Checking, Within
from handbill.language.expressions.facts import Facts
from handbill.language.expressions.reads import locals_in, nodes_of
from handbill.plan.ir import Const, Each, Expression, Field, Local, Step
from handbill.plan.row import evaluate
from handbill.plan.types import ListType


@dataclass(frozen=True, slots=True)
class AtItem:
    """One item of a list: its value and the context in which its members are checked."""

    name: str
    value: Checked
    context: Checking


def at_item(context: Checking, many: Checked) -> AtItem:
    """Each item of a list that is surely there."""
    assert isinstance(many.type, ListType) and many.expression is not None
    name = "_item" if context.depth == 0 else f"_item{context.depth + 1}"
    item_type = many.type.item
    shape = replace(many.shape, relation=None) if many.shape is not None else None
    item = value_of(Local(name, item_type), item_type, path=(name,), shape=shape)
    inside = replace(
        context,
        scope=context.scope.assuming(many.items.about(ITEM, name)),
        within=(*context.within, Within(name, many.expression)),
        depth=context.depth + 1,
    )
    return AtItem(name, item, inside)


def selected(many: Checked, at: AtItem, condition: Checked) -> Checked:
    """The items for which the condition holds; what it establishes is known of each of them."""
    if condition.constant is not None:
        return many if condition.constant.value else _none_of(many)
    step = _each(Step.SELECT, many, at, condition)
    known = many.items.both(condition.when_true.about(at.name, ITEM))
    return _like(many, step, known)


def mapped(many: Checked, at: AtItem, body: Checked) -> Checked:
    """The body's value for every item."""
    assert isinstance(many.type, ListType) and body.expression is not None
    item = body.expression.type
    assert not isinstance(item, ListType)
    if isinstance(body.expression, Local) and body.expression.name == at.name:
        return many
    type_ = ListType(item, many.type.maximum)
    each = folded(_step(Step.MAP, many, at, body.expression, type_))
    return value_of(each, each.type, shape=body.shape)


def sorted_by(many: Checked, at: AtItem, key: Checked, descending: bool) -> Checked:
    return _like(many, _each(Step.SORT, many, at, key, descending), many.items)


def unique_by(many: Checked, at: AtItem, key: Checked) -> Checked:
    return _like(many, _each(Step.UNIQUE, many, at, key), many.items)


def _like(many: Checked, expression: Expression, items: Facts) -> Checked:
    return value_of(expression, expression.type, shape=many.shape, items=items)


def _none_of(many: Checked) -> Checked:
    assert isinstance(many.type, ListType)
    type_ = replace_maximum(many.type, 0)
    return value_of(Const(type_, ()), type_, shape=many.shape)


def _each(
    step: Step, many: Checked, at: AtItem, body: Checked, descending: bool = False
) -> Expression:
    assert isinstance(many.type, ListType) and body.expression is not None
    return folded(_step(step, many, at, body.expression, many.type, descending))


def _step(
    step: Step,
    many: Checked,
    at: AtItem,
    body: Expression,
    type_: ListType,
    descending: bool = False,
) -> Each:
    assert many.expression is not None
    return Each(step, many.expression, at.name, body, type_, descending)


def folded(expression: Expression) -> Expression:
    """The expression's value, where it reads neither a field nor a name from outside."""
    if not isinstance(expression, Each) or not isinstance(expression.items, Const):
        return expression
    reads = any(isinstance(node, Field) for node, _ in nodes_of(expression))
    if reads or locals_in(expression):
        return expression
    try:
        value = evaluate(expression, (), {})
    except (TypeError, AttributeError):
        return expression  # it meets a missing member, which was reported
    found = constant(value, expression.type)
    return found.expression if found is not None and found.expression is not None else expression
