"""Filters on dates, and the three that write for a locale: `date`, `number`, `money`."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import nodes

from handbill.diagnostics.suggest import closest
from handbill.language.expressions.build import bounds, call, scale_of
from handbill.language.expressions.checked import DATES, FAILED, Checked
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.comparison import read_moment
from handbill.language.expressions.facts import Interval
from handbill.language.expressions.missing import required
from handbill.language.expressions.zones import local_date, tenant_zone
from handbill.language.filters.localized import (
    DATE_STYLES,
    PARTS,
    NotWritten,
    amount_text,
    currency_digits,
    date_part,
    date_text,
    number_text,
)
from handbill.language.filters.numbers import rounded
from handbill.language.filters.signature import (
    Handler,
    Signature,
    refuse_kind,
    text_argument,
    whole_argument,
)
from handbill.language.vocabulary.words import is_number, is_text
from handbill.plan.ir import Operation
from handbill.plan.types import DECIMAL_MAX_SCALE, DatetimeType, DateType, IntType

Node = nodes.Filter | nodes.Test
MAX_DAYS = 110_000
"""A little more than 300 years."""


def _date(context: Checking, name: str, operand: Operand) -> Checked | None:
    """The operand as a date; a text that is written out may spell one."""
    value = required(context, operand)
    if value is None:
        return None
    if isinstance(value.type, DateType):
        return value
    if is_text(value.type) and value.constant is not None:
        return read_moment(context, Operand(operand.node, value), wants_date=True)
    if isinstance(value.type, DatetimeType):
        if name == "date":
            return local_date(value, tenant_zone(context))
        context.report(
            "HB507",
            f"`{name}` needs a date, and `{operand.text}` is an instant: its day depends on the "
            "time zone",
            operand.node,
            hint=f"{operand.text} | local_date | {name}",
        )
        return None
    refuse_kind(context, name, operand, value, "a date", None)
    return None


def check_plus_days(
    node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
) -> Checked:
    date, days = _date(context, "plus_days", operand), required(context, arguments[0])
    if date is None or days is None:
        return FAILED
    if not isinstance(days.type, IntType):
        days_operand = Operand(arguments[0].node, days)
        return refuse_kind(context, "plus_days", days_operand, days, "a whole number", None)
    found, shift = bounds(date), bounds(days)
    if shift.low < -MAX_DAYS or shift.high > MAX_DAYS:
        return context.report(
            "HB511",
            "this leaves the calendar: dates are from 1900 to 2199",
            arguments[0].node,
            hint="declare `minimum` and `maximum` of the field in the schema",
        )
    interval = Interval(
        max(DATES.low, min(DATES.high, found.low + shift.low)),
        min(DATES.high, max(DATES.low, found.high + shift.high)),
    )
    assert date.expression is not None and days.expression is not None
    return call(
        Operation.PLUS_DAYS, (date.expression, days.expression), DateType(), interval=interval
    )


def check_days_between(
    node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
) -> Checked:
    """From the first to the second: negative when the second is earlier."""
    first = _date(context, "days_between", operand)
    second = _date(context, "days_between", arguments[0])
    if first is None or second is None:
        return FAILED
    a, b = bounds(first), bounds(second)
    interval = Interval(b.low - a.high, b.high - a.low)
    assert first.expression is not None and second.expression is not None
    return call(
        Operation.DAYS_BETWEEN,
        (first.expression, second.expression),
        IntType(interval.low, interval.high),
        interval=interval,
    )


def _part(part: str) -> Handler:
    def check(
        node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
    ) -> Checked:
        date = _date(context, part, operand)
        return FAILED if date is None else date_part(date, part)

    return check


def check_date(
    node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
) -> Checked:
    date = _date(context, "date", operand)
    style = text_argument(context, arguments[0], "the style") if arguments else "long"
    if date is None or style is None:
        return FAILED
    if style not in DATE_STYLES:
        near = closest(style, DATE_STYLES)
        return context.report(
            "HB508",
            f"a date is written {', '.join(DATE_STYLES)}: `{style}` is none of them",
            arguments[0].node,
            hint=f"did you mean '{near}'?" if near else "date('long')",
        )
    try:
        return date_text(date, context.scope.locale, style)
    except NotWritten as reason:
        return _not_written(node, context, reason)


def _not_written(node: Node, context: Checking, reason: NotWritten) -> Checked:
    return context.report("HB508", f"`{node.name}` cannot write this here: {reason}", node)


def _number(context: Checking, name: str, operand: Operand) -> Checked | None:
    value = required(context, operand)
    if value is None or is_number(value.type):
        return value
    refuse_kind(context, name, operand, value, "a number", None)
    return None


def check_number(
    node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
) -> Checked:
    value = _number(context, "number", operand)
    digits = (
        whole_argument(context, arguments[0], 0, DECIMAL_MAX_SCALE, "the number of digits")
        if arguments
        else None
    )
    if value is None or (arguments and digits is None):
        return FAILED
    if digits is not None:
        value = rounded(node, context, value, digits)
    try:
        return FAILED if value.failed else number_text(value, context.scope.locale)
    except NotWritten as reason:
        return _not_written(node, context, reason)


def check_money(
    node: Node, context: Checking, operand: Operand, arguments: Sequence[Operand]
) -> Checked:
    """In the tenant's currency; `money(0)` drops the cents."""
    value = _number(context, "money", operand)
    currency = context.scope.currency
    digits: int | None = currency_digits(currency)
    if arguments:
        digits = whole_argument(context, arguments[0], 0, DECIMAL_MAX_SCALE, "the number of digits")
    if value is None or digits is None:
        return FAILED
    assert value.type is not None
    if scale_of(value.type) != digits:
        value = rounded(node, context, value, digits)
    try:
        return FAILED if value.failed else amount_text(value, context.scope.locale, currency)
    except NotWritten as reason:
        return _not_written(node, context, reason)


