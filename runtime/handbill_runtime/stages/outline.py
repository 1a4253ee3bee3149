"""Which plans this runtime executes, told by a plan's outline before anything is decoded."""

from __future__ import annotations

from handbill.plan.ir import OPERATION_SET
from handbill.plan.model import PLAN_FORMAT, Plan
from handbill.plan.outline import PlanOutline
from handbill_runtime.errors import PlanFault


def refuse_foreign_format(plan: Plan | PlanOutline) -> None:
    """PlanFault HB930 for a plan of another format or operation set than this runtime's."""
    if (plan.format, plan.operations) != (PLAN_FORMAT, OPERATION_SET):
        raise PlanFault(
            "HB930",
            f"the plan of `{plan.campaign}` has format {plan.format}.{plan.operations}; "
            f"this runtime executes {PLAN_FORMAT}.{OPERATION_SET}",
            "upgrade the runtime, or publish with the compiler of its version",
        )
