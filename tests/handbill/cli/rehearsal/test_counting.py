"""Real customers on both sides of a diff: how many, and who moves because of what."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from handbill.cli.rehearsal.counting import RealCounts
from handbill.diff.matching import match_tenant
from handbill.diff.model import AudienceCounts, Moved
from handbill.diff.sides import OpenSide, open_folder

BASE = Path(__file__).parents[3] / "golden" / "base"
HELLO = "tenants/fresh-fields/campaigns/hello.yaml"
AT = datetime.datetime(2026, 12, 1, 12, tzinfo=datetime.UTC)
CUSTOMERS = """id,email,consent,lifetime_orders,is_employee
a,a@shop.example,email.promotions,1,
b,b@shop.example,email.promotions,5,
c,c@shop.example,email.promotions,9,true
d,,email.promotions,9,
e,e@shop.example,email.service,9,
f,f@shop.example,email.promotions,0,
g,g@shop.example,email.promotions,many,
"""


class Both:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(BASE, folder / "base")
        shutil.copytree(BASE, folder / "head")
        (folder / "data" / "fresh-fields").mkdir(parents=True)
        self.file = folder / "data" / "fresh-fields" / "customers.csv"
        self.file.write_text(CUSTOMERS, encoding="utf-8")

    def edit(self, side: str, old: str, new: str) -> None:
        path = self.folder / side / HELLO
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def counter(self) -> RealCounts:
        return RealCounts(f"{(self.folder / 'data').as_uri()}/{{tenant}}", AT)

    def counts(self, counter: RealCounts | None = None) -> AudienceCounts | None:
        base, head = (open_folder(self.folder / name, name) for name in ("base", "head"))
        return (counter or self.counter()).counts(base, head, _only_subject(base, head))


def _only_subject(base: OpenSide, head: OpenSide):  # type: ignore[no-untyped-def]
    (pair,) = match_tenant(base, head, "fresh-fields").pairs
    return pair.subject


@pytest.fixture
def both(tmp_path: Path) -> Both:
    return Both(tmp_path)


def test_customers_in_and_out_are_counted_after_consent_and_reach(both: Both) -> None:
    both.edit("head", "lifetime_orders >= 1", "lifetime_orders >= 5")
    counts = both.counts()
    assert counts is not None
    assert (counts.before, counts.after) == (5, 4)
    assert (counts.reached_before, counts.reached_after) == (3, 2)  # d has no address, e no consent
    assert (counts.joining, counts.leaving) == (0, 1)
    assert counts.joining_sample == ()
    assert counts.leaving_sample == (
        Moved(
            customer="a",
            because="audience.include: `customer.lifetime_orders >= 5` does not hold",
        ),
    )


def test_swapped_sides_swap_the_counts(both: Both) -> None:
    both.edit("base", "lifetime_orders >= 1", "lifetime_orders >= 5")
    counts = both.counts()
    assert counts is not None
    assert (counts.before, counts.after) == (4, 5)
    assert [moved.customer for moved in counts.joining_sample] == ["a"]
    assert counts.joining_sample[0].because.endswith("lifetime_orders >= 5` did not hold")


def test_an_exclude_that_decides_is_named(both: Both) -> None:
    rule = "audience: {include: customer.lifetime_orders >= 1, exclude: {staff: customer.is_employee | default(false)}}"
    both.edit("head", "audience: customer.lifetime_orders >= 1", rule)
    counts = both.counts()
    assert counts is not None
    (moved,) = counts.leaving_sample
    assert moved.customer == "c"
    assert moved.because.startswith("audience.exclude.staff")


def test_a_limit_and_a_holdout_cut_who_is_reached_and_not_who_is_in(both: Both) -> None:
    both.edit("head", "audience: customer", "holdout: 100%\naudience: customer")
    counts = both.counts()
    assert counts is not None
    assert (counts.before, counts.after) == (5, 5)
    assert (counts.reached_before, counts.reached_after) == (3, 0)


def test_a_campaign_that_is_new_has_nobody_before(both: Both) -> None:
    shutil.copy(both.folder / "head" / HELLO, both.folder / "head" / HELLO.replace("hello", "hi"))
    counts = both.counts()
    assert counts is not None
    assert (counts.before, counts.after, counts.joining) == (0, 5, 5)
    assert {moved.because for moved in counts.joining_sample} == {"the campaign is new"}


def test_of_a_draft_nobody_gets_anything(both: Both) -> None:
    both.edit("base", "status: active", "status: draft")
    counts = both.counts()
    assert counts is not None
    assert (counts.before, counts.after, counts.joining) == (0, 5, 5)


def test_a_renamed_campaign_is_the_same_one(both: Both) -> None:
    both.edit("head", "lifetime_orders >= 1", "lifetime_orders >= 9\nwas: [hello]\n#")
    path = both.folder / "head" / HELLO
    path.rename(path.with_name("greeting.yaml"))
    counts = both.counts()
    assert counts is not None
    assert (counts.before, counts.after, counts.leaving) == (5, 3, 2)


def test_a_row_that_no_run_can_use_any_more_says_so(both: Both) -> None:
    rule = "customer.lifetime_orders >= 0 and customer.is_employee is not defined"
    both.edit("base", "customer.lifetime_orders >= 1", "customer.is_employee is not defined")
    both.edit("head", "customer.lifetime_orders >= 1", rule)
    counts = both.counts()
    assert counts is not None
    assert counts.leaving_sample == (Moved(customer="g", because="no run could use the row"),)


def test_data_that_cannot_be_read_is_told_and_counts_nothing(both: Both) -> None:
    both.file.unlink()
    both.edit("head", "lifetime_orders >= 1", "lifetime_orders >= 5")
    counter = both.counter()
    assert both.counts(counter) is None
    assert "fresh-fields" in counter.faults
