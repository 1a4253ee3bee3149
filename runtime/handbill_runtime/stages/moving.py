"""A new release in mid-run: planned messages move to the new plan before they get their words.

The new plan decides again whether it selects each customer and reads their row anew, so that its
contents find every field they need. Claimed messages keep their frozen words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handbill.plan.decisions import variant_index
from handbill_runtime.ledger.model import Message, Move, Occurrence
from handbill_runtime.stages.audience import Candidate, candidates
from handbill_runtime.stages.compiled import CompiledPlan
from handbill_runtime.stages.customers import Customers
from handbill_runtime.stages.work import Work


def move_to_active_plan(work: Work, occurrence: Occurrence) -> None:
    """Move every planned message of an older plan, or suppress it as `no_longer_selected`.

    The tenant's data is read only when there is one. Nothing happens when the plan is gone or
    paused: generation suppresses those.
    """
    compiled = work.tenant.by_identity(occurrence.identity)
    if compiled is None or compiled.plan.status == "paused":
        return
    older = work.ledger.planned_by_others(occurrence, compiled.digest)
    if not older:
        return
    with work.open_customers() as customers:
        found = _find_again(compiled, older, customers)
    moves = [
        _move(compiled, message, found[message.id]) for message in older if message.id in found
    ]
    gone = [(message.id, "no_longer_selected") for message in older if message.id not in found]
    with work.ledger.transaction():
        work.ledger.move(moves)
        work.ledger.suppress_messages(gone, work.clock.now())


def _find_again(
    compiled: CompiledPlan, messages: Sequence[Message], customers: Customers
) -> Mapping[str, Candidate]:
    """Message id → its customer as the new plan sees them, for those whom it selects."""
    found: dict[str, Candidate] = {}
    for run_date in sorted({message.run_date for message in messages}):
        same = {one.customer: one.id for one in messages if one.run_date == run_date}
        for chunk in candidates(compiled, customers, run_date, only=same.keys()):
            for candidate in chunk:
                if candidate.excluded is None:
                    found[same[candidate.recipient.customer]] = candidate
    return found


def _move(compiled: CompiledPlan, message: Message, candidate: Candidate) -> Move:
    plan = compiled.plan
    place = variant_index(plan.salt, plan.variants, message.customer)
    return Move(
        id=message.id,
        plan=compiled.digest,
        variant=plan.variants[place].name,
        locale=compiled.locale(candidate.locale),
        snapshot=compiled.snapshot(candidate.row),
    )
