"""`default`, and the filters on numbers: `round`, `abs`, and the tests `even`, `odd`, `divisibleby`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jinja2 import nodes

from handbill.language.expressions.build import (
    BOOL,
    INT64,
    bounds,
    call,
    literal,
    number_type,
    rescaled,
    scale_of,
)
from handbill.language.expressions.checked import FAILED, Checked, int_type, value_of
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.comparison import read_moment
from handbill.language.expressions.facts import NOTHING, Facts, Interval
from handbill.language.expressions.logic import truth, unify
from handbill.language.expressions.missing import required
from handbill.language.expressions.numeric import absolute, divided, number
from handbill.language.filters.signature import (
    Handler,
    Signature,
    refuse_kind,
    whole_argument,
)
from handbill.language.vocabulary.words import describe, is_number, is_text
from handbill.plan.ir import Const, Operation
from handbill.plan.types import (
    DECIMAL_MAX_SCALE,
    BoolType,
    DatetimeType,
    DateType,
    DecimalType,
    EnumType,
    IntType,
    ListType,
    ObjectType,
    StringType,
)

Node = nodes.Filter | nodes.Test


def check_default(
    node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
) -> Checked:
    """The value, or another where it is missing."""
    value = operand.value
    if is_empty_list(arguments[0].node):
        if not value.missing and not value.failed and not isinstance(value.type, ListType):
            return _refuse(context, value, arguments[0])
        fallback: Checked | None = _empty_list(value)
    else:
        fallback = required(context, arguments[0])
    if fallback is None or value.failed:
        return FAILED
    if value.missing:
        return fallback
    return _with_fallback(node, context, operand, Operand(arguments[0].node, fallback))


def is_empty_list(node: nodes.Node) -> bool:
    """`[]`, which is no value by itself: nothing says of what it is a list."""
    return isinstance(node, nodes.List) and not node.items


def _empty_list(value: Checked) -> Checked:
    item = value.type.item if isinstance(value.type, ListType) else StringType(0)
    type_ = ListType(item, 0)
    return value_of(Const(type_, ()), type_, shape=value.shape)


def _with_fallback(node: Node, context: Checking, operand: Operand, fallback: Operand) -> Checked:
    value = operand.value
    assert value.type is not None
    if isinstance(value.type, DateType | DatetimeType) and is_text(fallback.value.type):
        if fallback.value.constant is None:
            return _refuse(context, value, fallback)
        moment = read_moment(context, fallback, isinstance(value.type, DateType))
        if moment is None:
            return FAILED
        fallback = Operand(fallback.node, moment)
    if not value.optional:
        return value
    if is_number(value.type) and is_number(fallback.value.type):
        return _number(context, value, fallback)
    unified = unify(value, fallback.value)
    if unified is None:
        return _refuse(context, value, fallback)
    left, right, type_ = unified
    assert left.expression is not None and right.expression is not None
    result = call(Operation.DEFAULT, (left.expression, right.expression), type_)
    result = replace(result, shape=value.shape if isinstance(type_, ListType) else None)
    if isinstance(type_, BoolType) and fallback.value.constant is not None:
        return _flag(value, result, bool(fallback.value.constant.value))
    return result


def _flag(value: Checked, result: Checked, fallback: bool) -> Checked:
    """`flag | default(false)` holds only where the flag is there."""
    if value.path is None:
        return result
    there = Facts.of(value.path)
    return result.knowing(NOTHING if fallback else there, there if fallback else NOTHING)


def _number(context: Checking, value: Checked, fallback: Operand) -> Checked:
    """The fallback takes the value's scale: nothing may be computed on a missing value."""
    assert value.type is not None and fallback.value.type is not None
    scale = scale_of(value.type)
    if scale_of(fallback.value.type) > scale:
        digits = "none" if scale == 0 else f"at most {scale}"
        return context.report(
            "HB508",
            f"this default has digits after the point, and the field has {digits}",
            fallback.node,
        )
    other = fallback.value
    if isinstance(value.type, DecimalType):
        other = rescaled(other, scale)
    interval = bounds(value).hull(bounds(other))
    assert value.expression is not None and other.expression is not None
    type_ = number_type(scale, interval, isinstance(value.type, IntType))
    return call(Operation.DEFAULT, (value.expression, other.expression), type_, interval=interval)


def _refuse(context: Checking, value: Checked, fallback: Operand) -> Checked:
    assert value.type is not None
    given = "an empty list"
    if fallback.value.type is not None:
        given = describe(fallback.value.type)
    example = {
        BoolType: "false",
        IntType: "0",
        DecimalType: "0",
        DateType: "'2026-12-24'",
        ListType: "[]",
        DatetimeType: "'2026-12-24T10:00Z'",
    }.get(type(value.type), "''")
    if isinstance(value.type, EnumType):
        example = f"'{value.type.values[0]}'"
    return context.report(
        "HB507",
        f"the default is {given}, the value {describe(value.type)}",
        fallback.node,
        hint=None if isinstance(value.type, ObjectType) else f"default({example})",
    )


