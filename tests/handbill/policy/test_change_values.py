from __future__ import annotations

import msgspec
import pytest
from policy_world import HELLO, Change, another_shop, campaign, counts, with_counts

from handbill.diff.model import AudienceChange, ReleaseDiff
from handbill.policy.change_values import change_values, counts_of, growth_of, share_of
from handbill.policy.vocabulary import AUDIENCE_RECORD, CHANGE_RECORD

WIDER = Change({}, {HELLO: campaign(audience="customer.lifetime_orders >= 0")})


def values(diff: ReleaseDiff, entry: int = 0) -> dict[str, object]:
    one = diff.entries[entry]
    found = change_values(one, diff, counts_of(one.subjects[0], one, None))
    return {".".join(path[1:]): value for path, value in found.values.items()}


def unknown(diff: ReleaseDiff) -> set[str]:
    one = diff.entries[0]
    found = change_values(one, diff, counts_of(one.subjects[0], one, None))
    return {path[-1] for path in found.unknown}


def test_every_field_has_a_value() -> None:
    found = values(WIDER.diff)
    inner = {f"audience.{name}" for name in AUDIENCE_RECORD.fields}
    assert set(found) == set(CHANGE_RECORD.fields) | inner


def test_an_audience_that_nobody_counted() -> None:
    found = values(WIDER.diff)
    assert (found["kind"], found["marketing"], found["aspects"]) == ("changed", True, ("audience",))
    assert (found["audience.relation"], found["audience.clauses"]) == ("widened", ("include",))
    assert unknown(WIDER.diff) == {
        "growth", "before", "after", "joining", "leaving", "reached_before", "reached_after"
    }  # fmt: skip


def test_counts_decide_growth() -> None:
    found = values(WIDER.counted(200, 250))
    assert (found["audience.growth"], found["audience.joining"]) == (2_500, 50)  # 25.00%
    assert not unknown(WIDER.counted(200, 250))


@pytest.mark.parametrize(
    ("before", "after", "percent"), [(0, 0, 0), (0, 5, 500), (10, 5, -50), (3, 4, 33)]
)
def test_growth_in_percent(before: int, after: int, percent: int) -> None:
    assert growth_of(counts(before, after)) // 100 == percent


def test_words_change_and_nobody_joins() -> None:
    change = Change({}, {HELLO: campaign(subject="Triple points")})
    found = values(change.diff)
    assert (found["audience.relation"], found["audience.growth"]) == ("equal", 0)
    assert (found["messages"], found["channels"], found["aspects"]) == (
        ("main",), ("email",), ("content",)
    )  # fmt: skip
    assert unknown(change.diff) == {"before", "after", "reached_before", "reached_after"}
    assert (found["sends_moved"], found["removed"]) == (False, 0)


def test_sends_move() -> None:
    later = Change({}, {HELLO: campaign(trigger="{at: 2026-12-06T10:00}")})
    assert values(later.diff)["sends_moved"] is True


def test_what_begins_and_what_ends_has_no_growth() -> None:
    second = HELLO.replace("hello", "second")
    begins = Change({}, {second: campaign(subject="Again")})
    found = values(begins.diff)
    assert (found["audience.relation"], found["audience.growth"]) == ("new", 0)
    ends = Change(
        {second: campaign(subject="Again")}, {second: campaign("everyone", status="paused")}
    )
    found = values(ends.diff)
    assert (found["kind"], found["audience.relation"]) == ("stopped", "gone")
    assert (found["removed"], found["share_removed"]) == (1, 500_000)  # 50.0000%
    assert share_of(1, 0) == 0


def test_a_relation_that_is_not_proved_is_not_known() -> None:
    (entry,) = WIDER.diff.entries
    (audience,) = [each for each in entry.aspects if isinstance(each, AudienceChange)]
    vague = msgspec.structs.replace(audience, relation="unknown")
    entry = msgspec.structs.replace(entry, aspects=(vague,))
    diff = msgspec.structs.replace(WIDER.diff, entries=(entry,))
    assert "relation" in unknown(diff)


def test_counts_of_an_entry_are_its_first_subjects() -> None:
    change = Change(
        {**another_shop(), HELLO.replace("hello", "more"): campaign(subject="Hm")},
        {HELLO: campaign(subject="Triple points")},
    )
    (entry,) = with_counts(change.diff, counts(1, 2)).entries
    other = msgspec.structs.replace(entry.subjects[0], tenant="corner-shop")
    assert counts_of(other, entry, None) is None
    assert counts_of(other, entry, lambda subject: counts(3, 4)) == counts(3, 4)
