"""What an edit means later: nothing changes today, but on Friday."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from handbill.diff.compare import compare_releases
from handbill.diff.model import Forecast
from handbill.diff.sides import open_folder
from handbill.language.reasoning.reasoner import Reasoner

BASE = Path(__file__).parents[2] / "golden" / "base"
HELLO = "tenants/fresh-fields/campaigns/hello.yaml"
AT = datetime.datetime(2026, 12, 1, 15)
"""Ten in the morning of Tuesday in New York."""
CRON = 'trigger: {cron: "0 9 * * 5"}\nreentry: always'


class Edited:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for side in ("base", "head"):
            shutil.copytree(BASE, folder / side)

    def edit(self, old: str, new: str, *sides: str) -> None:
        for side in sides or ("head",):
            path = self.folder / side / HELLO
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new), encoding="utf-8")

    def forecasts(self, at: datetime.datetime = AT) -> tuple[Forecast, ...]:
        base, head = (open_folder(self.folder / name, name) for name in ("base", "head"))
        with Reasoner() as reasoner:
            return compare_releases(base, head, reasoner, at=at).forecasts


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    return Edited(tmp_path)


def only(found: tuple[Forecast, ...]) -> tuple[str, str]:
    (one,) = found
    assert (one.subject.tenant, one.subject.campaign) == ("fresh-fields", "hello")
    return one.at, one.says


def test_an_edit_is_told_with_the_first_send_that_it_touches(edited: Edited) -> None:
    edited.edit("Double points", "Triple points")
    assert only(edited.forecasts()) == ("2026-12-05T10:00", "its first send with the change")


def test_what_is_sent_today_needs_no_forecast(edited: Edited) -> None:
    edited.edit("Double points", "Triple points")
    assert edited.forecasts(datetime.datetime(2026, 12, 5, 14)) == ()


def test_today_is_the_retailers_own(edited: Edited) -> None:
    """Four in the morning in UTC is still Friday evening in New York, and it is sent on Saturday."""
    edited.edit("Double points", "Triple points")
    assert edited.forecasts(datetime.datetime(2026, 12, 5, 4)) != ()


def test_what_is_active_and_never_sent_is_told(edited: Edited) -> None:
    edited.edit("Double points", "Triple points")
    at, says = only(edited.forecasts(datetime.datetime(2026, 12, 6, 12)))
    assert at == "2026-12-06T07:00"
    assert says == "it is active, but none of its times is still to come: it is never sent"
    edited.edit("status: active", "status: paused")
    assert edited.forecasts(datetime.datetime(2026, 12, 6, 12)) == ()


def test_a_send_that_moves_is_told_both_ways(edited: Edited) -> None:
    edited.edit("2026-12-05", "2026-12-08")
    at, says = only(edited.forecasts())
    assert at == "2026-12-05T10:00"
    assert says == "it would have been sent then; its next send is at 2026-12-08T10:00"
    edited.edit("2026-12-05", "2026-12-09", "base")
    at, says = only(edited.forecasts())
    assert (at, says) == ("2026-12-08T10:00", "its next send, which was to be at 2026-12-09T10:00")


def test_a_campaign_that_stops_is_told_with_the_send_that_falls_away(edited: Edited) -> None:
    edited.edit("status: active", "status: paused")
    assert only(edited.forecasts()) == (
        "2026-12-05T10:00",
        "it would have been sent then, and is not any more",
    )


def test_a_campaign_that_starts_is_told_with_its_first_send(edited: Edited) -> None:
    edited.edit("status: active", "status: draft", "base")
    assert only(edited.forecasts()) == ("2026-12-05T10:00", "its first send")


def test_the_last_send_of_a_campaign_that_ends_is_told(edited: Edited) -> None:
    edited.edit("trigger: {at: 2026-12-05T10:00}", CRON, "base", "head")
    edited.edit("audience:", "ends: 2026-12-06T00:00\naudience:")
    assert only(edited.forecasts()) == (
        "2026-12-04T09:00",
        "its first send with the change; and its last: it ends 2026-12-06T00:00",
    )
