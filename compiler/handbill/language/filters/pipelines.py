"""Filters from a list to a list: which items, in which order, and what of each.

They work on the rows of a relation, on lists of objects and on plain lists, in rules and in messages.
What `selectattr` establishes is known of the items that are left.
"""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import nodes

from handbill.language.expressions.checked import FAILED, Checked
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.dots import EACH_ITEM
from handbill.language.expressions.each import (
    AtItem,
    at_item,
    mapped,
    selected,
    sorted_by,
    unique_by,
)
from handbill.language.expressions.logic import negated
from handbill.language.expressions.missing import required
from handbill.language.filters.attributes import (
    a_list,
    attribute,
    condition,
    is_nothing,
    sure_attribute,
)
from handbill.language.filters.numbers import check_default
from handbill.language.filters.signature import (
    Arguments,
    Handler,
    Signature,
    flag_argument,
)
from handbill.language.filters.within import check_within
from handbill.language.vocabulary.words import describe, is_number, is_text
from handbill.plan.ir import Operation, Step
from handbill.plan.types import DatetimeType, DateType, ListType, ObjectType, Type

Node = nodes.Filter | nodes.Test


def _selecting(keeps: bool) -> Handler:
    def check(node: Node, context: Checking, operand: Operand, arguments: Arguments) -> Checked:
        many = a_list(context, node.name, operand, "a list of objects")
        if many is None:
            return FAILED
        if is_nothing(many):
            return many
        at = at_item(context, many)
        found = condition(node, at, arguments)
        if found.failed or found.expression is None:
            return FAILED
        return selected(many, at, found if keeps else negated(found))

    return check


def check_map(node: Node, context: Checking, operand: Operand, arguments: Arguments) -> Checked:
    """`map(attribute='name')`; `default` is for items that have none."""
    many = a_list(context, "map", operand, "a list of objects")
    name, fallback = arguments.named.get("attribute"), arguments.named.get("default")
    if name is None:
        text = arguments[0].text if arguments else "'…'"
        return context.report(
            "HB508", "`map` is told which member", node, hint=f"map(attribute={text})"
        )
    if many is None or is_nothing(many):
        return many or FAILED
    at = at_item(context, many)
    member = attribute(at, name)
    if member is None:
        return FAILED
    if isinstance(member.value.type, ListType):
        return _refuse_nested(context, node, member)
    if fallback is not None:
        body: Checked | None = check_default(node, at.context, member, [fallback])
    else:
        body = required(at.context, member)
    return FAILED if body is None or body.failed else mapped(many, at, body)


def _refuse_nested(context: Checking, node: Node, member: Operand) -> Checked:
    return context.report(
        "HB527",
        f"`{member.text}` is a list itself, and there are no lists of lists",
        node,
        hint="loop over the items, and over their own list inside",
    )


def check_sort(node: Node, context: Checking, operand: Operand, arguments: Arguments) -> Checked:
    """By size, by time, texts by code point; items without the member come last."""
    many = a_list(context, "sort", operand)
    descending: bool | None = False
    if "reverse" in arguments.named:
        descending = flag_argument(context, arguments.named["reverse"], "`reverse`")
    if many is None or descending is None:
        return FAILED
    if is_nothing(many):
        return many
    at = at_item(context, many)
    key = _key(at, node, arguments)
    return FAILED if key is None else sorted_by(many, at, key.value, descending)


def _key(at: AtItem, node: Node, arguments: Arguments) -> Operand | None:
    """What a list is sorted by: something with an order."""
    named = arguments.named.get("attribute")
    key = Operand(node, at.value, EACH_ITEM) if named is None else attribute(at, named)
    if key is None or _has_order(key.value.type):
        return key
    _refuse_key(at.context, node, key, "sort", "has no order")
    return None


def _refuse_key(context: Checking, node: Node, key: Operand, name: str, why: str) -> Checked:
    hint = None
    if isinstance(key.value.type, ObjectType) and key.value.type.members:
        hint = f"{name}(attribute='{key.value.type.members[0].name}')"
    kind = describe(key.value.type) if key.value.type else "that"
    return context.report("HB527", f"`{key.text}` is {kind}, which {why}", key.node, hint=hint)


def _has_order(type_: Type | None) -> bool:
    return is_number(type_) or is_text(type_) or isinstance(type_, DateType | DatetimeType)


def check_unique(node: Node, context: Checking, operand: Operand, arguments: Arguments) -> Checked:
    """The first item of each value."""
    many = a_list(context, "unique", operand)
    if many is None or is_nothing(many):
        return many or FAILED
    at = at_item(context, many)
    named = arguments.named.get("attribute")
    key = Operand(node, at.value, EACH_ITEM) if named is None else sure_attribute(at, named)
    if key is None:
        return FAILED
    if isinstance(key.value.type, ObjectType | ListType):
        return _refuse_key(context, node, key, "unique", "is compared by one of its members")
    return unique_by(many, at, key.value)


# ── the table ────────────────────────────────────────────────────────────────────────────────────


def _pipeline(
    name: str,
    takes: str,
    gives: str,
    meaning: str,
    example: str,
    check: Handler,
    step: Step,
    arguments: tuple[str, ...] = (),
    named: tuple[str, ...] = (),
    operations: Sequence[Operation] = (),
) -> Signature:
    return Signature(
        name,
        "filter",
        takes,
        gives,
        meaning,
        example,
        tuple(operations),
        check,
        arguments,
        named=named,
        steps=(step,),
        binds=True,
    )


_OBJECTS = "relation, list of objects"
_TEST = (
    "`==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `defined`, `undefined`, `even`, `odd`, `divisibleby`"
)

PIPELINE_FILTERS: tuple[Signature, ...] = (
    _pipeline(
        "within",
        "relation, list with dates",
        "the same",
        "the items of the last days, today among them, by the relation's time or by a member",
        "customer.purchases | within('60 days') | count >= 3",
        check_within,
        Step.SELECT,
        ("duration",),
        ("attribute",),
        (Operation.PLUS_DAYS, Operation.DAY_START),
    ),
    _pipeline(
        "selectattr",
        _OBJECTS,
        "the same",
        f"the items whose member passes the test: {_TEST}; a name alone for a yes-or-no",
        "customer.purchases | selectattr('total', '>', 50) | count >= 3",
        _selecting(True),
        Step.SELECT,
        ("name", "test?", "value?"),
        operations=(Operation.NOT,),
    ),
    _pipeline(
        "rejectattr",
        _OBJECTS,
        "the same",
        "the items whose member does not pass the test",
        "customer.purchases | rejectattr('online') | count == 0",
        _selecting(False),
        Step.SELECT,
        ("name", "test?", "value?"),
        operations=(Operation.NOT,),
    ),
    _pipeline(
        "map",
        _OBJECTS,
        "list",
        "one member of each item; `default` for items without it",
        "'dairy' in customer.purchases | map(attribute='department')",
        check_map,
        Step.MAP,
        ("name?",),
        ("attribute", "default"),
    ),
    _pipeline(
        "sort",
        "list",
        "the same",
        "in order, by a member or the items themselves; texts by code point, what is missing last",
        "(customer.purchases | sort(attribute='total', reverse=true))[:5] | count == 5",
        check_sort,
        Step.SORT,
        named=("attribute", "reverse"),
    ),
    _pipeline(
        "unique",
        "list",
        "the same",
        "the first item of each value, of a member or of the items themselves",
        "customer.purchases | unique(attribute='department') | count >= 3",
        check_unique,
        Step.UNIQUE,
        named=("attribute",),
    ),
)
