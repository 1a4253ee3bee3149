"""A new release in mid-run: planned messages move to the new plan before they get their words.

The new plan decides again whether it selects each customer and may reach them, and reads their row
anew, so that its contents find every field they need and today's address. Claimed messages keep
their frozen words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handbill.plan.decisions import variant_index
from handbill_runtime.ledger.model import Message, Move, Occurrence
from handbill_runtime.stages.audience import Candidate, candidates
from handbill_runtime.stages.compiled import STEP, CompiledPlan
from handbill_runtime.stages.customers import Customers
from handbill_runtime.stages.gate import Stop
from handbill_runtime.stages.reach import Allowed, SuppressionList, reach
from handbill_runtime.stages.selection import held_out
from handbill_runtime.stages.work import Work


def move_to_active_plan(work: Work, occurrence: Occurrence) -> None:
    """Move every planned message of an older plan, or suppress it with the reason.

    The tenant's data is read only when there is one. Nothing happens when the plan is gone or
    paused: generation suppresses those.
    """
    compiled = work.tenant.by_identity(occurrence.identity)
    if compiled is None or compiled.plan.status == "paused":
        return
    older = work.ledger.planned_by_others(occurrence, compiled.digest)
    if not older:
        return
    with work.open_customers([compiled]) as customers:
        found = _find_again(compiled, older, customers)
    with work.ledger.transaction():
        moving = _Moving(work, compiled, older, found)
        answers = [(message.id, moving.decide(message)) for message in older]
        work.ledger.move([answer for _, answer in answers if isinstance(answer, Move)])
        work.ledger.suppress_messages(
            [(name, answer.reason) for name, answer in answers if isinstance(answer, Stop)],
            work.clock.now(),
        )


def _find_again(
    compiled: CompiledPlan, messages: Sequence[Message], customers: Customers
) -> Mapping[str, Candidate]:
    """Message id → its customer as the new plan sees them, for those whom it selects."""
    found: dict[str, Candidate] = {}
    for run_date in sorted({message.run_date for message in messages}):
        same: dict[str, list[str]] = {}
        for message in messages:
            if message.run_date == run_date:
                same.setdefault(message.customer, []).append(message.id)
        for chunk in candidates(compiled, customers, run_date, only=same.keys()):
            for candidate in chunk:
                if candidate.excluded is None:
                    found.update(dict.fromkeys(same[candidate.recipient.customer], candidate))
    return found


class _Moving:
    """What is known about the messages of one move, read once."""

    def __init__(
        self,
        work: Work,
        compiled: CompiledPlan,
        messages: Sequence[Message],
        found: Mapping[str, Candidate],
    ) -> None:
        self._compiled = compiled
        self._plan = compiled.plan
        self._found = found
        self._allowed = Allowed(work.environment, work.tenant.tenant.seeds)
        recipients = [candidate.recipient for candidate in found.values()]
        keys = {key for one in recipients for _, key in one.addresses.values()}
        ids = {one.customer for one in recipients}
        self._suppressions = SuppressionList(
            work.ledger.suppressions(compiled.plan.tenant, ids, keys)
        )
        occurrence = messages[0].occurrence
        self._taken = {
            channel: work.ledger.taken_addresses(occurrence, channel, STEP, keys)
            for channel in {message.channel for message in messages}
        }

    def decide(self, message: Message) -> Move | Stop:
        """In the order of the audience stage."""
        candidate = self._found.get(message.id)
        if candidate is None:
            return Stop("no_longer_selected")
        plan = self._plan
        variant = plan.variants[variant_index(plan.salt, plan.variants, message.customer)].name
        if not self._compiled.has_content(variant, message.channel):
            return Stop("plan_withdrawn")
        recipient = candidate.recipient
        refusal = reach(
            plan.category, message.channel, recipient, self._suppressions, self._allowed
        )
        if refusal is not None:
            return Stop(refusal.reason)
        if held := held_out(plan, message.customer):
            return Stop(held)
        address, key = recipient.addresses[message.channel]
        if key != message.address_key:
            if key in self._taken[message.channel]:
                return Stop("duplicate_address")
            self._taken[message.channel].add(key)
        return Move(
            id=message.id,
            plan=self._compiled.digest,
            variant=variant,
            locale=self._compiled.locale(candidate.locale),
            address=address,
            address_key=key,
            marketing=plan.category.kind == "marketing",
            snapshot=self._compiled.snapshot(candidate.row),
        )
