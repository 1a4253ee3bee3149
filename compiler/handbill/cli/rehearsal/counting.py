"""How many real customers an audience has on both sides of a diff, and who of them moves.

Each side's plan selects for one occurrence at the diff's moment, by the runtime's own audience stage:
include, excludes, reach, consent, holdouts, limit. The ledger is the rehearsal's own and empty, so
nobody has been sent anything before: caps and reentry leave nobody out.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from handbill.cli.rehearsal.both_back_ends import everyone, left_out, reading_everything
from handbill.cli.rehearsal.silent_driver import silent_drivers
from handbill.cli.rehearsal.virtual_release import (
    senders_of,
    virtual_environment,
    virtual_tenant,
)
from handbill.diff.model import AudienceCounts, Moved, Subject
from handbill.diff.sides import OpenSide
from handbill.plan.model import Channel, Digest, Plan
from handbill_runtime.clock import VirtualClock
from handbill_runtime.drivers.table import Drivers
from handbill_runtime.errors import RuntimeFault
from handbill_runtime.ledger.model import Occurrence
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.signed_links import UnsubscribeLinks
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant, compile_plan
from handbill_runtime.stages.customers import Customers, open_customers
from handbill_runtime.stages.hours import local_date
from handbill_runtime.stages.pace import Pace
from handbill_runtime.stages.run import EVERYONE, begin_occurrence
from handbill_runtime.stages.work import Work

SAMPLE = 10
"""Customers of each kind that are named."""
UNUSABLE = "no run could use the row"
NEW, GONE = "the campaign is new", "the campaign is gone"
SECRET = "env:HANDBILL_REHEARSAL"
"""Never read: nothing is sent."""


@dataclass(frozen=True, slots=True)
class Audience:
    """One side: who is in the audience, and who of them would get a message."""

    inside: frozenset[str]
    reached: frozenset[str]


NOBODY = Audience(frozenset(), frozenset())


class RealCounts:
    """Counts for a diff; see `diff.protocols.Counts`. `data_root` is a URL with `{tenant}`.

    `faults` says afterwards whose data could not be read, and why.
    """

    def __init__(self, data_root: str, at: datetime.datetime) -> None:
        self._data_root = data_root
        self._at = at
        self.faults: dict[str, str] = {}

    def counts(self, base: OpenSide, head: OpenSide, subject: Subject) -> AudienceCounts | None:
        try:
            was, now = (
                _plan_of(base, subject, subject.before),
                _plan_of(head, subject, subject.after),
            )
            before, after = self._audience(base, was), self._audience(head, now)
            joining, leaving = after.inside - before.inside, before.inside - after.inside
            return AudienceCounts(
                before=len(before.inside),
                after=len(after.inside),
                joining=len(joining),
                leaving=len(leaving),
                reached_before=len(before.reached),
                reached_after=len(after.reached),
                joining_sample=tuple(map(_past, self._sample(base, was, joining, NEW))),
                leaving_sample=self._sample(head, now, leaving, GONE),
            )
        except RuntimeFault as fault:
            self.faults[subject.tenant] = f"{fault.message} ({fault.code})"
            return None

    def _audience(self, side: OpenSide, plan: Plan | None) -> Audience:
        if plan is None:
            return NOBODY
        with self._opened(side, plan) as (tenant, customers):
            return _selected(side, tenant, plan, customers, self._at)

    def _sample(
        self, side: OpenSide, plan: Plan | None, moving: Collection[str], absent: str
    ) -> tuple[Moved, ...]:
        """The first of `moving`, with what leaves them out on `side`."""
        names = sorted(moving)[:SAMPLE]
        if not names:
            return ()
        if plan is None:
            return tuple(Moved(customer=name, because=absent) for name in names)
        why: dict[str, str] = {}
        with self._opened(side, plan) as (_, customers):
            compiled = compile_plan(reading_everything(plan), "")
            today = local_date(self._at, plan.timezone)
            for one in everyone(compiled, customers, today, only=names):
                out = left_out(plan, one.row, {("run", "date"): today})
                why[one.recipient.customer] = f"{out.by}: {out.note}" if out.note else out.by
        return tuple(Moved(customer=name, because=why.get(name) or UNUSABLE) for name in names)

    @contextmanager
    def _opened(self, side: OpenSide, plan: Plan) -> Iterator[tuple[CompiledTenant, Customers]]:
        """The tenant with this plan alone, the others having their say in which rows are good."""
        whole = virtual_tenant(side, plan.tenant)
        others = [each.plan for name, each in whole.plans.items() if name != plan.campaign]
        reading = compile_plan(reading_everything(plan), "")
        tenant = CompiledTenant(whole.tenant, {plan.campaign: reading}, whole.tables, others)
        with open_customers(tenant, self._data_root, self._at, [reading]) as customers:
            yield tenant, customers


def _past(moved: Moved) -> Moved:
    """What kept a customer out until now, told as of then."""
    because = moved.because
    for now, then in ((" does not hold", " did not hold"), (" holds", " held")):
        if because.endswith(now):
            because = because.removesuffix(now) + then
    return msgspec.structs.replace(moved, because=because)


def _plan_of(side: OpenSide, subject: Subject, digest: Digest | None) -> Plan | None:
    """As it would run: a paused campaign as if it were active; of a draft nobody gets anything. A
    renamed campaign is found by its digest."""
    owner = side.tenant(subject.tenant)
    plans = owner.plans if owner is not None else {}
    name = next((name for name, each in plans.items() if each == digest), subject.campaign)
    plan = side.plan(subject.tenant, name)
    return None if plan is None else msgspec.structs.replace(plan, status="active")


def _selected(
    side: OpenSide,
    tenant: CompiledTenant,
    plan: Plan,
    customers: Customers,
    at: datetime.datetime,
) -> Audience:
    with tempfile.TemporaryDirectory(prefix="handbill-counts-") as folder:
        ledger = SqliteLedger(Path(folder) / "ledger.db")
        try:
            ledger.db.execute("PRAGMA synchronous = OFF")
            ledger.take_lease("rehearsal", at)
            compiled = compile_plan(plan, "")
            work = _work(side, tenant, plan, ledger, at)
            occurrence = begin_occurrence(work, compiled, "", {EVERYONE: at}, customers)
            return _read(ledger, occurrence)
        finally:
            ledger.close()


def _read(ledger: SqliteLedger, occurrence: Occurrence) -> Audience:
    rows: Sequence[tuple[str, str, str]] = ledger.db.execute(
        "SELECT customer, verdict, reason FROM selections WHERE occurrence = ?",
        (ledger.occurrence_number(occurrence),),
    ).fetchall()
    inside = frozenset(
        customer
        for customer, verdict, reason in rows
        if verdict != "excluded" or not reason.startswith("exclude:")
    )
    reached = frozenset(customer for customer, verdict, _ in rows if verdict == "selected")
    return Audience(inside, reached)


def _work(
    side: OpenSide,
    tenant: CompiledTenant,
    plan: Plan,
    ledger: SqliteLedger,
    at: datetime.datetime,
) -> Work:
    found = {name: side.channel(name) for name in side.release.channels}
    channels: dict[str, Channel] = {name: one for name, one in found.items() if one is not None}

    def reading(plans: Collection[CompiledPlan] | None = None) -> None:
        raise AssertionError("the customers are open already")

    return Work(
        tenant=tenant,
        environment=virtual_environment(None, "", senders_of([plan]), channels, SECRET),
        channels=channels,
        ledger=ledger,
        drivers=Drivers(silent_drivers(channels)),
        clock=VirtualClock(at),
        pace=Pace(),
        links=UnsubscribeLinks("https://links.example", b"rehearsal"),
        open_customers=reading,  # type: ignore[arg-type]
    )
