from __future__ import annotations

import pytest
from diff_world import HELLO, SECOND, campaign, compared

from handbill.diff.model import Entry, SettingsChange

STATES = {
    "active": campaign(),
    "paused": campaign(("active", "paused")),
    "draft": campaign(("active", "draft")),
    "nothing": None,
}


def entries(before: str, after: str) -> tuple[Entry, ...]:
    return compared({HELLO: STATES[before]}, {HELLO: STATES[after]}).entries


def statuses(entry: Entry) -> tuple[str, str]:
    (change,) = (
        each
        for each in entry.aspects
        if isinstance(each, SettingsChange) and each.about == "lifecycle"
    )
    (status,) = (each for each in change.fields if each.field == "status")
    return status.before, status.after


@pytest.mark.parametrize(
    ("before", "after", "kind", "told"),
    [
        ("nothing", "active", "started", ("", "active")),
        ("nothing", "paused", "added", ("", "paused")),
        ("paused", "active", "started", ("paused", "active")),
        ("draft", "active", "started", ("draft", "active")),
        ("draft", "paused", "added", ("draft", "paused")),
        ("active", "paused", "stopped", ("active", "paused")),
        ("active", "draft", "stopped", ("active", "draft")),
        ("active", "nothing", "stopped", ("active", "")),
        ("paused", "nothing", "removed", ("paused", "")),
        ("paused", "draft", "removed", ("paused", "draft")),
    ],
)
def test_what_becomes_of_a_campaign(
    before: str, after: str, kind: str, told: tuple[str, str]
) -> None:
    (entry,) = entries(before, after)
    assert entry.kind == kind
    assert statuses(entry) == told


@pytest.mark.parametrize(("before", "after"), [("draft", "nothing"), ("nothing", "draft")])
def test_a_draft_that_comes_or_goes_is_nothing_to_customers(before: str, after: str) -> None:
    assert entries(before, after) == ()


def test_a_campaign_that_takes_over_anothers_identity() -> None:
    third = "tenants/fresh-fields/campaigns/third.yaml"
    one = {HELLO: None, SECOND: campaign()}
    other = {HELLO: None, third: campaign(more="was: [second]\n")}
    (entry,) = compared(one, other).entries
    (change,) = entry.aspects
    assert isinstance(change, SettingsChange) and entry.kind == "changed"
    assert [(each.field, each.before, each.after) for each in change.fields] == [
        ("name", "second", "third")
    ]


def test_a_campaign_that_says_it_was_another_one() -> None:
    (entry,) = compared({}, {HELLO: campaign(more="was: [salutation]\n")}).entries
    (change,) = entry.aspects
    assert isinstance(change, SettingsChange) and entry.kind == "changed"
    assert [(each.field, each.before, each.after) for each in change.fields] == [
        ("was", "hello", "salutation")
    ]
