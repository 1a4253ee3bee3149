"""Who of a test's customers is in an audience, asked of SQL and of Python.

SQL is what a run asks; Python is what explains, and what everything else about one customer runs on. An
answer of one that is not the other's is a bug in Handbill, never the retailer's.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from handbill.assertions.outcome import EXCLUDE, INCLUDE
from handbill.language.reasoning.wording import worded
from handbill.plan.ir import Call, Const, Expression, Field, Operation
from handbill.plan.model import Audience, OfferChoice, Plan, Variant
from handbill.plan.row import compile_expression
from handbill.plan.types import BoolType
from handbill.plan.values import Context, Row
from handbill_runtime.stages.audience import Candidate, candidates
from handbill_runtime.stages.compiled import CompiledPlan, compile_plan
from handbill_runtime.stages.customers import Customers


class BackEndsDisagree(AssertionError):
    """Python and SQL select different customers."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`by` is `audience.include` or an exclude, "" for who is in; `note` is the clause that does not
    hold, where it can be said."""

    by: str = ""
    note: str = ""


def judged_by_both(
    compiled: CompiledPlan, customers: Customers, run_date: datetime.date
) -> Mapping[str, LeftOut]:
    """Customer → what leaves them out; who is quarantined is not there."""
    plan = compiled.plan
    context: Context = {("run", "date"): run_date}
    rows = {one.recipient.customer: one.row for one in everyone(compiled, customers, run_date)}
    in_python = {name: left_out(plan, row, context) for name, row in rows.items()}
    found = {
        one.recipient.customer: EXCLUDE + one.excluded if one.excluded else ""
        for chunk in candidates(compiled, customers, run_date)
        for one in chunk
    }
    in_sql = {name: found.get(name, INCLUDE) for name in rows}
    if in_sql != {name: left_out.by for name, left_out in in_python.items()}:
        raise BackEndsDisagree(f"{plan.campaign}: SQL {in_sql}, Python {in_python}")
    return in_python


def everyone(
    compiled: CompiledPlan,
    customers: Customers,
    run_date: datetime.date,
    only: Collection[str] | None = None,
) -> Iterator[Candidate]:
    """All customers, or these ids, with all fields that the plan reads. Of several plans that were
    imported together, those must have been `reading_everything`."""
    open_to_all = Audience(include=Const(BoolType(), True))
    plan = compile_plan(msgspec.structs.replace(compiled.plan, audience=open_to_all), "")
    plan.fields = compiled.plan.fields
    for chunk in candidates(plan, customers, run_date, only=only):
        yield from chunk


def reading_everything(plan: Plan) -> Plan:
    """The plan as one whose messages read all its fields, so that an import keeps their columns."""
    reads = tuple(
        OfferChoice(offer="", when=Field(("customer", *need.path), need.type))
        for need in plan.fields
    )
    reader = Variant(name="", weight=0, offers=reads, messages={})
    return msgspec.structs.replace(plan, variants=(*plan.variants, reader))


def left_out(plan: Plan, row: Row, context: Context) -> LeftOut:
    """What of the audience leaves out the customer with this row of `plan.fields`."""

    def holds(rule: Expression) -> bool:
        return compile_expression(rule, plan.fields)(row, context) is True

    if not holds(plan.audience.include):
        unmet = next((one for one in clauses_of(plan.audience.include) if not holds(one)), None)
        clause = None if unmet is None else worded(unmet)
        return LeftOut(INCLUDE, f"`{clause}` does not hold" if clause else "")
    for name, rule in plan.audience.exclude.items():
        if holds(rule):
            clause = worded(rule)
            return LeftOut(EXCLUDE + name, f"`{clause}` holds" if clause else "")
    return LeftOut()


def clauses_of(rule: Expression) -> Iterator[Expression]:
    """What is joined by `and`, in order; a clause is guarded by those before it."""
    if isinstance(rule, Call) and rule.operation is Operation.AND:
        for argument in rule.arguments:
            yield from clauses_of(argument)
    else:
        yield rule
