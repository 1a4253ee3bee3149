"""A side's tenant, with only the campaigns that are asked for."""

from __future__ import annotations

from pathlib import Path

from tested_base import Base

from handbill.cli.rehearsal.side_subject import changed_plans, subject_of
from handbill.diff.sides import open_folder

DRAFT = "tenants/fresh-fields/campaigns/later.yaml"


def test_released_and_drafts(base: Base) -> None:
    hello = (base.folder / "tenants/fresh-fields/campaigns/hello.yaml").read_text("utf-8")
    base.write(DRAFT, hello.replace("status: active", "status: draft"))
    side = open_folder(base.folder, "here")
    subject = subject_of(side, "fresh-fields", ["hello", "later", "never"])
    assert subject is not None
    assert set(subject.plans) == {"hello", "later"} and "email" in subject.channels
    assert set(subject.tables) == {"sha256:" + each[7:] for each in subject.tables} != set()
    only = subject_of(side, "fresh-fields", ["later"])
    assert only is not None and set(only.plans) == {"later"}
    assert subject_of(side, "nobody", ["hello"]) is None


def test_what_differs_between_sides(base: Base, tmp_path: Path) -> None:
    other = Base(tmp_path / "other")
    one, same = open_folder(base.folder, "one"), open_folder(other.folder, "same")
    assert changed_plans((one, same))("fresh-fields") == set()
    other.campaign("audience: customer.lifetime_orders >= 77")
    changed = open_folder(other.folder, "changed")
    assert changed_plans((one, changed))("fresh-fields") == {"hello"}
    assert changed_plans((one, changed))("nobody") == set()
