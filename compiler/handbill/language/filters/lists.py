"""Filters from a list to one value: an item, a number, a text.

What of an empty list there is not may be missing, unless a guard says that it has items.
"""

from __future__ import annotations

from dataclasses import replace

from jinja2 import nodes

from handbill.language.expressions.arithmetic import bounded_text
from handbill.language.expressions.build import call, constant, longest, scale_of
from handbill.language.expressions.checked import (
    FAILED,
    Checked,
    decimal_type,
    interval_of,
    value_of,
)
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.counts import at_least
from handbill.language.expressions.each import at_item, mapped, sorted_by
from handbill.language.expressions.facts import Interval
from handbill.language.expressions.missing import required
from handbill.language.expressions.numeric import number
from handbill.language.filters.attributes import a_list, attribute, is_nothing, sure_attribute
from handbill.language.filters.signature import (
    Arguments,
    Handler,
    Signature,
    refuse_kind,
    text_argument,
)
from handbill.language.vocabulary.words import describe, is_number, is_text
from handbill.plan.ir import Call, Const, Operation, Step
from handbill.plan.types import (
    DECIMAL_MAX_SCALE,
    DatetimeType,
    DateType,
    IntType,
    ListType,
    ObjectType,
    StringType,
    Type,
)
from handbill.plan.values import const_of, const_value

Node = nodes.Filter | nodes.Test


# ── one item ─────────────────────────────────────────────────────────────────────────────────────


def _end(operation: Operation, place: int) -> Handler:
    """`first` and `last`."""

    def check(node: Node, context: Checking, operand: Operand, arguments: Arguments) -> Checked:
        value = required(context, operand)
        if value is None:
            return FAILED
        if not isinstance(value.type, ListType):
            is_first = is_text(value.type) and operation is Operation.FIRST
            hint = f"{operand.text} | truncate(1)" if is_first else None
            return refuse_kind(context, node.name, operand, value, "a list", hint)
        return one_item(context, value, value.type, operation, place)

    return check


def one_item(
    context: Checking, many: Checked, type_: ListType, operation: Operation, place: int
) -> Checked:
    """FIRST, LAST or ITEM of a list; `place` is the item's, from 0, or -1."""
    assert many.expression is not None
    if isinstance(many.expression, Const):
        return _constant_item(many, type_, place)
    item = type_.item
    needed = place + 1 if place >= 0 else 1
    operands = (many.expression,)
    if operation is Operation.ITEM:
        operands = (many.expression, Const(IntType(place, place), place))  # type: ignore[assignment]
    shape = replace(many.shape, relation=None) if many.shape is not None else None
    optional = at_least(context.facts, many.expression) < needed
    return value_of(Call(operation, operands, item), item, optional=optional, shape=shape)


def _constant_item(many: Checked, type_: ListType, place: int) -> Checked:
    assert isinstance(many.expression, Const)
    items = const_value(many.expression)
    assert isinstance(items, tuple)
    if place >= len(items) or not items:
        return Checked(missing=True)
    if isinstance(type_.item, ObjectType):
        return value_of(const_of(items[place], type_.item), type_.item, shape=many.shape)
    return constant(items[place], type_.item) or FAILED


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────


def _values(
    node: Node, context: Checking, operand: Operand, arguments: Arguments, wants: str
) -> Checked | None:
    """The list of numbers: the items, or the member that is named."""
    many = a_list(context, node.name, operand)
    if many is None:
        return None
    if is_nothing(many):
        none = ListType(IntType(0, 0), 0)
        return value_of(Const(none, ()), none)
    named = arguments.named.get("attribute") or (arguments[0] if arguments else None)
    if named is not None:
        at = at_item(context, many)
        member = sure_attribute(at, named)
        if member is None:
            return None
        if is_number(member.value.type):
            return mapped(many, at, member.value)
        refuse_kind(at.context, node.name, member, member.value, wants, None)
        return None
    assert isinstance(many.type, ListType)
    if is_number(many.type.item):
        return many
    refuse_kind(context, node.name, operand, many, f"{wants} each", _by_member(node, many.type))
    return None


