"""Filters on instants: the local day, by the tenant's or the customer's time zone."""

from __future__ import annotations

from jinja2 import nodes

from handbill.language.expressions.checked import FAILED, Checked
from handbill.language.expressions.checking import Checking, Operand
from handbill.language.expressions.missing import required
from handbill.language.expressions.zones import local_date, tenant_zone
from handbill.language.filters.signature import Arguments, Signature, refuse_kind
from handbill.language.vocabulary.words import is_text
from handbill.plan.ir import Operation
from handbill.plan.types import DatetimeType

Node = nodes.Filter | nodes.Test


def check_local_date(
    node: Node, context: Checking, operand: Operand, arguments: Arguments
) -> Checked:
    """The day of an instant in the tenant's zone, or in one that is given; where that one is missing or
    unknown, in the tenant's."""
    value = required(context, operand)
    if value is None:
        return FAILED
    if not isinstance(value.type, DatetimeType):
        return refuse_kind(context, "local_date", operand, value, "an instant", None)
    home = tenant_zone(context)
    if not arguments:
        return local_date(value, home)
    zone = arguments[0].value
    if zone.failed:
        return FAILED
    if zone.missing:
        return local_date(value, home)
    if not is_text(zone.type):
        return refuse_kind(context, "local_date", arguments[0], zone, "the name of a zone", None)
    assert zone.expression is not None
    return local_date(value, zone.expression, home)


INSTANT_FILTERS: tuple[Signature, ...] = (
    Signature(
        "local_date",
        "filter",
        "instant",
        "date",
        "its day in the tenant's time zone, or in the zone that is given",
        "customer.seen | local_date(customer.timezone) == run.date",
        (Operation.LOCAL_DATE,),
        check_local_date,
        ("zone?",),
    ),
)
