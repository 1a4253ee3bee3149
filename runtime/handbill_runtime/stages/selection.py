"""The audience stage: everyone whom a run concerns gets a verdict, and it is written down.

A transaction for each chunk, so that an unsubscribe never waits long; a run that a crash broke off is
taken up again, and whoever has a verdict keeps it. Order of the checks: already selected by this occurrence, exclude, re-entry, reach (address,
environment, suppression, consent), holdouts, limit. Holdouts come after reach, so that the held-out
compare with those who get the message; the limit comes last, so that it counts messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handbill.plan.decisions import is_held_out, message_id, variant_index
from handbill.plan.model import Plan
from handbill_runtime.ledger.model import (
    Entry,
    NewMessage,
    Occurrence,
    Run,
    Selection,
)
from handbill_runtime.stages.audience import Candidate, candidates, not_included
from handbill_runtime.stages.compiled import STEP, CompiledPlan
from handbill_runtime.stages.customers import Customers
from handbill_runtime.stages.hours import local_date
from handbill_runtime.stages.reach import Allowed, SuppressionList, reach
from handbill_runtime.stages.work import Work


class SelectionInterrupted(Exception):
    """Not everyone has a verdict yet: called again, the selection goes on where it was."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The channels that reach a customer, in order, and why the others do not."""

    variant: str
    reached: Sequence[str]
    refused: Mapping[str, str]


def select_customers(
    work: Work,
    compiled: CompiledPlan,
    occurrence: Occurrence,
    due: Mapping[str, datetime],
    customers: Customers,
) -> None:
    """Record the runs of the zones in `due` (zone → due instant) and everyone in them.

    The zone "" stands for all customers at once. The runs are complete when this returns; called
    again after a crash, it goes on where it was. Raises SelectionInterrupted between two chunks when
    the work is interrupted; that too is gone on with.
    """
    if not due:
        return
    stage = _Selecting(work, compiled, occurrence, due)
    zones = None if "" in due else tuple(due)
    stage.begin()
    for chunk in candidates(compiled, customers, stage.run_date, zones=zones):
        if work.interrupted():
            raise SelectionInterrupted
        stage.decide(chunk)
    stage.complete(customers.count_by_zone(compiled.plan))


