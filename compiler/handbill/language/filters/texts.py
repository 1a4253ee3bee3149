"""Filters on texts. Lengths are code points after NFC; an enum counts as a text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from jinja2 import nodes

from handbill.language.expressions.arithmetic import bounded_text
from handbill.language.expressions.build import BOOL, call, longest
from handbill.language.expressions.checked import FAILED, Checked
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.facts import Interval
from handbill.language.expressions.logic import truth
from handbill.language.expressions.missing import required
from handbill.language.filters.signature import (
    Handler,
    Signature,
    refuse_kind,
    text_argument,
    whole_argument,
)
from handbill.language.vocabulary.words import is_number, is_text
from handbill.plan.ir import Call, Const, Operation
from handbill.plan.types import DateType, EnumType, IntType, ListType, StringType

Node = nodes.Filter | nodes.Test
MAX_TRUNCATE = 10_000


def _text(context: Checking, name: str, operand: Operand) -> Checked | None:
    value = required(context, operand)
    if value is None:
        return None
    if is_text(value.type):
        return value
    hint = None
    if is_number(value.type) and name in ("truncate", "length"):
        hint = f"'' ~ ({operand.text})"
    if isinstance(value.type, DateType):
        hint = f"{operand.text} | date"
    refuse_kind(context, name, operand, value, "a text", hint)
    return None


def check_length(
    node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
) -> Checked:
    """`length` and `count`: characters of a text, items of a list."""
    value = required(context, operand)
    if value is None:
        return FAILED
    assert value.expression is not None
    if isinstance(value.type, ListType):
        most, operation = value.type.maximum, Operation.COUNT
    elif is_text(value.type):
        assert value.type is not None
        most, operation = longest(value.type), Operation.LENGTH
    else:
        return refuse_kind(context, node.name, operand, value, "a text or a list", None)
    return call(operation, (value.expression,), IntType(0, most), interval=Interval(0, most))


def _cased(operation: Operation) -> Handler:
    def check(
        node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
    ) -> Checked:
        value = _text(context, node.name, operand)
        if value is None:
            return FAILED
        assert value.type is not None and value.expression is not None
        if isinstance(value.type, EnumType):
            return _mapped_enum(operation, value)
        inner = value.expression
        if isinstance(inner, Call) and inner.operation is operation:
            return value  # `lower | lower` is `lower`
        return call(operation, (inner,), StringType(longest(value.type)))

    return check


def _mapped_enum(operation: Operation, value: Checked) -> Checked:
    """The members are known, so the result is again one of few: `tier | upper == 'GOLD'`."""
    assert isinstance(value.type, EnumType) and value.expression is not None
    results = []
    for member in value.type.values:
        one = call(operation, (Const(StringType(len(member)), member),), StringType(len(member)))
        assert one.constant is not None
        results.append(str(one.constant.value))
    return call(operation, (value.expression,), EnumType(tuple(dict.fromkeys(results))))


def check_truncate(
    node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
) -> Checked:
    value = _text(context, "truncate", operand)
    limit = whole_argument(context, arguments[0], 1, MAX_TRUNCATE, "the length")
    if value is None or limit is None:
        return FAILED
    assert value.type is not None and value.expression is not None
    most = longest(value.type)
    if most <= limit:
        return replace(value, optional=False)
    size = Const(IntType(limit, limit), limit)
    return call(Operation.TRUNCATE, (value.expression, size), StringType(limit))


def _searching(operation: Operation) -> Handler:
    def check(
        node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
    ) -> Checked:
        given = required(context, operand)
        if given is not None and isinstance(given.type, ListType):
            hint = f"{arguments[0].text} in {operand.text}"
            return refuse_kind(context, node.name, operand, given, "a text", hint)
        value, part = _text(context, node.name, operand), _text(context, node.name, arguments[0])
        if value is None or part is None:
            return FAILED
        assert value.expression is not None and part.expression is not None
        if part.constant is not None and part.constant.value == "":
            return context.report("HB508", "every text contains the empty one", arguments[0].node)
        result = call(operation, (value.expression, part.expression), BOOL)
        return truth(bool(result.constant.value)) if result.constant is not None else result

    return check


def check_replace(
    node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
) -> Checked:
    value = _text(context, "replace", operand)
    old = text_argument(context, arguments[0], "what is replaced")
    new = text_argument(context, arguments[1], "what stands instead")
    if value is None or old is None or new is None:
        return FAILED
    if not old:
        return context.report("HB508", "the empty text cannot be replaced", arguments[0].node)
    if unicodedata.combining(new[:1]) if new else False:
        return context.report(
            "HB508", "the replacement starts with a combining mark", arguments[1].node
        )
    assert value.type is not None and value.expression is not None
    most = longest(value.type)
    if len(new) > len(old):
        most = most // len(old) * len(new) + most % len(old)
    operands = (value.expression, *(Const(StringType(len(each)), each) for each in (old, new)))
    return bounded_text(node, context, call(Operation.REPLACE, operands, StringType(most)))


TEXT_FILTERS: tuple[Signature, ...] = (
    Signature(
        "length",
        "filter",
        "text or list",
        "whole number",
        "characters of a text, items of a list",
        "customer.first_name | length <= 20",
        (Operation.LENGTH, Operation.COUNT),
        check_length,
    ),
    Signature(
        "count",
        "filter",
        "text or list",
        "whole number",
        "the same as `length`",
        "customer.favorites | count >= 3",
        (Operation.LENGTH, Operation.COUNT),
        check_length,
    ),
    Signature(
        "trim",
        "filter",
        "text",
        "text",
        "without white space at both ends",
        "customer.first_name | trim",
        (Operation.TRIM,),
        _cased(Operation.TRIM),
    ),
    Signature(
        "lower",
        "filter",
        "text",
        "text",
        "in lower case, one character for one",
        "customer.state | lower == 'vt'",
        (Operation.LOWER,),
        _cased(Operation.LOWER),
    ),
    Signature(
        "upper",
        "filter",
        "text",
        "text",
        "in upper case, one character for one",
        "customer.state | upper",
        (Operation.UPPER,),
        _cased(Operation.UPPER),
    ),
    Signature(
        "title",
        "filter",
        "text",
        "text",
        "each word with a capital",
        "customer.first_name | title",
        (Operation.TITLE,),
        _cased(Operation.TITLE),
        templates_only=True,
    ),
    Signature(
        "truncate",
        "filter",
        "text",
        "text",
        "at most n characters, the last is … when it was cut",
        "customer.first_name | truncate(20)",
        (Operation.TRUNCATE,),
        check_truncate,
        ("n",),
    ),
    Signature(
        "contains",
        "filter",
        "text",
        "yes or no",
        "whether a text stands in another",
        "customer.email | contains('@example.com')",
        (Operation.CONTAINS,),
        _searching(Operation.CONTAINS),
        ("text",),
    ),
    Signature(
        "startswith",
        "filter",
        "text",
        "yes or no",
        "whether a text starts with another",
        "customer.zip | startswith('05')",
        (Operation.STARTS_WITH,),
        _searching(Operation.STARTS_WITH),
        ("text",),
    ),
    Signature(
        "endswith",
        "filter",
        "text",
        "yes or no",
        "whether a text ends with another",
        "customer.email | endswith('.edu')",
        (Operation.ENDS_WITH,),
        _searching(Operation.ENDS_WITH),
        ("text",),
    ),
    Signature(
        "replace",
        "filter",
        "text",
        "text",
        "every occurrence of one text by another",
        "customer.phone | replace('-', ' ')",
        (Operation.REPLACE,),
        check_replace,
        ("old", "new"),
    ),
)
