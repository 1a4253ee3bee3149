"""The run's own day and time zones, as expressions."""

from __future__ import annotations

from jinja2 import nodes

from handbill.language.expressions.checked import Checked, value_of
from handbill.language.expressions.checking import Checking
from handbill.language.scope import RecordRoot
from handbill.plan.ir import Call, Const, Expression, Field, Operation
from handbill.plan.types import DatetimeType, DateType, StringType

RUN_DATE = Field(("run", "date"), DateType())


def run_date(context: Checking, node: nodes.Expr) -> Expression | None:
    """The tenant's day on which the campaign runs."""
    root = context.scope.roots.get("run")
    if isinstance(root, RecordRoot) and "date" in root.record.fields:
        return RUN_DATE
    context.report("HB504", "the day of the run is not known here", node)
    return None


def tenant_zone(context: Checking) -> Const:
    zone = context.scope.timezone
    return Const(StringType(len(zone)), zone)


def day_start(date: Expression, zone: Expression) -> Expression:
    """The instant at which the day begins in the zone."""
    return Call(Operation.DAY_START, (date, zone), DatetimeType())


def local_date(instant: Checked, *zone: Expression) -> Checked:
    """The day there at that instant; `zone` may be followed by the one that counts for it."""
    assert instant.expression is not None
    type_ = DateType()
    return value_of(Call(Operation.LOCAL_DATE, (instant.expression, *zone), type_), type_)
