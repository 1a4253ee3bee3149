"""What a test says happened before: messages sent and channels stopped, written into its ledger by the
same calls that a run makes.
"""

from __future__ import annotations

from datetime import datetime

from handbill.assertions.preparing import ReadyTest
from handbill.plan.decisions import message_id
from handbill.plan.model import Plan
from handbill.schema.models.campaign_test import Sent
from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.model import (
    Claim,
    NewMessage,
    Occurrence,
    Run,
    Selection,
    Settlement,
    State,
    Suppression,
)
from handbill_runtime.stages.compiled import STEP
from handbill_runtime.stages.hours import instant_of, local_date

EARLIER = "earlier"
"""Begins the names of occurrences that only a test knows."""


def write_history(ledger: Ledger, ready: ReadyTest) -> None:
    """`sent` and `stopped` of the test; times are the tenant's."""
    written = ready.test.written
    for customer, messages in written.sent.items():
        for place, sent in enumerate(messages):
            _send(ledger, ready.subject.plans[sent.campaign], customer, sent, place)
    now = instant_of(written.now, ready.subject.tenant.timezone)
    ledger.suppress(
        Suppression(
            ready.subject.tenant.name, channel, "customer", customer, "unsubscribed",
            "marketing", now,
        )
        for customer, channels in written.stopped.items()
        for channel in channels
    )  # fmt: skip


def _send(ledger: Ledger, plan: Plan, customer: str, sent: Sent, place: int) -> None:
    at = instant_of(sent.at, plan.timezone)
    occurrence = Occurrence(plan.tenant, plan.identity, f"{EARLIER} {customer} {place}")
    identifier = message_id(
        plan.tenant, plan.identity, occurrence.name, customer, sent.channel, STEP
    )
    day = local_date(at, plan.timezone)
    run = ledger.add_run(Run(occurrence, "", plan.campaign, "", at, at, day))
    ledger.add_selections(run, [Selection(customer, plan.timezone, "selected", "", sent.channel)])
    ledger.add_messages(run, [_message(plan, customer, sent.channel, identifier, at)])
    ledger.complete_run(run, 0)
    ledger.claim([Claim(identifier, b"", "", "", plan.locales[0], at)], at)
    ledger.mark_sending([identifier], sent.channel, at)
    ledger.settle([Settlement(identifier, State.ACCEPTED)], sent.channel, at)


def _message(plan: Plan, customer: str, channel: str, identifier: str, at: datetime) -> NewMessage:
    return NewMessage(
        id=identifier,
        customer=customer,
        zone=plan.timezone,
        channel=channel,
        step=STEP,
        address=f"{customer}@earlier.example",
        address_key=f"{customer}@earlier.example",
        variant="",
        locale=plan.locales[0],
        marketing=plan.category.kind == "marketing",
        due_at=at,
        expires_at=at,
    )