def _numeric(context: Checking, name: str, operand: Operand) -> Checked | None:
    value = operand.value
    too_precise = value.type is not None and scale_of(value.type) > DECIMAL_MAX_SCALE
    if not (name == "round" and too_precise and not value.optional):
        checked = required(context, operand)
        if checked is None:
            return None
        value = checked
    if is_number(value.type):
        return value
    refuse_kind(context, name, operand, value, "a number", None)
    return None


def check_round(
    node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
) -> Checked:
    """Half away from zero; without an argument to a whole number."""
    value = _numeric(context, "round", operand)
    digits = (
        whole_argument(context, arguments[0], 0, DECIMAL_MAX_SCALE, "the number of digits")
        if arguments
        else 0
    )
    if value is None or digits is None:
        return FAILED
    return rounded(node, context, value, digits)


def rounded(node: nodes.Expr, context: Checking, value: Checked, digits: int) -> Checked:
    """The number with `digits` after the point; a whole number for 0."""
    assert value.type is not None
    scale = scale_of(value.type)
    if isinstance(value.type, IntType) and digits == 0:
        return value
    if scale < digits:
        return rescaled(value, digits)
    if scale == digits:
        result = value
    else:
        factor = 10 ** (scale - digits)
        divisor = literal(factor)
        assert divisor is not None
        result = divided(node, context, value, divisor, digits)
    if digits or result.failed:
        return result
    return _as_whole(node, context, result)


def _as_whole(node: nodes.Expr, context: Checking, value: Checked) -> Checked:
    """A decimal without digits after the point is a whole number, if it fits one."""

    found = bounds(value)
    if found.low < INT64.low or found.high > INT64.high:
        return context.report("HB511", "this number can become too large for a whole number", node)
    known = value.constant
    if known is not None:
        assert isinstance(known.value, int)
        whole = literal(known.value)
        return whole if whole is not None else FAILED
    return replace(value, type=int_type(found))


def check_abs(
    node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
) -> Checked:
    value = _numeric(context, "abs", operand)
    return FAILED if value is None else absolute(node, context, value)


def _divisible(name: str) -> Handler:
    """`even`, `odd`, `divisibleby(n)`."""

    def check(
        node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
    ) -> Checked:
        value = required(context, operand)
        by = whole_argument(context, arguments[0], 1, 1_000_000, "the divisor") if arguments else 2
        if value is None or by is None:
            return FAILED
        if not isinstance(value.type, IntType):
            return refuse_kind(context, name, operand, value, "a whole number", None)
        return _remainder_is(node, context, value, by, 1 if name == "odd" else 0)

    return check


def _remainder_is(
    node: Node, context: Checking, value: Checked, by: int, remainder: int
) -> Checked:
    divisor, wanted = literal(by), literal(remainder)
    assert divisor is not None
    rest = number(node, context, Operation.MOD, (value, divisor), Interval(0, by - 1), 0)
    assert wanted is not None and wanted.expression is not None and rest.expression is not None
    result = call(Operation.EQ, (rest.expression, wanted.expression), BOOL)
    return truth(bool(result.constant.value)) if result.constant is not None else result


NUMBER_FILTERS: tuple[Signature, ...] = (
    Signature(
        "default",
        "filter",
        "anything that may be missing",
        "the same",
        "another value where it is missing",
        "customer.points | default(0)",
        (Operation.DEFAULT,),
        check_default,
        ("value",),
    ),
    Signature(
        "round",
        "filter",
        "number",
        "number",
        "to n digits after the point, half away from zero",
        "customer.spend | round",
        (Operation.ROUND_DIV, Operation.MUL),
        check_round,
        ("n?",),
    ),
    Signature(
        "abs",
        "filter",
        "number",
        "number",
        "without its sign",
        "customer.balance | abs",
        (Operation.ABS,),
        check_abs,
    ),
)

NUMBER_TESTS: tuple[Signature, ...] = (
    Signature(
        "even",
        "test",
        "whole number",
        "yes or no",
        "divisible by 2",
        "customer.orders is even",
        (Operation.MOD, Operation.EQ),
        _divisible("even"),
    ),
    Signature(
        "odd",
        "test",
        "whole number",
        "yes or no",
        "not divisible by 2",
        "customer.orders is odd",
        (Operation.MOD, Operation.EQ),
        _divisible("odd"),
    ),
    Signature(
        "divisibleby",
        "test",
        "whole number",
        "yes or no",
        "divisible by n",
        "customer.orders is divisibleby(10)",
        (Operation.MOD, Operation.EQ),
        _divisible("divisibleby"),
        ("n",),
    ),
)
