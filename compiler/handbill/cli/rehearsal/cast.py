"""Made-up or real customers of one tenant, imported once as a run imports them, for all its plans.

Personas become rows of files, typed as the tenant's datasets are, and DuckDB reads those as it reads a
retailer's. Nothing is selected here: a `Role` says what a plan would read of a customer, and what
would leave them out.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from handbill.assertions.data_files import write_data
from handbill.assertions.fixtures import CUSTOMERS, PERSONA, read_fixtures
from handbill.assertions.outcome import INCLUDE, QUARANTINED
from handbill.assertions.subject import Subject
from handbill.assertions.suite import CampaignTest, Persona
from handbill.cli.rehearsal.both_back_ends import (
    LeftOut,
    everyone,
    left_out,
    reading_everything,
)
from handbill.cli.rehearsal.stand_ins import fill_in
from handbill.diagnostics.diagnostic import SourceRange
from handbill.plan.canonical import canonical_bytes, digest_of
from handbill.plan.model import Plan, Tenant
from handbill.plan.values import Context, Row
from handbill.schema.models.campaign_test import CampaignTestDocument
from handbill.source.located import LocatedDocument, Value
from handbill_runtime.errors import RuntimeFault
from handbill_runtime.stages.compiled import CompiledPlan, CompiledTenant, compile_plan
from handbill_runtime.stages.customers import Customers, open_customers
from handbill_runtime.stages.hours import local_date
from handbill_runtime.stages.reach import Recipient


@dataclass(frozen=True, slots=True)
class Role:
    """One customer as one plan sees them. `row` holds `plan.fields`, None where no run could use the
    customer's data at all; `left_out.by` is "" for who is in the audience."""

    name: str
    row: Row | None
    left_out: LeftOut
    recipient: Recipient
    zone: str
    locale: str | None


class Cast:
    """The customers `names` of a tenant at one instant. Valid while it is open."""

    def __init__(
        self,
        subject: Subject,
        names: Collection[str],
        at: datetime.datetime,
        stand_ins: Mapping[str, tuple[str, str]] | None = None,
        customers: Customers | None = None,
        fault: str = "",
    ) -> None:
        """`customers` is None where nobody's data could be read; `fault` says why."""
        self.subject = subject
        self.plans = {
            name: compile_plan(plan, digest_of(canonical_bytes(plan)))
            for name, plan in subject.plans.items()
        }
        self.stand_ins = stand_ins or {}
        self._names = tuple(names)
        self._at = at
        self._customers = customers
        self._fault = fault
        self._known: dict[str, Mapping[str, Role]] = {}

    def roles(self, campaign: str) -> tuple[Role, ...]:
        """Everybody in the order of `names`, as the campaign sees them."""
        known = self._as_seen_by(campaign)
        return tuple(known.get(name) or self._unusable(name, campaign) for name in self._names)

    def stand_in_roles(self, campaign: str) -> tuple[Role, ...]:
        """Those of the stand-ins whose data can be used."""
        known = self._as_seen_by(campaign)
        return tuple(known[name] for name in self.stand_ins if name in known)

    def today(self, campaign: str) -> datetime.date:
        """The day on which the campaign would run."""
        return local_date(self._at, self.plans[campaign].plan.timezone)

    def _as_seen_by(self, campaign: str) -> Mapping[str, Role]:
        if campaign not in self._known:
            try:
                self._known[campaign] = dict(self._read(self.plans[campaign]))
            except RuntimeFault as error:
                self._known[campaign], self._fault = {}, error.message
        return self._known[campaign]

    def _read(self, compiled: CompiledPlan) -> Iterator[tuple[str, Role]]:
        if self._customers is None:
            return
        today = self.today(compiled.plan.campaign)
        context: Context = {("run", "date"): today}
        for one in everyone(compiled, self._customers, today, only=(*self._names, *self.stand_ins)):
            name, out = one.recipient.customer, left_out_safely(compiled.plan, one.row, context)
            yield name, Role(name, one.row, out, one.recipient, one.zone, one.locale)

    def _unusable(self, name: str, campaign: str) -> Role:
        reasons = ", ".join(self._customers.quarantined) if self._customers is not None else ""
        why = f"no good value of {reasons}" if reasons else "there is no such customer"
        nobody = Recipient(name, (), (), {})
        zone = self.plans[campaign].plan.timezone
        return Role(name, None, LeftOut(QUARANTINED, self._fault or why), nobody, zone, None)


def left_out_safely(plan: Plan, row: Row, context: Context) -> LeftOut:
    """As `left_out`; a clause that cannot be judged for this row does not hold of it."""
    try:
        return left_out(plan, row, context)
    except Exception:
        return LeftOut(INCLUDE)


# ── opening one ──────────────────────────────────────────────────────────────────────────────────


@contextmanager
def open_personas(
    subject: Subject, personas: Mapping[str, Persona], at: datetime.datetime
) -> Iterator[Cast]:
    """The platform's personas as customers of this tenant, and their stand-ins. What of them its
    vocabulary does not know is left out."""
    datasets = subject.tenant.datasets
    if not personas or CUSTOMERS not in datasets:
        yield Cast(subject, personas, at, fault="this tenant declares no customers")
        return
    today = local_date(at, subject.tenant.timezone)
    fixtures, _ = read_fixtures(_test_of(personas, subject, today), personas, subject.tenant)
    filled = fill_in(fixtures, datasets, subject.tables, today)
    made_up = {
        name: msgspec.structs.replace(
            dataset,
            table=None if name in filled.fixtures.rows else dataset.table,
            fresh_seconds=None,
        )
        for name, dataset in datasets.items()
    }
    with tempfile.TemporaryDirectory(prefix="handbill-preview-") as folder, ExitStack() as stack:
        try:
            write_data(Path(folder), made_up, filled.fixtures)
            tenant = msgspec.structs.replace(subject.tenant, datasets=made_up)
            customers = stack.enter_context(open_customers(_asking(subject, tenant), folder, at))
        except Exception as error:  # a key into which no persona's name fits, for one
            yield Cast(subject, personas, at, fault=str(error))
            return
        yield Cast(subject, personas, at, filled.stand_ins, customers)


@contextmanager
def open_real(
    subject: Subject, data_root: str, customer: str, at: datetime.datetime
) -> Iterator[Cast]:
    """One customer of a tenant's data below `data_root`, as a run would read it."""
    with ExitStack() as stack:
        tenant = _asking(subject, subject.tenant)
        try:
            customers = stack.enter_context(open_customers(tenant, data_root, at))
        except RuntimeFault as error:
            yield Cast(subject, (customer,), at, fault=error.message)
            return
        yield Cast(subject, (customer,), at, customers=customers)


def _asking(subject: Subject, tenant: Tenant) -> CompiledTenant:
    plans = {name: compile_plan(reading_everything(p), "") for name, p in subject.plans.items()}
    return CompiledTenant(tenant, plans, subject.tables)


def _test_of(
    personas: Mapping[str, Persona], subject: Subject, today: datetime.date
) -> CampaignTest:
    """A test whose customers are the personas, each called by its name."""
    customers: dict[str, Value] = {name: {PERSONA: name} for name in personas}
    start = SourceRange("personas", 1, 1, 1, 1)
    document = LocatedDocument("personas", {"customers": customers}, {(): start}, {}, {})
    written = CampaignTestDocument.model_construct(
        campaign="", now=today.isoformat(), customers=customers, data={}
    )
    return CampaignTest(subject.tenant.name, "previews", written, document)
