"""`within`: the items of a list that are of the last days, whole days by the tenant's zone.

An item's time is the relation's own, a member that is named, or the item itself where it is a date.
"""

from __future__ import annotations

from jinja2 import nodes

from handbill.language.expressions.build import BOOL, call
from handbill.language.expressions.checked import FAILED, Checked
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.dots import EACH_ITEM, one_dot
from handbill.language.expressions.each import AtItem, at_item, selected
from handbill.language.expressions.missing import required
from handbill.language.expressions.zones import day_start, run_date, tenant_zone
from handbill.language.filters.attributes import a_list, is_nothing, sure_attribute
from handbill.language.filters.signature import Arguments, refuse_kind, text_argument
from handbill.plan.ir import Call, Const, Expression, Operation
from handbill.plan.types import DatetimeType, DateType, IntType, Type
from handbill.schema.scalars import MAX_SECONDS, ScalarError, parse_duration

Node = nodes.Filter | nodes.Test
SECONDS_PER_DAY = 86_400
MAX_DAYS = MAX_SECONDS // SECONDS_PER_DAY
"""As long as a duration can be: ten years."""


def check_within(node: Node, context: Checking, operand: Operand, arguments: Arguments) -> Checked:
    """Items of the last days, the run's own day among them."""
    many = a_list(context, "within", operand, "a relation")
    days = _days(context, arguments[0])
    today = run_date(context, node)
    if many is None or days is None or today is None:
        return FAILED
    if is_nothing(many):
        return many
    at = at_item(context, many)
    time = _time(at, node, operand, many, arguments)
    if time is None or time.value.expression is None:
        return FAILED
    moment = time.value.expression
    first, last = _bounds(context, time.value.type, today, days)
    after = Operation.GT if isinstance(time.value.type, DateType) else Operation.GE
    before = Operation.LE if isinstance(time.value.type, DateType) else Operation.LT
    conditions = [
        Call(after, (moment, first), BOOL),
        Call(before, (moment, last), BOOL),
    ]
    return selected(many, at, call(Operation.AND, conditions, BOOL))


def _bounds(
    context: Checking, type_: Type | None, today: Expression, days: int
) -> tuple[Expression, Expression]:
    """Dates: from the day before the first, exclusive, to today. Instants: the first day's start,
    inclusive, to tomorrow's, by the tenant's zone."""
    if isinstance(type_, DateType):
        return _days_later(today, -days), today
    zone = tenant_zone(context)
    return (
        day_start(_days_later(today, 1 - days), zone),
        day_start(_days_later(today, 1), zone),
    )


def _days_later(date: Expression, days: int) -> Expression:
    if days == 0:
        return date
    return Call(Operation.PLUS_DAYS, (date, Const(IntType(days, days), days)), DateType())


def _days(context: Checking, written: Operand) -> int | None:
    text = text_argument(context, written, "how long ago")
    if text is None:
        return None
    try:
        seconds = parse_duration(text)
    except ScalarError as error:
        context.report("HB508", str(error), written.node, hint="within('60 days')")
        return None
    days, rest = divmod(seconds, SECONDS_PER_DAY)
    if rest or not 1 <= days <= MAX_DAYS:
        message = f"`within` counts whole days, from 1 to {MAX_DAYS:,}"
        context.report("HB508", message, written.node, hint="within('1 day')")
        return None
    return days


def _time(
    at: AtItem, node: Node, operand: Operand, many: Checked, arguments: Arguments
) -> Operand | None:
    """The item's time: the relation's own, or the member that is named, or a date itself."""
    named = arguments.named.get("attribute")
    relation = many.shape.relation if many.shape is not None else None
    if named is not None:
        time = sure_attribute(at, named)
    elif isinstance(at.value.type, DateType | DatetimeType):
        return Operand(node, at.value, EACH_ITEM)
    elif relation is not None and relation.time is not None:
        time = _relation_time(at, node, relation.time)
    else:
        at.context.report(
            "HB527",
            f"nothing says when an item of `{operand.text}` was",
            node,
            hint=f"within({arguments[0].text}, attribute='…')",
        )
        return None
    if time is None or isinstance(time.value.type, DateType | DatetimeType):
        return time
    if time.value.type is not None:
        refuse_kind(at.context, "within", time, time.value, "a date or an instant", None)
    return None


def _relation_time(at: AtItem, node: Node, name: str) -> Operand | None:
    value = one_dot(at.context, at.value, node, name, EACH_ITEM)
    checked = required(at.context, Operand(node, value, name))
    return None if checked is None else Operand(node, checked, name)
