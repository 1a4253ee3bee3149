"""One message to one customer, and what of it would not happen."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tested_base import Base

from handbill.cli.rehearsal import rendering as module
from handbill.cli.rehearsal.both_back_ends import LeftOut
from handbill.cli.rehearsal.cast import Role
from handbill.cli.rehearsal.rendering import content_row, is_selected, render
from handbill.diff.model import Rendering
from handbill.diff.sides import OpenSide, open_folder
from handbill.plan.model import Plan
from handbill_runtime.stages.compiled import CompiledPlan, compile_plan
from handbill_runtime.stages.reach import Recipient

AT = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)
REACHED = Recipient("ann", ("email.promotions",), (), {"email": ("a@b.example", "a@b.example")})


def compiled(base: Base, lines: str = "") -> tuple[CompiledPlan, OpenSide]:
    if lines:
        base.campaign(lines)
    side = open_folder(base.folder, "here")
    plan = side.plan("fresh-fields", "hello")
    assert plan is not None, side.compiled
    return compile_plan(plan, ""), side


def role(plan: Plan, **values: object) -> Role:
    row = tuple(values.get(".".join(need.path)) for need in plan.fields)
    return Role("ann", row, LeftOut(), REACHED, plan.timezone, None)  # type: ignore[arg-type]


def shown(one: CompiledPlan, side: OpenSide, who: Role, at: datetime.datetime = AT) -> Rendering:
    return render(one, who, "only", "email", "en-US", side.channel("email"), at)


def test_as_it_would_leave(base: Base) -> None:
    one, side = compiled(base)
    ann = role(one.plan, first_name="Ann", lifetime_orders=3)
    mail = shown(one, side, ann)
    assert mail.note == "" and "Hello Ann" in mail.parts["html"] and is_selected(ann)
    assert content_row(one, ann.row or ()) == ("Ann",)


def test_out_of_reach(base: Base) -> None:
    one, side = compiled(base)
    ann = role(one.plan, lifetime_orders=3)
    nobody = replace(ann, recipient=Recipient("ann", (), (), {}))
    assert shown(one, side, nobody).note == "would not be sent: no_address"
    unusable = replace(ann, row=None, left_out=LeftOut("quarantined", "bad"))
    told = shown(one, side, unusable)
    assert (told.note, dict(told.parts)) == ("would not be selected: quarantined (bad)", {})


def test_an_empty_field_that_the_audience_asks_for(base: Base) -> None:
    """The message may rely on it: a name that is missing is not written as `None`."""
    base.edit("tenants/fresh-fields/templates/hello.html", " | default('neighbor')", "")
    one, side = compiled(base, "audience: customer.first_name is defined")
    out = LeftOut("audience.include")
    told = shown(one, side, replace(role(one.plan), left_out=out))
    assert dict(told.parts) == {} and told.note == "would not be selected: audience.include"


def test_an_exclusion_about_another_field_leaves_the_message_safe(base: Base) -> None:
    one, side = compiled(
        base,
        """
        audience:
          include: customer.lifetime_orders >= 1
          exclude: {staff: customer.is_employee | default(false)}
        """,
    )
    ann = role(one.plan, lifetime_orders=3, is_employee=True)
    told = shown(one, side, replace(ann, left_out=LeftOut("audience.exclude.staff")))
    assert "Hello neighbor" in told.parts["html"]


def test_a_rendering_that_fails_is_said(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    one, side = compiled(base)

    def broken(*arguments: object) -> dict[str, str]:
        raise ValueError("planted")

    monkeypatch.setattr(one, "render", broken)
    ann = role(one.plan, lifetime_orders=3)
    assert shown(one, side, ann).note == "would not be sent: render_failed"
    out = replace(ann, left_out=LeftOut("audience.include"))
    assert shown(one, side, out).note == "would not be selected: audience.include"


def test_a_channel_s_contract_and_one_that_is_not_known(base: Base) -> None:
    one, side = compiled(base)
    ann = role(one.plan, lifetime_orders=3)
    assert render(one, ann, "only", "email", "en-US", None, AT).segments is None
    assert module.contract_breach(side.channel("email"), {"subject": ""}) == "incomplete"