def _by_member(node: Node, type_: ListType) -> str | None:
    if not isinstance(type_.item, ObjectType):
        return None
    numbers = [member.name for member in type_.item.members if is_number(member.type)]
    return f"{node.name}(attribute='{numbers[0]}')" if numbers else None


def _items(many: Checked) -> tuple[Checked, Interval, int]:
    """The list as an operand of numbers, the bounds of its items, and the most items."""
    assert isinstance(many.type, ListType) and many.expression is not None
    interval = interval_of(many.type.item)
    assert interval is not None
    return (
        Checked(many.expression, many.type.item, interval=interval),
        interval,
        many.type.maximum,
    )


def check_sum(node: Node, context: Checking, operand: Operand, arguments: Arguments) -> Checked:
    """0 for nothing."""
    many = _values(node, context, operand, arguments, "a number")
    if many is None:
        return FAILED
    items, each, most = _items(many)
    assert items.type is not None
    interval = Interval(min(0, most * each.low), max(0, most * each.high))
    return number(node, context, Operation.SUM, (items,), interval, scale_of(items.type))


def check_avg(node: Node, context: Checking, operand: Operand, arguments: Arguments) -> Checked:
    """Six digits after the point, half away from zero; nothing has no average."""
    many = _values(node, context, operand, arguments, "a number")
    if many is None:
        return FAILED
    items, each, most = _items(many)
    assert items.type is not None and many.expression is not None
    factor = 10 ** (DECIMAL_MAX_SCALE - scale_of(items.type))
    interval = Interval(each.low * factor, each.high * factor)
    way = Interval(2 * most * interval.low - most, 2 * most * interval.high + most)
    by = Const(IntType(factor, factor), factor)
    if number(node, context, Operation.SUM, (items,), interval, DECIMAL_MAX_SCALE, way).failed:
        return FAILED
    type_ = decimal_type(DECIMAL_MAX_SCALE, interval)
    found = call(Operation.AVERAGE, (many.expression, by), type_, interval=interval)
    return _unless_empty(context, many, found)


def _unless_empty(context: Checking, many: Checked, found: Checked) -> Checked:
    if found.constant is not None:
        return found
    assert many.expression is not None
    if isinstance(many.expression, Const) and not many.expression.value:
        return Checked(missing=True)
    return replace(found, optional=at_least(context.facts, many.expression) < 1)


def _extreme(operation: Operation, descending: bool) -> Handler:
    """`min` and `max`: the value, or the whole item whose member is the least or the most."""

    def check(node: Node, context: Checking, operand: Operand, arguments: Arguments) -> Checked:
        many = a_list(context, node.name, operand)
        if many is None:
            return FAILED
        assert isinstance(many.type, ListType) and many.expression is not None
        if is_nothing(many):
            return Checked(missing=True)
        if "attribute" in arguments.named:
            return _extreme_item(node, context, many, arguments.named["attribute"], descending)
        item = many.type.item
        if not _has_order(item):
            hint = f"map(attribute='…') | {node.name}" if isinstance(item, ObjectType) else None
            return refuse_kind(context, node.name, operand, many, "numbers, dates or texts", hint)
        found = call(operation, (many.expression,), item)
        return _unless_empty(context, many, found)

    return check


def _has_order(type_: Type) -> bool:
    return is_number(type_) or is_text(type_) or isinstance(type_, DateType | DatetimeType)


def _extreme_item(
    node: Node, context: Checking, many: Checked, named: Operand, descending: bool
) -> Checked:
    at = at_item(context, many)
    key = attribute(at, named)
    if key is None:
        return FAILED
    assert key.value.type is not None
    if not _has_order(key.value.type):
        message = f"`{key.text}` is {describe(key.value.type)}, which has no order"
        return context.report("HB527", message, named.node)
    ordered = sorted_by(many, at, key.value, descending)
    assert isinstance(ordered.type, ListType)
    return one_item(context, ordered, ordered.type, Operation.FIRST, 0)


