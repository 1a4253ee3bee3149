"""What filters say of each item of a list: a member by its name, and a condition on it.

`selectattr('product.department', '==', 'dairy')`: the name is written as a text, checked as dots are,
and the condition is the same comparison that a rule would write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jinja2 import nodes

from handbill.diagnostics.suggest import closest
from handbill.language.expressions.checked import FAILED, Checked
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.comparison import compare
from handbill.language.expressions.dots import EACH_ITEM, one_dot
from handbill.language.expressions.each import AtItem
from handbill.language.expressions.logic import check_defined, negated
from handbill.language.expressions.membership import in_list
from handbill.language.expressions.missing import required
from handbill.language.filters.numbers import NUMBER_TESTS
from handbill.language.filters.signature import Arguments, text_argument
from handbill.language.vocabulary.words import FIELD_NAME, describe
from handbill.plan.ir import Operation
from handbill.plan.types import BoolType, DecimalType, EnumType, IntType, ListType

Node = nodes.Filter | nodes.Test

COMPARISONS: Mapping[str, Operation] = {
    "==": Operation.EQ,
    "!=": Operation.NE,
    "<": Operation.LT,
    "<=": Operation.LE,
    ">": Operation.GT,
    ">=": Operation.GE,
}
OTHER_TESTS = ("in", "defined", "undefined", *(test.name for test in NUMBER_TESTS))
FOREIGN: Mapping[str, str] = {
    "eq": "==",
    "equalto": "==",
    "=": "==",
    "ne": "!=",
    "<>": "!=",
    "lt": "<",
    "lessthan": "<",
    "le": "<=",
    "gt": ">",
    "greaterthan": ">",
    "ge": ">=",
    "none": "undefined",
}


def attribute(at: AtItem, named: Operand) -> Operand | None:
    """The member of an item that a text names; it may be missing."""
    name = text_argument(at.context, named, "the name of a member")
    if name is None:
        return None
    words = name.split(".")
    if not all(FIELD_NAME.match(word) for word in words):
        at.context.report("HB508", f"`{name}` names no member", named.node, hint="'product.name'")
        return None
    value, owner = at.value, EACH_ITEM
    for word in words:
        value = one_dot(at.context, value, named.node, word, owner)
        owner = word if owner == EACH_ITEM else f"{owner}.{word}"
        if value.expression is None:
            return None
    return Operand(named.node, value, name)


def sure_attribute(at: AtItem, named: Operand) -> Operand | None:
    """The same, where it must not be missing for any item."""
    found = attribute(at, named)
    value = required(at.context, found) if found is not None else None
    return None if found is None or value is None else replace(found, value=value)


def condition(node: Node, at: AtItem, arguments: Arguments) -> Checked:
    """`(name)`, `(name, test)` or `(name, test, value)` as a condition on one item."""
    member = attribute(at, arguments[0])
    if member is None:
        return FAILED
    if len(arguments) == 1:
        return _flag(at.context, member)
    test = text_argument(at.context, arguments[1], "the test")
    if test is None:
        return FAILED
    rest = arguments[2:]
    if test in COMPARISONS or test == "in":
        return _compared(node, at.context, member, test, arguments[1], rest)
    if test in ("defined", "undefined"):
        if rest:
            return at.context.report("HB508", f"`{test}` takes no value", rest[0].node)
        found = check_defined(member.value)
        return found if test == "defined" else negated(found)
    for signature in NUMBER_TESTS:
        if signature.name == test and signature.check is not None:
            if len(rest) != signature.fewest:
                hint = f"{node.name}('{member.text}', '{test}'{', 10' * signature.fewest})"
                return at.context.report("HB508", f"`{test}` here", arguments[1].node, hint=hint)
            return signature.check(node, at.context, member, Arguments(rest))
    return _unknown_test(at.context, test, arguments[1])


def _unknown_test(context: Checking, test: str, written: Operand) -> Checked:
    known = (*COMPARISONS, *OTHER_TESTS)
    near = FOREIGN.get(test) or closest(test, known)
    hint = f"did you mean '{near}'?" if near else f"tests: {', '.join(known)}"
    return context.report("HB527", f"there is no test `{test}`", written.node, hint=hint)


def _flag(context: Checking, member: Operand) -> Checked:
    value = required(context, member)
    if value is None:
        return FAILED
    if isinstance(value.type, BoolType):
        return value
    assert value.type is not None
    hints = {IntType: "'>', 0", DecimalType: "'>', 0", EnumType: "'==', '…'"}
    test = hints.get(type(value.type), "'defined'")
    return context.report(
        "HB527",
        f"a name alone selects by yes or no, and `{member.text}` is {describe(value.type)}",
        member.node,
        hint=f"('{member.text}', {test})",
    )


def _compared(
    node: Node,
    context: Checking,
    member: Operand,
    test: str,
    written: Operand,
    rest: tuple[Operand, ...],
) -> Checked:
    if not rest:
        hint = f"{node.name}('{member.text}', '{test}', …)"
        return context.report("HB508", f"`{test}` needs a value", written.node, hint=hint)
    value, other = required(context, member), required(context, rest[0])
    if value is None or other is None:
        return FAILED
    left, right = replace(member, value=value), replace(rest[0], value=other)
    if test == "in":
        return in_list(context, node, left, right)
    return compare(context, node, COMPARISONS[test], left, right)


def is_nothing(many: Checked) -> bool:
    """Whether it is a constant list without items, of which nothing more is known."""
    return many.constant is not None and many.constant.value == ()


def a_list(context: Checking, name: str, operand: Operand, wants: str = "a list") -> Checked | None:
    """The operand as a list that is surely there."""
    value = required(context, operand)
    if value is None or isinstance(value.type, ListType):
        return value
    assert value.type is not None
    context.report(
        "HB507",
        f"`{name}` needs {wants}, and `{operand.text}` is {describe(value.type)}",
        operand.node,
    )
    return None
