"""One message to one customer, as production would write it, and what of that would not happen.

The same functions as the generation stage: the offer is chosen, the parts are rendered, the channel's
contract is looked at. What would keep the message from being sent is said in the rendering's `note`.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator, Mapping

from handbill.assertions.outcome import EXCLUDE, INCLUDE
from handbill.cli.rehearsal.both_back_ends import LeftOut, clauses_of
from handbill.cli.rehearsal.cast import Role
from handbill.cli.rehearsal.trial import ASSETS_URL, PUBLIC_URL, SECRET
from handbill.diff.model import Rendering
from handbill.plan.decisions import message_id
from handbill.plan.ir import Expression
from handbill.plan.model import Channel, Environment, Plan
from handbill.plan.row import compile_expression
from handbill.plan.segments import sms_size
from handbill.plan.values import Context, Row, Value
from handbill_runtime.signed_links import UnsubscribeLinks
from handbill_runtime.stages.compiled import STEP, CompiledPlan
from handbill_runtime.stages.gate import Stop
from handbill_runtime.stages.generation import choose_offer, contract_breach
from handbill_runtime.stages.hours import local_date
from handbill_runtime.stages.needs import fields_in
from handbill_runtime.stages.reach import Allowed, SuppressionList, reach

LOG = logging.getLogger(__name__)
WOULD_NOT = "would not be"
NOT_SELECTED, NOT_SENT = f"{WOULD_NOT} selected", f"{WOULD_NOT} sent"
EVERYONE = Environment(
    name="preview", recipients="everyone", data_root="", store="", ledger="",
    public_url=PUBLIC_URL, assets_url=ASSETS_URL, providers={},
)  # fmt: skip


def render(
    compiled: CompiledPlan,
    role: Role,
    variant: str,
    channel: str,
    locale: str,
    contract: Channel | None,
    at: datetime.datetime,
) -> Rendering:
    """Never raises: where nothing can be rendered, `parts` is empty and `note` says why."""
    notes = list(_notes(compiled, role, variant, channel, locale))
    parts: Mapping[str, str] = {}
    if role.row is None or _relies_on_what_fails(compiled, role, at):
        pass
    else:
        try:
            parts, refusal = _written(compiled, role, variant, channel, locale, contract, at)
        except Exception:  # a row that the audience's facts do not hold of
            LOG.debug("%s does not render for %s", compiled.plan.campaign, role.name, exc_info=True)
            refusal = "" if role.left_out.by else "render_failed"
        if refusal:
            notes.append(f"{NOT_SENT}: {refusal}")
    return Rendering(
        persona=role.name,
        variant=variant,
        channel=channel,
        locale=locale,
        parts=parts,
        segments=_segments(contract, parts),
        note="; ".join(notes),
    )


def is_selected(role: Role) -> bool:
    return role.row is not None and not role.left_out.by


def content_row(compiled: CompiledPlan, row: Row) -> Row:
    """What a selection's snapshot would hold of a row of `plan.fields`."""
    places = {need.path: place for place, need in enumerate(compiled.plan.fields)}
    own = tuple(row[places[need.path]] for need in compiled.fields)
    return compiled.row(compiled.snapshot(own))


def _written(
    compiled: CompiledPlan,
    role: Role,
    variant: str,
    channel: str,
    locale: str,
    contract: Channel | None,
    at: datetime.datetime,
) -> tuple[Mapping[str, str], str]:
    """The parts, and why they would not be sent although they are written."""
    plan = compiled.plan
    assert role.row is not None
    row = content_row(compiled, role.row)
    links = UnsubscribeLinks(PUBLIC_URL, SECRET)
    identifier = message_id(plan.tenant, plan.identity, "", role.name, channel, STEP)
    context: dict[tuple[str, ...], Value] = {
        ("run", "date"): local_date(at, plan.timezone),
        ("unsubscribe_url",): links.url(identifier),
        ("view_url",): links.view.url(identifier),
        ("assets_url",): ASSETS_URL,
        ("message", "id"): identifier,
    }
    ends = choose_offer(compiled, variant, role.zone, row, context)
    if isinstance(ends, Stop):
        return {}, ends.reason
    parts = compiled.render(variant, channel, locale, row, context)
    if ends is not None and ends <= at:
        return parts, "offer_ended"
    return parts, contract_breach(contract, parts) or ""


def _notes(
    compiled: CompiledPlan, role: Role, variant: str, channel: str, locale: str
) -> Iterator[str]:
    plan = compiled.plan
    if role.left_out.by:
        yield f"{NOT_SELECTED}: {role.left_out.by}" + (
            f" ({role.left_out.note})" if role.left_out.note else ""
        )
        if role.row is None:
            return
    elif refusal := _unreached(compiled, role, variant, channel):
        yield f"{NOT_SENT}: {refusal}"
    own = compiled.locale(role.locale)
    if own != locale and len(plan.locales) > 1:
        yield f"would get {own}"


def _unreached(compiled: CompiledPlan, role: Role, variant: str, channel: str) -> str:
    """Why the message does not go on this channel; "" where it does."""
    plan = compiled.plan
    allowed, nothing = Allowed(EVERYONE, ()), SuppressionList(())
    if refusal := reach(plan.category, channel, role.recipient, nothing, allowed):
        return refusal.reason
    if plan.deliver.mode == "first":
        for earlier in plan.deliver.order[: plan.deliver.order.index(channel)]:
            has = compiled.has_content(variant, earlier)
            if has and reach(plan.category, earlier, role.recipient, nothing, allowed) is None:
                return f"{earlier} comes first"
    return ""


def _segments(contract: Channel | None, parts: Mapping[str, str]) -> int | None:
    if contract is None:
        return None
    sms = [name for name, part in contract.parts.items() if part.max_segments is not None]
    counts = [sms_size(parts[name]).segments for name in sms if name in parts]
    return max(counts, default=None)


# ── whether a message can be written to somebody whom the audience does not select ───────────────


def _relies_on_what_fails(compiled: CompiledPlan, role: Role, at: datetime.datetime) -> bool:
    """Whether the content may read a field that only those of the audience surely have.

    The compiler lets a message use what the audience establishes. That can be missing where a field
    is missing that both the content and a clause which does not hold are about.
    """
    if not role.left_out.by or role.row is None:
        return False
    plan, row = compiled.plan, role.row
    context: Context = {("run", "date"): local_date(at, plan.timezone)}
    empty = [
        need.path
        for need, value in zip(plan.fields, row, strict=True)
        if value in (None, ()) and need in compiled.fields
    ]
    asked = {
        field.path[1:]
        for clause in _failing(plan, role.left_out, row, context)
        for field in fields_in(clause)
    }
    return any(_is_related(one, other) for one in empty for other in asked)


def _is_related(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _failing(plan: Plan, out: LeftOut, row: Row, context: Context) -> Iterator[Expression]:
    if out.by == INCLUDE:
        yield from (
            each
            for each in clauses_of(plan.audience.include)
            if not _holds(plan, each, row, context)
        )
    elif out.by.startswith(EXCLUDE):
        yield plan.audience.exclude[out.by.removeprefix(EXCLUDE)]


def _holds(plan: Plan, clause: Expression, row: Row, context: Context) -> bool:
    try:
        return compile_expression(clause, plan.fields)(row, context) is True
    except Exception:
        return False