# ── text ─────────────────────────────────────────────────────────────────────────────────────────


def check_join(node: Node, context: Checking, operand: Operand, arguments: Arguments) -> Checked:
    value = a_list(context, "join", operand, "a list of texts")
    separator = text_argument(context, arguments[0], "what stands between") if arguments else ""
    if value is None or separator is None:
        return FAILED
    if "attribute" in arguments.named and not is_nothing(value):
        at = at_item(context, value)
        member = sure_attribute(at, arguments.named["attribute"])
        if member is None or isinstance(member.value.type, ListType):
            return FAILED if member is None else _refuse_join(context, operand, value)
        value = mapped(value, at, member.value)
    if not isinstance(value.type, ListType) or not is_text(value.type.item):
        return _refuse_join(context, operand, value)
    assert not isinstance(value.type.item, ObjectType)
    count, each = value.type.maximum, longest(value.type.item)
    most = count * each + max(0, count - 1) * len(separator)
    assert value.expression is not None
    between = Const(StringType(len(separator)), separator)
    result = call(Operation.JOIN, (value.expression, between), StringType(most))
    return bounded_text(node, context, result)


def _refuse_join(context: Checking, operand: Operand, value: Checked) -> Checked:
    hint = None
    if isinstance(value.type, ListType) and isinstance(value.type.item, ObjectType):
        texts = [member.name for member in value.type.item.members if is_text(member.type)]
        hint = f"join(', ', attribute='{texts[0]}')" if texts else None
    return refuse_kind(context, "join", operand, value, "a list of texts", hint)


# ── the table ────────────────────────────────────────────────────────────────────────────────────

_MAY_MISS = "an item, may be missing"
_NUMBERS = "list of numbers, or of objects"

LIST_FILTERS: tuple[Signature, ...] = (
    Signature(
        "first",
        "filter",
        "list",
        _MAY_MISS,
        "the first item; of a relation the earliest",
        "customer.favorites | first | default('') == 'tea'",
        (Operation.FIRST,),
        _end(Operation.FIRST, 0),
    ),
    Signature(
        "last",
        "filter",
        "list",
        _MAY_MISS,
        "the last item; of a relation the latest",
        "customer.favorites | count > 0 and customer.favorites | last == 'tea'",
        (Operation.LAST,),
        _end(Operation.LAST, -1),
    ),
    Signature(
        "sum",
        "filter",
        _NUMBERS,
        "number",
        "the sum, of a member if one is named; 0 for nothing",
        "customer.purchases | sum(attribute='total') > 500",
        (Operation.SUM,),
        check_sum,
        ("name?",),
        named=("attribute",),
        steps=(Step.MAP,),
        binds=True,
    ),
    Signature(
        "avg",
        "filter",
        _NUMBERS,
        "number, may be missing",
        "the average with six digits, half away from zero",
        "customer.purchases | avg(attribute='total') | default(0) > 20",
        (Operation.AVERAGE,),
        check_avg,
        ("name?",),
        named=("attribute",),
        steps=(Step.MAP,),
        binds=True,
    ),
    *(
        Signature(
            name,
            "filter",
            "list of numbers, dates or texts, or of objects",
            "a value or an item, may be missing",
            f"the {word} value; with a member's name the first item that has the {word}",
            f"customer.purchases | map(attribute='total') | {name} | default(0) > 20",
            (operation,),
            _extreme(operation, name == "max"),
            named=("attribute",),
            steps=(Step.SORT,),
            binds=True,
        )
        for name, word, operation in (
            ("min", "least", Operation.MINIMUM),
            ("max", "greatest", Operation.MAXIMUM),
        )
    ),
    Signature(
        "join",
        "filter",
        "list of texts",
        "text",
        "the items, or a member of each, with a text between them",
        "customer.favorites | join(', ')",
        (Operation.JOIN,),
        check_join,
        ("between?",),
        templates_only=True,
        named=("attribute",),
        steps=(Step.MAP,),
        binds=True,
    ),
)
