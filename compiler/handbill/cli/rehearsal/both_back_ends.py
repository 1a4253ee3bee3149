"""Who of a test's customers is in an audience, asked of SQL and of Python.

SQL is what a run asks; Python is what explains, and what everything else about one customer runs on. An
answer of one that is not the other's is a bug in Handbill, never the retailer's.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from handbill.assertions.outcome import EXCLUDE, INCLUDE
from handbill.language.reasoning.wording import worded
from handbill.plan.ir import Call, Const, Expression, Operation
from handbill.plan.model import Audience, Plan
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
    rows = {one.recipient.customer: one.row for one in _everyone(compiled, customers, run_date)}
    in_python = {name: _left_out(plan, row, context) for name, row in rows.items()}
    found = {
        one.recipient.customer: EXCLUDE + one.excluded if one.excluded else ""
        for chunk in candidates(compiled, customers, run_date)
        for one in chunk
    }
    in_sql = {name: found.get(name, INCLUDE) for name in rows}
    if in_sql != {name: left_out.by for name, left_out in in_python.items()}:
        raise BackEndsDisagree(f"{plan.campaign}: SQL {in_sql}, Python {in_python}")
    return in_python


def _everyone(
    compiled: CompiledPlan, customers: Customers, run_date: datetime.date
) -> Iterator[Candidate]:
    """All customers, with all fields that the plan reads."""
    open_to_all = Audience(include=Const(BoolType(), True))
    plan = compile_plan(msgspec.structs.replace(compiled.plan, audience=open_to_all), "")
    plan.fields = compiled.plan.fields
    for chunk in candidates(plan, customers, run_date):
        yield from chunk


def _left_out(plan: Plan, row: Row, context: Context) -> LeftOut:
    def holds(rule: Expression) -> bool:
        return compile_expression(rule, plan.fields)(row, context) is True

    if not holds(plan.audience.include):
        unmet = next((one for one in _clauses(plan.audience.include) if not holds(one)), None)
        clause = None if unmet is None else worded(unmet)
        return LeftOut(INCLUDE, f"`{clause}` does not hold" if clause else "")
    for name, rule in plan.audience.exclude.items():
        if holds(rule):
            clause = worded(rule)
            return LeftOut(EXCLUDE + name, f"`{clause}` holds" if clause else "")
    return LeftOut()


def _clauses(rule: Expression) -> Iterator[Expression]:
    """What is joined by `and`, in order; a clause is guarded by those before it."""
    if isinstance(rule, Call) and rule.operation is Operation.AND:
        for argument in rule.arguments:
            yield from _clauses(argument)
    else:
        yield rule
