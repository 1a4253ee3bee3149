from __future__ import annotations

from policy_world import HELLO, PLATFORM, Change, another_shop, campaign, codes, platform

WIDER = {HELLO: campaign(audience="customer.lifetime_orders >= 0")}
SALES = {HELLO.replace("hello", f"sale{n}"): campaign(subject=f"Sale {n}") for n in range(6)}
OVER = {name: campaign(subject=f"Sale {n}", status="paused") for n, name in enumerate(SALES)}
STRICT = platform(more='review: {audience_growth: 20, removals: 2, by: ["@shop/platform"]}\n')


def test_an_audience_that_more_than_doubles_is_held() -> None:
    change = Change({}, WIDER)
    assert codes(change.judged(diff=change.counted(10, 20))) == []
    review = change.judged(diff=change.counted(10, 21))
    assert codes(review) == [("HB708", "error")]
    assert "by 110%, from 10 to 21; the limit is 100%" in review.diagnostics[0].message
    assert str(review.diagnostics[0].range) == f"{HELLO}:4:11"


def test_the_platforms_own_limit_and_its_approvers() -> None:
    change = Change({PLATFORM: STRICT}, WIDER)
    diff = change.counted(10, 13)
    review = change.judged(diff=diff)
    assert codes(review) == [("HB708", "error")]
    assert review.diagnostics[0].hint == "ask @shop/platform to approve"
    assert [str(each.range) for each in review.diagnostics[0].related] == ["handbill.yaml:4:27"]
    assert codes(change.judged(["@Shop/Platform"], diff=diff)) == [("HB708", "note")]


def test_growth_that_nobody_counted() -> None:
    assert codes(Change({}, WIDER).judged()) == [("HB714", "note")]
    strict = Change({PLATFORM: STRICT}, WIDER)
    assert codes(strict.judged()) == [("HB714", "error")]
    assert codes(strict.judged(["@shop/platform"])) == [("HB714", "note")]
    narrower = Change({PLATFORM: STRICT}, {HELLO: campaign("customer.lifetime_orders >= 9")})
    assert codes(narrower.judged()) == []


def test_many_campaigns_that_end_at_once_are_held() -> None:
    assert codes(Change(SALES, OVER).judged()) == [("HB709", "error")]
    five = dict(list(OVER.items())[:5])
    assert codes(Change(SALES, five).judged()) == []
    strict = Change({**SALES, PLATFORM: STRICT}, five).judged()
    assert codes(strict) == [("HB709", "error")]
    assert str(strict.diagnostics[0].range) == "handbill.yaml:4:41"
    assert "review: {by:" in (Change(SALES, OVER).judged().diagnostics[0].hint or "")


def test_a_tenant_that_vanishes_is_held() -> None:
    shop = another_shop()
    gone = Change(shop, dict.fromkeys(shop))
    review = gone.judged()
    assert codes(review) == [("HB710", "error")]
    assert review.diagnostics[0].tenant == "corner-shop"
    assert review.judgements[0].subjects[0].campaign == "news"


def test_a_tenant_with_errors_has_not_vanished() -> None:
    shop = another_shop()
    broken = Change(shop, {"tenants/corner-shop/campaigns/news.yaml": "category: promotions\n"})
    assert "HB710" not in [code for code, _ in codes(broken.judged())]


def test_a_head_of_which_nothing_compiles_says_nothing() -> None:
    broken = Change({}, {PLATFORM: "categories: {}\n"})
    assert broken.head.about.digest is None
    assert codes(broken.judged()) == []