class _Selecting:
    """One pass over the candidates of some zones."""

    def __init__(
        self,
        work: Work,
        compiled: CompiledPlan,
        occurrence: Occurrence,
        due: Mapping[str, datetime],
    ) -> None:
        self._work = work
        self._ledger = work.ledger
        self._compiled = compiled
        self._plan: Plan = compiled.plan
        self._occurrence = occurrence
        self._due = due
        self._now = work.clock.now()
        self._allowed = Allowed(work.environment, work.tenant.tenant.seeds)
        self._runs: dict[str, int] = {}
        self._included: Counter[str] = Counter()
        self._room = self._room_left()
        self.run_date = local_date(self._now, self._plan.timezone)

    def begin(self) -> None:
        """Take up what a crash broke off, with its date; begin the rest."""
        for run in self._ledger.runs_of(self._occurrence):
            if run.zone in self._due and not run.complete:
                self.run_date = run.run_date
        plan = self._plan
        with self._ledger.transaction():
            for zone, due_at in self._due.items():
                run = Run(
                    self._occurrence, zone, plan.campaign, self._compiled.digest, due_at,
                    self._now, self.run_date,
                )  # fmt: skip
                self._runs[zone] = self._ledger.add_run(run)

    def _room_left(self) -> int | None:
        """What zones that ran earlier have left of the occurrence's limit."""
        if self._plan.audience.limit is None:
            return None
        selections, _ = self._ledger.tally(self._occurrence)
        taken = sum(row.count for row in selections if row.outcome == "selected")
        return self._plan.audience.limit - taken

    def complete(self, total: Mapping[str, int]) -> None:
        """Write down how many of each zone `include` did not select, and that this is all."""
        rest = not_included(total, self._included)
        with self._ledger.transaction():
            for zone, run in self._runs.items():
                count = sum(rest.values()) if zone == "" else rest.get(zone, 0)
                self._ledger.complete_run(run, count)

    # ── one chunk ────────────────────────────────────────────────────────────────────────────────

    def decide(self, chunk: Sequence[Candidate]) -> None:
        self._included.update(candidate.zone for candidate in chunk)
        ids = [candidate.recipient.customer for candidate in chunk]
        known = self._ledger.already_selected(self._occurrence, ids)
        fresh = [one for one in chunk if one.recipient.customer not in known]
        entries = self._entries([one.recipient.customer for one in fresh])
        suppressions = self._suppressions(fresh)
        taken = self._taken(fresh)
        selections: dict[str, list[Selection]] = {zone: [] for zone in self._runs}
        messages: dict[str, list[NewMessage]] = {zone: [] for zone in self._runs}
        for candidate in fresh:
            zone = "" if "" in self._runs else candidate.zone
            selection, planned = self._one(candidate, entries, suppressions, taken, zone)
            selections[zone].append(selection)
            messages[zone] += planned
        with self._ledger.transaction():
            for zone, run in self._runs.items():
                self._ledger.add_selections(run, selections[zone])
                self._ledger.add_messages(run, messages[zone])

    def _entries(self, customers: Sequence[str]) -> Mapping[str, Entry]:
        if self._plan.reentry.again == "always":
            return {}
        return self._ledger.entries(self._occurrence, customers)

    def _suppressions(self, chunk: Sequence[Candidate]) -> SuppressionList:
        keys = {key for one in chunk for key in _keys(one)}
        ids = [one.recipient.customer for one in chunk]
        return SuppressionList(self._ledger.suppressions(self._plan.tenant, ids, keys))

    def _taken(self, chunk: Sequence[Candidate]) -> dict[str, set[str]]:
        """Addresses per channel that this occurrence already reaches."""
        keys = {key for one in chunk for key in _keys(one)}
        return {
            channel: self._ledger.taken_addresses(self._occurrence, channel, STEP, keys)
            for channel in self._plan.deliver.order
        }

    # ── one customer ─────────────────────────────────────────────────────────────────────────────

    def _one(
        self,
        candidate: Candidate,
        entries: Mapping[str, Entry],
        suppressions: SuppressionList,
        taken: dict[str, set[str]],
        run_zone: str,
    ) -> tuple[Selection, list[NewMessage]]:
        customer = candidate.recipient.customer
        if candidate.excluded is not None:
            return self._verdict(candidate, "excluded", f"exclude:{candidate.excluded}"), []
        if self._reentry_forbids(entries.get(customer)):
            return self._verdict(candidate, "suppressed", "reentry"), []
        chosen = self._choose(candidate, suppressions, taken)
        if not chosen.reached:
            channel, reason = _telling(chosen.refused)
            return self._verdict(candidate, "suppressed", reason, channel, chosen.variant), []
        first = chosen.reached[0]
        if held := held_out(self._plan, customer):
            return self._verdict(candidate, "held_out", held, first, chosen.variant), []
        if self._room is not None:
            if self._room <= 0:
                return self._verdict(candidate, "excluded", "limit", first, chosen.variant), []
            self._room -= 1
        for channel in chosen.reached:
            taken[channel].add(candidate.recipient.addresses[channel][1])
        snapshot = self._compiled.snapshot(candidate.row)
        selection = Selection(
            customer, candidate.zone, "selected", "", first, chosen.variant, snapshot
        )
        return selection, list(self._messages(candidate, chosen, run_zone))

    def _verdict(
        self,
        candidate: Candidate,
        verdict: str,
        reason: str,
        channel: str = "",
        variant: str = "",
    ) -> Selection:
        customer = candidate.recipient.customer
        return Selection(customer, candidate.zone, verdict, reason, channel, variant)  # type: ignore[arg-type]

    def _reentry_forbids(self, entry: Entry | None) -> bool:
        reentry = self._plan.reentry
        if entry is None or reentry.again == "always":
            return False
        if reentry.again == "never" or entry.pending or entry.last_sent is None:
            return True
        return self._now - entry.last_sent < timedelta(seconds=reentry.seconds)

    def _choose(
        self,
        candidate: Candidate,
        suppressions: SuppressionList,
        taken: Mapping[str, set[str]],
    ) -> Chosen:
        """The channels that reach the customer: the first in order, or all of them."""
        plan, recipient = self._plan, candidate.recipient
        place = variant_index(plan.salt, plan.variants, recipient.customer)
        variant = plan.variants[place].name
        reached: list[str] = []
        refused: dict[str, str] = {}
        for channel in plan.deliver.order:
            if not self._compiled.has_content(variant, channel):
                continue
            refusal = reach(plan.category, channel, recipient, suppressions, self._allowed)
            if refusal is not None:
                refused[channel] = refusal.reason
            elif recipient.addresses[channel][1] in taken[channel]:
                refused[channel] = "duplicate_address"
            else:
                reached.append(channel)
                if plan.deliver.mode == "first":
                    break
        return Chosen(variant, reached, refused)

    def _messages(
        self, candidate: Candidate, chosen: Chosen, run_zone: str
    ) -> Iterator[NewMessage]:
        plan, customer = self._plan, candidate.recipient.customer
        due_at = self._due[run_zone]
        outcomes = dict.fromkeys(chosen.reached, "")
        if plan.deliver.mode == "all":
            outcomes.update(chosen.refused)
        for channel, reason in outcomes.items():
            address, key = candidate.recipient.addresses.get(channel, ("", ""))
            yield NewMessage(
                id=message_id(
                    plan.tenant, plan.identity, self._occurrence.name, customer, channel, STEP
                ),
                customer=customer,
                zone=candidate.zone,
                channel=channel,
                step=STEP,
                address=address,
                address_key=key,
                variant=chosen.variant,
                locale=self._compiled.locale(candidate.locale),
                marketing=plan.category.kind == "marketing",
                due_at=max(due_at, self._now),
                expires_at=due_at + timedelta(seconds=plan.senders[channel].expires_seconds),
                reason=reason,
            )


def held_out(plan: Plan, customer: str) -> str | None:
    """Which control group the customer is in, as a reason."""
    if plan.category.kind != "marketing":
        return None
    if is_held_out(f"holdout/{plan.tenant}", plan.holdout.across, customer):
        return "held_out_global"
    if is_held_out(f"holdout/{plan.tenant}/{plan.identity}", plan.holdout.campaign, customer):
        return "held_out_campaign"
    return None


def _keys(candidate: Candidate) -> Iterator[str]:
    return (key for _, key in candidate.recipient.addresses.values())


def _telling(refused: Mapping[str, str]) -> tuple[str, str]:
    """The channel and reason that say most: the first with an address, else the first."""
    for channel, reason in refused.items():
        if reason != "no_address":
            return channel, reason
    return next(iter(refused.items()), ("", "no_channel"))
