"""Comparisons and `in`: both sides in one representation, and what a comparison tells of its sides."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping

from jinja2 import nodes

from handbill.diagnostics.diagnostic import Severity
from handbill.diagnostics.suggest import closest
from handbill.language.expressions.build import BOOL, aligned, call, constant, scale_of
from handbill.language.expressions.checked import FAILED, Checked, value_of
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.counts import count_facts, defined_facts
from handbill.language.expressions.facts import NOTHING, Facts, Interval
from handbill.language.expressions.logic import truth
from handbill.language.expressions.missing import required
from handbill.language.syntax.tree import text_of
from handbill.language.vocabulary.words import describe, is_number, is_text, listed
from handbill.plan.ir import Call, Const, Operation
from handbill.plan.types import (
    BoolType,
    DatetimeType,
    DateType,
    EnumType,
    ListType,
    StringType,
)

Check = Callable[[nodes.Expr, Checking], Checked]

OPERATIONS: Mapping[str, Operation] = {
    "eq": Operation.EQ,
    "ne": Operation.NE,
    "lt": Operation.LT,
    "lteq": Operation.LE,
    "gt": Operation.GT,
    "gteq": Operation.GE,
}
SYMBOLS: Mapping[str, str] = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "lteq": "<=",
    "gt": ">",
    "gteq": ">=",
    "in": "in",
    "notin": "not in",
}
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d{1,6})?)?(Z|[+-]\d\d:\d\d)\Z", re.ASCII
)
_OPPOSITE = {
    Operation.EQ: Operation.NE,
    Operation.NE: Operation.EQ,
    Operation.LT: Operation.GE,
    Operation.GE: Operation.LT,
    Operation.GT: Operation.LE,
    Operation.LE: Operation.GT,
}
_MIRRORED = {
    Operation.EQ: Operation.EQ,
    Operation.NE: Operation.NE,
    Operation.LT: Operation.GT,
    Operation.GT: Operation.LT,
    Operation.LE: Operation.GE,
    Operation.GE: Operation.LE,
}


def check_comparison(node: nodes.Compare, context: Checking, check: Check) -> Checked:
    """`a < b` and its like; `in` is in `membership.py`."""
    if len(node.ops) > 1:
        return _refuse_chain(node, context)
    symbol, right_node = node.ops[0].op, node.ops[0].expr
    for side, other in ((node.expr, right_node), (right_node, node.expr)):
        if isinstance(side, nodes.Const) and side.value is None:
            return _refuse_none(node, context, other, symbol)
    left = Operand(node.expr, check(node.expr, context))
    right = Operand(right_node, check(right_node, context))
    left_value, right_value = required(context, left), required(context, right)
    if left_value is None or right_value is None:
        return FAILED
    return compare(
        context,
        node,
        OPERATIONS[symbol],
        Operand(left.node, left_value),
        Operand(right.node, right_value),
    )


def _refuse_chain(node: nodes.Compare, context: Checking) -> Checked:
    sides = [node.expr, *(each.expr for each in node.ops)]
    pairs = (
        f"{text_of(sides[place])} {SYMBOLS[each.op]} {text_of(sides[place + 1])}"
        for place, each in enumerate(node.ops)
    )
    return context.report("HB503", "one comparison at a time", node, hint=" and ".join(pairs))


def _refuse_none(node: nodes.Compare, context: Checking, other: nodes.Expr, symbol: str) -> Checked:
    word = "is defined" if symbol == "ne" else "is not defined"
    return context.report("HB503", "nothing equals `none`", node, hint=f"{text_of(other)} {word}")


def compare(
    context: Checking, node: nodes.Expr, operation: Operation, left: Operand, right: Operand
) -> Checked:
    """One comparison of two values that are there."""
    pair = comparable(context, node, operation, left, right)
    if pair is None:
        return FAILED
    a, b = pair
    assert a.expression is not None and b.expression is not None
    result = call(operation, (a.expression, b.expression), BOOL)
    if result.constant is not None:
        return truth(bool(result.constant.value))
    return result.knowing(
        _told(operation, left.value, a, b, right.value),
        _told(_OPPOSITE[operation], left.value, a, b, right.value),
    )


# ── one representation ───────────────────────────────────────────────────────────────────────────


def comparable(
    context: Checking, node: nodes.Expr, operation: Operation, left: Operand, right: Operand
) -> tuple[Checked, Checked] | None:
    a, b = left.value, right.value
    equality = operation in (Operation.EQ, Operation.NE)
    if is_number(a.type) and is_number(b.type):
        return aligned(a, b)
    if is_text(a.type) and is_text(b.type):
        return _texts(context, node, equality, left, right)
    for dated, written in ((left, right), (right, left)):
        if isinstance(dated.value.type, DateType | DatetimeType) and is_text(written.value.type):
            moment = as_moment(context, written, dated)
            if moment is None:
                return None
            return (a, moment) if dated is left else (moment, b)
    same = a.type is not None and type(a.type) is type(b.type)
    if same and isinstance(a.type, DateType | DatetimeType):
        return a, b
    if same and equality and isinstance(a.type, BoolType):
        return a, b
    _refuse_kinds(context, node, left, right)
    return None


def _refuse_kinds(context: Checking, node: nodes.Expr, left: Operand, right: Operand) -> Checked:
    a, b = left.value.type, right.value.type
    assert a is not None and b is not None
    hint = None
    if isinstance(a, ListType) or isinstance(b, ListType):
        one, many = (right, left) if isinstance(a, ListType) else (left, right)
        hint = f"{one.text} in {many.text}"
    elif is_number(a) and right.value.constant is not None and is_text(b):
        text = str(right.value.constant.value)
        hint = f"write {text} without quotes" if text.replace(".", "", 1).isdigit() else None
    elif isinstance(a, BoolType) and isinstance(b, BoolType):
        hint = "yes and no have no order: use ==, `and`, `or`"
    elif isinstance(a, BoolType) or isinstance(b, BoolType):
        flag = left if isinstance(a, BoolType) else right
        hint = f"{flag.text}, or not {flag.text}"
    return context.report(
        "HB507",
        f"`{left.text}` is {describe(a)}, `{right.text}` is {describe(b)}: they cannot be compared",
        node,
        hint=hint,
    )


def _texts(
    context: Checking, node: nodes.Expr, equality: bool, left: Operand, right: Operand
) -> tuple[Checked, Checked] | None:
    a, b = left.value, right.value
    if not equality:
        for side in (left, right):
            if isinstance(side.value.type, EnumType):
                context.report(
                    "HB507",
                    f"`{side.text}` is {describe(side.value.type)}, which have no order",
                    node,
                    hint=f"{side.text} in ['{side.value.type.values[0]}']",
                )
                return None
        return a, b
    for owner, written in ((left, right), (right, left)):
        if not check_member(context, owner.value, written):
            return None
    if isinstance(a.type, EnumType) and isinstance(b.type, EnumType):
        shared = set(a.type.values) & set(b.type.values)
        if not shared:
            context.report("HB509", "these two have no value in common", node)
            return None
    return a, b


def check_member(context: Checking, owner: Checked, written: Operand) -> bool:
    """Whether a literal can be the owner's value: a member of its enum, not longer than its text."""
    literal = written.value.constant
    if literal is None or owner.constant is not None:
        return True
    text = str(literal.value)
    match owner.type:
        case EnumType(values=values) if text not in values:
            near = closest(text, values)
            context.report(
                "HB509",
                f"`{text}` is none of {listed(values)}",
                written.node,
                hint=f"did you mean '{near}'?" if near else None,
            )
            return False
        case StringType(maximum=maximum) if len(text) > maximum:
            context.report(
                "HB525",
                f"this is never equal: it has {len(text)} characters, the field at most {maximum}",
                written.node,
                severity=Severity.WARNING,
            )
            return True
        case _:
            return True


