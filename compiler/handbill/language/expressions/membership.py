"""`in`: a value among those written out, or among the items of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import nodes

from handbill.language.expressions.build import BOOL, call, constant, rescaled, scale_of
from handbill.language.expressions.checked import FAILED, Checked, value_of
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.comparison import Check, check_member, comparable
from handbill.language.expressions.logic import negated, truth
from handbill.language.expressions.missing import required
from handbill.language.expressions.names import list_of
from handbill.language.syntax.tree import text_of
from handbill.language.vocabulary.words import describe, is_number, is_text
from handbill.plan.ir import Const, Local, Operation
from handbill.plan.types import IntType, ListType
from handbill.plan.values import Value, const_value


@dataclass(frozen=True, slots=True)
class _Members:
    node: nodes.Expr
    items: Sequence[Operand]


def is_membership(node: nodes.Compare) -> bool:
    """Whether a comparison is one `in` or `not in`."""
    return len(node.ops) == 1 and node.ops[0].op in ("in", "notin")


def check_membership(node: nodes.Compare, context: Checking, check: Check) -> Checked:
    """`x in […]` and `x not in […]`."""
    result = _membership(node, context, check)
    return negated(result) if node.ops[0].op == "notin" and not result.failed else result


def _membership(node: nodes.Compare, context: Checking, check: Check) -> Checked:
    right_node = node.ops[0].expr
    value = required(context, Operand(node.expr, check(node.expr, context)))
    if isinstance(right_node, nodes.List | nodes.Tuple):
        items = [Operand(item, check(item, context)) for item in right_node.items]
        if value is None:
            return FAILED
        return _in_literal(context, Operand(node.expr, value), _Members(right_node, items))
    found = Operand(right_node, check(right_node, context))
    if value is not None and is_text(found.value.type) and is_text(value.type):
        return context.report(
            "HB507",
            f"`{found.text}` is a text, not a list",
            node,
            hint=f"{found.text} | contains({text_of(node.expr)})",
        )
    many = required(context, found)
    if value is None or many is None:
        return FAILED
    return in_list(context, node, Operand(node.expr, value), Operand(right_node, many))


def _in_literal(context: Checking, value: Operand, members: _Members) -> Checked:
    if not members.items:
        return context.report(
            "HB507", "nothing is in an empty list", members.node, hint="name its members"
        )
    constants: list[Checked] = []
    for item in members.items:
        known = required(context, item)
        if known is None:
            return FAILED
        if known.constant is None:
            return context.report(
                "HB507",
                "the members of a list after `in` are written out",
                item.node,
                hint=f"{value.text} == {item.text}",
            )
        pair = comparable(context, item.node, Operation.EQ, value, Operand(item.node, known))
        if pair is None:
            return FAILED
        constants.append(pair[1])
    return _any_equal(value.value, constants)


def _any_equal(value: Checked, members: Sequence[Checked]) -> Checked:
    """`value in [a, b]`; the list's members and the value on one scale."""
    scale = max(scale_of(member.type) for member in members if member.type is not None)
    a = value
    spelled: list[Const] = []
    for member in members:
        a, b = _on_scale(value, member, scale)
        if isinstance(b.expression, Const) and b.expression not in spelled:
            spelled.append(b.expression)
    assert a.expression is not None
    if len(spelled) == 1:
        result = call(Operation.EQ, (a.expression, spelled[0]), BOOL)
    else:
        result = call(Operation.IN, (a.expression, *spelled), BOOL)
    return truth(bool(result.constant.value)) if result.constant is not None else result


def _on_scale(value: Checked, member: Checked, scale: int) -> tuple[Checked, Checked]:
    if not is_number(value.type):
        return value, member
    if isinstance(value.type, IntType) and scale == 0:
        return value, member
    assert value.type is not None
    common = max(scale, scale_of(value.type))
    return rescaled(value, common), rescaled(member, common)


def in_list(context: Checking, node: nodes.Expr, value: Operand, many: Operand) -> Checked:
    """`value in many`, both surely there."""
    if not isinstance(many.value.type, ListType):
        assert many.value.type is not None
        return context.report(
            "HB507",
            f"`in` needs a list, and `{many.text}` is {describe(many.value.type)}",
            many.node,
            hint=f"{value.text} == {many.text}",
        )
    return _contained(context, node, value, many, many.value.type)


def _contained(
    context: Checking, node: nodes.Expr, value: Operand, many: Operand, type_: ListType
) -> Checked:
    if many.value.constant is not None and many.value.constant.value == ():
        return truth(False)
    item = value_of(Local("item", type_.item), type_.item)  # stands for any item: its type matters
    pair = comparable(context, node, Operation.EQ, value, Operand(many.node, item))
    if pair is None or many.value.expression is None:
        return FAILED
    if isinstance(many.value.expression, Const):
        members = _members_of(many.value.expression, type_)
        if not all(
            check_member(context, value.value, Operand(many.node, member)) for member in members
        ):
            return FAILED
        return _any_equal(value.value, members)
    wanted, each = pair
    assert each.type is not None and wanted.expression is not None
    if scale_of(each.type) != scale_of(type_.item):
        return context.report(
            "HB507",
            f"`{value.text}` has more digits after the point than the items of `{many.text}`",
            value.node,
            hint=f"({value.text}) | round({scale_of(type_.item)})",
        )
    return call(Operation.LIST_CONTAINS, (many.value.expression, wanted.expression), BOOL)


def _members_of(const: Const, type_: ListType) -> list[Checked]:
    assert isinstance(const.value, tuple)
    members = [constant(value, type_.item) for value in _values(const)]
    return [member for member in members if member is not None]


def _values(const: Const) -> Sequence[Value]:
    value = const_value(const)
    assert isinstance(value, tuple)
    return value


def literal_list(context: Checking, node: nodes.List, items: Sequence[Operand]) -> Checked:
    """A list written out, `['a', 'b']`, as a value."""
    known = [required(context, item) for item in items]
    if any(item is None for item in known):
        return FAILED
    checked = list_of([item for item in known if item is not None])
    if checked is None:
        return context.report("HB507", "a list holds constants of one kind, at least one", node)
    return checked