DATE_FILTERS: tuple[Signature, ...] = (
    Signature(
        "plus_days",
        "filter",
        "date",
        "date",
        "n days later, earlier for a negative n; it stops at 1900-01-01 and 2199-12-31",
        "customer.last_order | plus_days(30) < run.date",
        (Operation.PLUS_DAYS,),
        check_plus_days,
        ("n",),
    ),
    Signature(
        "days_between",
        "filter",
        "date",
        "whole number",
        "days from one date to another",
        "customer.last_order | days_between(run.date) > 90",
        (Operation.DAYS_BETWEEN,),
        check_days_between,
        ("date",),
    ),
    *(
        Signature(
            part,
            "filter",
            "date",
            "whole number",
            meaning,
            f"customer.birthday | {part}",
            (Operation.DATE_PART,),
            _part(part),
        )
        for part, meaning in zip(
            PARTS,
            ("its year", "its month, from 1", "its day of the month", "its weekday, Monday is 1"),
            strict=True,
        )
    ),
    Signature(
        "date",
        "filter",
        "date",
        "text",
        "written as the locale does: short, medium, long, full, day (without the year), weekday",
        "run.date | date('day')",
        (Operation.DATE_PART, Operation.CHOOSE, Operation.CONCAT),
        check_date,
        ("style?",),
        templates_only=True,
    ),
    Signature(
        "number",
        "filter",
        "number",
        "text",
        "written as the locale does, with n digits",
        "customer.points | number",
        (Operation.GROUPED_TEXT,),
        check_number,
        ("n?",),
        templates_only=True,
    ),
    Signature(
        "money",
        "filter",
        "number",
        "text",
        "an amount in the tenant's currency",
        "customer.spend | money",
        (Operation.GROUPED_TEXT,),
        check_money,
        ("n?",),
        templates_only=True,
    ),
)
