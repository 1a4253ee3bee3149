from __future__ import annotations

import datetime

from handbill.cli.why_line import LineReport
from handbill.cli.why_line_report import commit_as_json, line_as_json, line_as_text
from handbill.resolve.reach import Reached
from handbill.source.git_blame import Written

WRITTEN = Written("a" * 40, "Ann", datetime.date(2026, 11, 3), "A stricter cap")


def reached(campaign: str | None, tenant: str = "ff", of: str = "campaign", **more: str) -> Reached:
    fields = {"field": "limits.per_customer", "layer": "platform", "effect": "decides", **more}
    return Reached(tenant=tenant, campaign=campaign, of=of, **fields)


def report(*found: Reached, note: str = "", what: tuple[str, ...] = ("limits",)) -> LineReport:
    return LineReport("handbill.yaml", 4, what, found, note)


def test_campaigns_for_which_it_does_the_same_stand_together() -> None:
    found = [reached("a"), reached("b"), reached("c", effect="is replaced"), reached("a", "gg")]
    assert line_as_text(report(*found), "a1b2c3d Ann").splitlines() == [
        "handbill.yaml:4  limits  a1b2c3d Ann",
        "  reaches 4 campaigns of 2 tenants",
        "  limits.per_customer, platform: decides",
        "    ff/a, ff/b, gg/a",
        "  limits.per_customer, platform: is replaced",
        "    ff/c",
    ]


def test_whose_value_it_is_where_it_is_not_the_campaigns() -> None:
    lines = line_as_text(report(reached("a", of="offer treat")), "").splitlines()
    assert lines[2] == "  limits.per_customer (offer treat), platform: decides"


def test_fields_that_reach_the_same_campaigns_are_listed_above_them() -> None:
    lines = line_as_text(report(reached("a"), reached("a", field="holdout")), "").splitlines()
    assert lines[2:] == [
        "  limits.per_customer, platform: decides",
        "  holdout, platform: decides",
        "    ff/a",
    ]


def test_what_only_retailers_may_use() -> None:
    lines = line_as_text(report(reached(None, of="tenant")), "").splitlines()
    assert lines[1] == "  reaches no campaign, only what 1 tenant may use"
    assert lines[-1] == "    ff"


def test_nothing_and_why_nothing_was_looked_for() -> None:
    assert line_as_text(report(), "") == "handbill.yaml:4  limits\n  reaches no campaign"
    assert line_as_text(report(note="a picture", what=()), "") == "handbill.yaml:4\n  a picture"


def test_many_names_are_wrapped_and_never_broken() -> None:
    names = [f"a-campaign-with-a-long-name-{number:02}" for number in range(9)]
    lines = line_as_text(report(*map(reached, names)), "").splitlines()[3:]
    assert len(lines) > 1 and max(map(len, lines)) <= 100
    assert "".join(lines).replace(" ", "").split(",") == [f"ff/{name}" for name in names]


def test_for_programs() -> None:
    found = line_as_json(report(reached("a")), WRITTEN)
    assert found["written"] == {
        "commit": "a" * 40,
        "author": "Ann",
        "day": "2026-11-03",
        "summary": "A stricter cap",
    }
    assert (found["file"], found["line"], found["what"]) == ("handbill.yaml", 4, ["limits"])
    assert found["note"] is None
    assert found["reached"] == [
        {
            "tenant": "ff",
            "campaign": "a",
            "field": "limits.per_customer",
            "of": "campaign",
            "layer": "platform",
            "effect": "decides",
        }
    ]
    assert commit_as_json(None) is None