def as_moment(context: Checking, written: Operand, dated: Operand) -> Checked | None:
    """A date or instant written as text, `'2026-12-24'`, beside one that is none."""
    wants_date = isinstance(dated.value.type, DateType)
    if written.value.constant is None:
        assert written.value.type is not None and dated.value.type is not None
        context.report(
            "HB507",
            f"{describe(dated.value.type)} and {describe(written.value.type)} cannot be compared",
            written.node,
        )
        return None
    return read_moment(context, written, wants_date)


def read_moment(context: Checking, written: Operand, wants_date: bool) -> Checked | None:
    """The date (or, with its offset, the instant) that a constant text spells."""
    assert written.value.constant is not None
    text = str(written.value.constant.value)
    moment = _moment(text, wants_date)
    if moment is None:
        near = text[:10] if wants_date else f"{text}Z"
        if _moment(near, wants_date) is None:
            near = "2026-12-24" if wants_date else "2026-12-24T10:00Z"
        what = "a date" if wants_date else "an instant with its offset"
        context.report("HB507", f"`{text}` is not {what}", written.node, hint=f"write '{near}'")
        return None
    return constant(moment, DateType() if wants_date else DatetimeType())


def _moment(text: str, wants_date: bool) -> datetime.date | None:
    """Of the ways in which ISO 8601 writes one only the usual: no weeks, no `20261224`."""
    if (_DATE if wants_date else _INSTANT).match(text) is None:
        return None
    try:
        moment = datetime.date.fromisoformat(text) if wants_date else _instant(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment is not None and 1900 <= moment.year <= 2199 else None


def _instant(text: str) -> datetime.datetime:
    instant = datetime.datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return instant.astimezone(datetime.UTC).replace(tzinfo=None)


# ── what a comparison tells ──────────────────────────────────────────────────────────────────────


def _told(operation: Operation, left: Checked, a: Checked, b: Checked, right: Checked) -> Facts:
    """Facts about either side, given that the comparison holds (a, b: on one scale)."""
    mirrored = _MIRRORED[operation]
    facts = _about(operation, left, a, b).both(_about(mirrored, right, b, a))
    return facts.both(_beyond_default(operation, a, b)).both(_beyond_default(mirrored, b, a))


def _beyond_default(operation: Operation, side: Checked, other: Checked) -> Facts:
    """`points | default(0) >= 500` holds only where points is there: 0 would not do."""
    match side.expression:
        case Call(Operation.DEFAULT, (maybe, Const() as fallback)):
            pass
        case _:
            return NOTHING
    if other.constant is None:
        return NOTHING
    with_fallback = call(operation, (fallback, other.constant), BOOL).constant
    if with_fallback is None or with_fallback.value:
        return NOTHING
    there = value_of(maybe, maybe.type)
    return defined_facts(maybe).both(_about(operation, there, there, other))


def _about(operation: Operation, side: Checked, scaled: Checked, other: Checked) -> Facts:
    subject = side.subject
    if subject is None or scaled.interval is None or other.interval is None:
        return NOTHING
    low, high = scaled.interval
    match operation:
        case Operation.EQ:
            low, high = max(low, other.interval.low), min(high, other.interval.high)
        case Operation.LT:
            high = min(high, other.interval.high - 1)
        case Operation.LE:
            high = min(high, other.interval.high)
        case Operation.GT:
            low = max(low, other.interval.low + 1)
        case Operation.GE:
            low = max(low, other.interval.low)
        case Operation.NE if other.interval == (0, 0) and low == 0:
            low = 1
        case Operation.NE if other.interval == (0, 0):
            return Facts(nonzero=frozenset([subject]))
        case _:
            return NOTHING
    assert side.type is not None and scaled.type is not None
    factor = 10 ** (scale_of(scaled.type) - scale_of(side.type))
    known = Interval(-(-low // factor), high // factor)
    if known.low > known.high or side.expression is None:
        return NOTHING
    return Facts(ranges={subject: known}).both(count_facts(side.expression, known.low))
