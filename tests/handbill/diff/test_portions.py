"""Some tenants compared by themselves: counted, grouped, and looked ahead for."""

from __future__ import annotations

from diff_world import AT, CAMPAIGN, campaign, many, side

from handbill.diff.portions import Portion, portion_of, put_together
from handbill.language.reasoning.reasoner import Reasoner

SHOPS = ("fresh-fields", "shop-0", "shop-1", "shop-2")


def portion(*tenants: str) -> Portion:
    base = side({**many(3), "tenants/shop-0/campaigns/more.yaml": CAMPAIGN})
    head = side(
        {
            **many(3, campaign(("Double", "Triple"))),
            "tenants/shop-0/campaigns/more.yaml": CAMPAIGN,
        }
    )
    with Reasoner() as reasoner:
        return portion_of(base, head, tenants, reasoner, at=AT, milliseconds=1000)


def test_what_differs_and_what_does_not() -> None:
    found = portion("shop-0", "shop-1")
    assert (found.plans, found.changed, found.identical) == (3, 1, 2)
    assert found.tenants_changed == ("shop-0", "shop-1")
    (group,) = found.groups
    assert [each.tenant for each in group.entry.subjects] == ["shop-0"]
    assert len(group.outlook) == 1


def test_parts_put_together_are_the_whole() -> None:
    whole = portion(*SHOPS)
    assert [len(each.outlook) for each in whole.groups] == [2]
    assert put_together([portion(SHOPS[0]), portion(*SHOPS[1:3]), portion(SHOPS[3])]) == whole


def test_nothing() -> None:
    assert put_together([]) == Portion()
