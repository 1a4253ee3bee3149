"""Personas as customers of a tenant, imported once; what cannot be read is said and never raised."""

from __future__ import annotations

import datetime
from pathlib import Path

import msgspec
from tested_base import Base

from handbill.assertions.subject import Subject, subjects_of
from handbill.assertions.suite import Persona, read_suite
from handbill.cli.rehearsal.cast import left_out_safely, open_personas, open_real
from handbill.diff.sides import open_folder
from handbill.plan.types import IntType

AT = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)


def opened(base: Base) -> tuple[Subject, dict[str, Persona]]:
    compiled = open_folder(base.folder, "here").compiled
    assert compiled is not None and compiled.release is not None
    assert compiled.documents is not None
    (subject,) = subjects_of(compiled.release, {"fresh-fields"}).values()
    return subject, dict(read_suite(compiled.documents).personas)


def test_roles_and_stand_ins(base: Base) -> None:
    base.campaign("audience: customer.lifetime_orders >= 2")
    base.write("personas/ann.yaml", "customer: {lifetime_orders: 3, email: a@shop.example}\n")
    base.write("personas/bad.yaml", "customer: {lifetime_orders: null, nonsense: 3}\n")
    subject, personas = opened(base)
    with open_personas(subject, personas, AT) as cast:
        ann, bad = cast.roles("hello")
        assert (ann.name, ann.left_out.by, bad.left_out.by) == ("ann", "", "quarantined")
        assert ann.row is not None and bad.row is None
        assert "lifetime_orders" in bad.left_out.note
        assert {role.name for role in cast.stand_in_roles("hello")} <= set(cast.stand_ins)
        assert cast.today("hello") == datetime.date(2026, 12, 5)
        assert cast.roles("hello")[0] is ann


def test_a_key_into_which_no_name_fits(base: Base) -> None:
    base.write("personas/ann.yaml", "customer: {lifetime_orders: 3}\n")
    subject, personas = opened(base)
    customers = subject.tenant.datasets["customers"]
    columns = tuple(
        msgspec.structs.replace(each, type=IntType(0, 9)) if each.name == "id" else each
        for each in customers.columns
    )
    datasets = {
        **subject.tenant.datasets,
        "customers": msgspec.structs.replace(customers, columns=columns),
    }
    tenant = msgspec.structs.replace(subject.tenant, datasets=datasets)
    broken = Subject(tenant, subject.plans, subject.tables, subject.channels)
    with open_personas(broken, personas, AT) as cast:
        (ann,) = cast.roles("hello")
        assert ann.row is None and "ann" in ann.left_out.note


def test_no_customers_and_no_personas(base: Base) -> None:
    subject, _ = opened(base)
    with open_personas(subject, {}, AT) as cast:
        assert cast.roles("hello") == () == cast.stand_in_roles("hello")


def test_data_that_is_not_there(base: Base, tmp_path: Path) -> None:
    subject, _ = opened(base)
    with open_real(subject, str(tmp_path / "none"), "c1", AT) as cast:
        (role,) = cast.roles("hello")
        assert role.left_out.by == "quarantined" and "customers" in role.left_out.note


def test_a_rule_that_cannot_be_judged_does_not_hold(base: Base) -> None:
    base.campaign("audience: customer.lifetime_orders >= 2")
    subject, _ = opened(base)
    plan = subject.plans["hello"]
    row = tuple("no number" for _ in plan.fields)
    assert left_out_safely(plan, row, {}).by == "audience.include"
