"""A week of a small release, run by the runtime's own engine with nothing sent."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from handbill.cli.rehearsal.simulation import Leaving, Rehearsed, rehearse
from handbill.cli.rehearsal.virtual_release import (
    senders_of,
    virtual_environment,
    virtual_release,
)
from handbill.diff.sides import open_folder

BASE = Path(__file__).parents[3] / "golden" / "base"
CAMPAIGNS = "tenants/fresh-fields/campaigns"
BEGIN = datetime.datetime(2026, 12, 1, 5, tzinfo=datetime.UTC)
END = datetime.datetime(2026, 12, 8, 5, tzinfo=datetime.UTC)
TEN = datetime.datetime(2026, 12, 5, 15, tzinfo=datetime.UTC)
"""10:00 in New York."""
TEXT = """\
category: promotions
status: active
trigger: {at: "2026-12-05T12:00"}
audience: everyone
message:
  sms: {body: "{{ tenant.name }}: cider is here. Reply STOP to end"}
"""
HEADER = "id,email,phone,consent,lifetime_orders"


class Week:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(BASE, folder / "config")
        (folder / "data" / "fresh-fields").mkdir(parents=True)
        (folder / "rehearsal").mkdir()

    def campaign(self, name: str, text: str) -> None:
        (self.folder / "config" / CAMPAIGNS / f"{name}.yaml").write_text(text, encoding="utf-8")

    def customers(self, *names: str) -> None:
        both = "email.promotions|sms.promotions"
        rows = [
            f"{each},{each}@shop.example,+1518555{at:04},{both},3" for at, each in enumerate(names)
        ]
        file = self.folder / "data" / "fresh-fields" / "customers.csv"
        file.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")

    def rehearsed(
        self,
        hours_from_utc: int = -5,
        progress: list[datetime.datetime] | None = None,
    ) -> Rehearsed:
        side = open_folder(self.folder / "config", "here")
        names = tuple(side.release.tenants["fresh-fields"] and ["fresh-fields"])
        tenant = side.tenant("fresh-fields")
        assert tenant is not None
        plans = [plan for each in tenant.plans if (plan := side.plan("fresh-fields", each))]
        found = {name: side.channel(name) for name in side.release.channels}
        channels = {name: each for name, each in found.items() if each is not None}
        secret = self.folder / "secret"
        secret.write_text("-", encoding="utf-8")
        root = f"{(self.folder / 'data').as_uri()}/{{tenant}}"
        environment = virtual_environment(None, root, senders_of(plans), channels, f"file:{secret}")
        active = virtual_release(side, environment, names, "2026-12-01T05:00:00Z")
        offset = datetime.timedelta(hours=hours_from_utc)
        told = progress if progress is not None else []
        return rehearse(
            active, self.folder / "rehearsal", BEGIN, END, lambda tenant, at: offset, told.append
        )


@pytest.fixture
def week(tmp_path: Path) -> Week:
    week = Week(tmp_path)
    week.customers("ann", "bob", "cyd")
    return week


def test_what_falls_due_leaves_at_its_own_time(week: Week) -> None:
    told: list[datetime.datetime] = []
    rehearsed = week.rehearsed(progress=told)
    assert list(rehearsed.leaving) == [Leaving("fresh-fields", "hello", "email", TEN, 3)]
    (occurrence,) = rehearsed.reports
    assert occurrence.identity == "hello"
    assert (rehearsed.together, rehearsed.troubles) == ({}, ())
    assert told == sorted(told) and told[-1] == END


def test_messages_are_counted_by_quarters_of_an_hour_and_campaign(week: Week) -> None:
    week.campaign("cider", TEXT)
    noon = TEN + datetime.timedelta(hours=2)
    assert list(week.rehearsed().leaving) == [
        Leaving("fresh-fields", "hello", "email", TEN, 3),
        Leaving("fresh-fields", "cider", "sms", noon, 3),
    ]


def test_who_gets_two_on_one_day_of_the_retailers(week: Week) -> None:
    week.campaign("cider", TEXT)
    assert week.rehearsed().together == {("fresh-fields", "cider", "hello"): 3}


def test_a_day_is_the_retailers_own(week: Week) -> None:
    """15:00 and 17:00 UTC lie on two days where it is midnight between them."""
    week.campaign("cider", TEXT)
    assert week.rehearsed(hours_from_utc=8).together == {}


def test_what_is_broken_is_told_and_stops_nobody_else(week: Week) -> None:
    (week.folder / "data" / "fresh-fields" / "customers.csv").unlink()
    rehearsed = week.rehearsed()
    assert not rehearsed.leaving
    assert rehearsed.troubles
