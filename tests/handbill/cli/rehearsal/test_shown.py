"""Choosing what of a campaign is shown, and names that nobody has."""

from __future__ import annotations

import datetime

import pytest
from tested_base import Base

from handbill.assertions.suite import read_suite
from handbill.cli.rehearsal import shown as module
from handbill.cli.rehearsal.previewing import Previewing
from handbill.cli.rehearsal.shown import Shown, Wanted, show_campaign
from handbill.diff.sides import open_folder

AT = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)


def show(base: Base, wanted: Wanted) -> Shown:
    side = open_folder(base.folder, "here")
    plan = side.plan("fresh-fields", "hello")
    assert plan is not None and side.compiled is not None and side.compiled.documents is not None
    personas = read_suite(side.compiled.documents).personas
    with Previewing((side,), personas, AT, plans=lambda _: ["hello"]) as previews:
        return show_campaign(previews, side, plan, "active", wanted)


def test_choosing(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ann", "bob", "cat"):
        base.write(f"personas/{name}.yaml", "customer: {lifetime_orders: 3}\n")
    assert show(base, Wanted()).names("persona") == ("ann", "bob", "cat")
    assert show(base, Wanted(personas=("bob",), channels=("email",))).names("persona") == ("bob",)
    assert show(base, Wanted(variants=("b",))).renderings == ()
    assert show(base, Wanted(locales=("fr-CA",))).renderings == ()
    monkeypatch.setattr(module, "MOST_MESSAGES", 2)
    cut = show(base, Wanted())
    assert (len(cut.renderings), cut.left_out) == (2, 1)
