from __future__ import annotations

import pytest
from policy_world import HELLO, PLATFORM, Change, another_shop, campaign, codes, counts, platform

from handbill.diff.model import AudienceCounts, Subject

WIDER = campaign(audience="customer.lifetime_orders >= 0")
LEGAL = 'level: approve, by: ["@fresh-fields/legal"]'


def change(policy: str, text: str = WIDER) -> Change:
    return Change(
        {PLATFORM: platform(policy, more="review: {audience_growth: 1000000}\n")}, {HELLO: text}
    )


def test_levels_of_a_policy_that_applies() -> None:
    when = "when: change.audience.relation == 'widened'"
    counted = change(f"{{name: a, {when}, level: deny}}")
    assert ("HB700", "error") in codes(counted.judged(diff=counted.counted(1, 1)))
    counted = change(f"{{name: a, {when}, level: warn}}")
    assert codes(counted.judged(diff=counted.counted(1, 1))) == [("HB701", "warning")]
    counted = change(f"{{name: a, {when}, {LEGAL}}}")
    review = counted.judged(diff=counted.counted(1, 1))
    assert codes(review) == [("HB702", "error")]
    assert review.missing == (("@fresh-fields/legal",),)
    approved = counted.judged(["FRESH-FIELDS/Legal"], diff=counted.counted(1, 1))
    assert codes(approved) == [("HB702", "note")] and approved.missing == ()


def test_growth_is_decided_by_counts() -> None:
    jump = change(f"{{name: a, when: change.audience.growth > 10, {LEGAL}}}")
    assert codes(jump.judged(diff=jump.counted(100, 110))) == []
    review = jump.judged(diff=jump.counted(100, 111))
    assert codes(review) == [("HB702", "error")]
    assert "change.audience.growth is 11" in review.diagnostics[0].notes


def test_growth_that_nobody_counted_is_held() -> None:
    jump = change(f"{{name: a, when: change.audience.growth > 10, {LEGAL}}}")
    (judgement, *_) = jump.judged().judgements
    assert (judgement.verdict, judgement.by) == ("undecided", ("@fresh-fields/legal",))
    assert codes(jump.judged())[0] == ("HB703", "error")
    assert codes(jump.judged(["@fresh-fields/legal"]))[0] == ("HB703", "warning")
    warned = change("{name: a, when: change.audience.growth > 10, level: warn}")
    assert codes(warned.judged())[0] == ("HB703", "warning")


def test_a_denial_that_cannot_be_decided_is_the_platforms_matter() -> None:
    text = platform(
        "{name: a, when: change.audience.growth > 10, level: deny}",
        more='owners: ["@shop/platform"]\nreview: {audience_growth: 1000000}\n',
    )
    denied = Change({PLATFORM: text}, {HELLO: WIDER})
    assert denied.judged().judgements[0].by == ("@shop/platform",)
    assert codes(denied.judged())[0] == ("HB703", "error")
    assert codes(denied.judged(["@shop/platform"]))[0] == ("HB703", "warning")


def test_policies_over_plans_ask_here_for_approvals_only() -> None:
    everyone = campaign("everyone")
    asks = change(f"{{name: a, when: plan.everyone, {LEGAL}}}", everyone)
    assert ("HB702", "error") in codes(asks.judged(diff=asks.counted(1, 1)))
    denies = change("{name: a, when: plan.everyone, level: deny}", everyone)
    assert codes(denies.judged(diff=denies.counted(1, 1))) == []


@pytest.mark.parametrize(
    "now",
    [
        (),
        ("{name: a, when: plan.everyone, level: warn}",),
        ("{name: a, when: plan.priority > 90, level: deny}",),
    ],
)
def test_a_policy_over_plans_that_a_change_loosens_is_still_asked_of_it(
    now: tuple[str, ...],
) -> None:
    before = platform("{name: a, when: plan.everyone, level: deny}")
    loosened = Change({PLATFORM: before}, {PLATFORM: platform(*now), HELLO: campaign("everyone")})
    assert ("HB700", "error") in codes(loosened.judged(diff=loosened.counted(1, 1)))
    alone = Change({PLATFORM: before, HELLO: campaign("everyone")}, {PLATFORM: platform(*now)})
    assert codes(alone.judged()) == [], "a plan that stays as it is was allowed before"


def test_both_records_at_once() -> None:
    both = change(
        "{name: a, when: plan.everyone and change.kind == 'changed', level: deny}",
        campaign("everyone"),
    )
    assert ("HB700", "error") in codes(both.judged(diff=both.counted(1, 1)))


def test_a_mistake_in_a_policy_is_checks_matter() -> None:
    broken = change("{name: a, when: change.knd == 'changed', level: deny}")
    assert codes(broken.judged(diff=broken.counted(1, 1))) == []


def test_campaigns_that_share_an_entry_are_named_together() -> None:
    shared = platform("{name: a, when: \"'limits' in change.aspects\", level: deny}")
    tighter = Change(
        {**another_shop(), PLATFORM: shared},
        {PLATFORM: shared + "limits: {per_customer: 1 per 7 days}\n"},
    )
    (denied,) = [each for each in tighter.judged().diagnostics if each.code == "HB700"]
    assert denied.notes[-1] == "it is about corner-shop/news, fresh-fields/hello"
    assert denied.tenant is None


def test_each_of_them_is_counted_by_itself() -> None:
    """The counts in a diff are those of an entry's first subject."""
    text = platform(
        f"{{name: a, when: change.audience.growth > 10, {LEGAL}}}",
        more="review: {audience_growth: 1000000}\n",
    )
    audience = "audiences/some.yaml"
    two = {
        PLATFORM: text,
        audience: "include: customer.lifetime_orders >= 9\n",
        HELLO: campaign("audiences.some"),
        HELLO.replace("hello", "more"): campaign("audiences.some", subject="More"),
    }
    wider = Change(two, {audience: "include: customer.lifetime_orders >= 3\n"})
    (entry,) = wider.diff.entries
    assert len(entry.subjects) == 2

    def count(subject: Subject) -> AudienceCounts:
        return counts(100, 200 if subject.campaign == "more" else 101)

    review = wider.judged(count=count)
    (judgement,) = [each for each in review.judgements if each.policy == "a"]
    assert [each.campaign for each in judgement.subjects] == ["more"]
