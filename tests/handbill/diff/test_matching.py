from __future__ import annotations

import msgspec
from diff_world import CAMPAIGN, HELLO, SECOND, campaign, side

from handbill.diff.matching import Compared, Matched, match_tenant, tenants_to_compare
from handbill.diff.model import Held
from handbill.diff.sides import OpenSide

THIRD = "tenants/fresh-fields/campaigns/third.yaml"
TRIPLE = campaign(("Double", "Triple"))
BROKEN = campaign(("lifetime_orders", "lifetime_order"))


def match_sides(base: OpenSide, head: OpenSide) -> Matched:
    """Of the one retailer that there is."""
    return match_tenant(base, head, "fresh-fields")


def names(matched: Matched) -> list[tuple[str, str | None, str | None]]:
    """Each pair's campaign, and what it is called on both sides."""
    return [
        (
            pair.subject.campaign,
            pair.before.campaign if pair.before else None,
            pair.after.campaign if pair.after else None,
        )
        for pair in matched.pairs
    ]


def test_what_is_the_same_is_only_counted() -> None:
    one, other = side({SECOND: CAMPAIGN}), side({SECOND: CAMPAIGN})
    assert tenants_to_compare(one, other) == Compared((), 2, ())
    assert match_sides(one, other) == Matched((), 2)


def test_what_differs_is_a_pair_beside_what_does_not() -> None:
    base, head = side({SECOND: CAMPAIGN}), side({SECOND: TRIPLE})
    assert tenants_to_compare(base, head) == Compared(("fresh-fields",), 0, ())
    matched = match_sides(base, head)
    assert names(matched) == [("second", "second", "second")]
    assert matched.identical == 1
    (pair,) = matched.pairs
    assert pair.subject.before != pair.subject.after
    assert pair.subject.file == SECOND
    assert pair.before is not None and pair.before.variants


def test_where_the_messages_are_the_same_they_are_not_decoded() -> None:
    (pair,) = match_sides(side(), side({HELLO: campaign((">= 1", ">= 2"))})).pairs
    assert pair.before is not None and pair.after is not None
    assert (list(pair.before.variants), list(pair.after.variants)) == ([], [])


def test_a_campaign_that_comes_or_goes_has_one_side() -> None:
    base, head = side({SECOND: CAMPAIGN}), side({THIRD: TRIPLE})
    matched = match_sides(base, head)
    assert names(matched) == [("third", None, "third"), ("second", "second", None)]
    (coming, going) = matched.pairs
    assert (coming.subject.before, going.subject.after) == (None, None)
    assert (coming.subject.file, going.subject.file) == (THIRD, SECOND)


def test_an_identity_matches_before_a_name_does() -> None:
    """`hello` became `second`; another campaign is `hello` now, and what was `second` is gone."""
    base = side({HELLO: CAMPAIGN + "was: [greeting]\n", SECOND: TRIPLE})
    head = side({HELLO: TRIPLE, SECOND: CAMPAIGN + "was: [greeting]\n"})
    matched = match_sides(base, head)
    assert names(matched) == [
        ("hello", None, "hello"),
        ("second", "hello", "second"),
        ("second", "second", None),
    ]


def test_a_plan_that_says_otherwise_what_it_was_is_matched_by_its_name() -> None:
    matched = match_sides(side(), side({HELLO: campaign(more="was: [greeting]\n")}))
    assert names(matched) == [("hello", "hello", "hello")]


def test_a_draft_is_the_side_without_a_release() -> None:
    base, head = side({HELLO: campaign(("active", "draft"))}), side()
    (pair,) = match_sides(base, head).pairs
    assert (pair.draft_before, pair.draft_after) == (True, False)
    assert pair.before is not None and pair.before.campaign == "hello"
    assert pair.subject.before is None


def test_a_retailer_with_errors_is_not_compared() -> None:
    for one, other in ((side(), side({HELLO: BROKEN})), (side({HELLO: BROKEN}), side())):
        assert tenants_to_compare(one, other) == Compared((), 0, ("fresh-fields",))


def test_a_retailer_that_is_held_is_compared_as_it_last_was() -> None:
    base = side()
    held = (Held(tenant="fresh-fields", commit="c" * 40),)
    about = msgspec.structs.replace(base.about, failed=("fresh-fields",), held=held)
    base = OpenSide(about, base.release, base.packs, base.drafts, base.compiled)
    assert names(match_sides(base, side({HELLO: TRIPLE}))) == [("hello", "hello", "hello")]
    assert tenants_to_compare(base, side({HELLO: TRIPLE})).left_out == ()
    assert tenants_to_compare(base, side({HELLO: BROKEN})).left_out == ("fresh-fields",)
