from __future__ import annotations

from policy_world import HELLO, PLATFORM, Change, campaign, codes, platform


def test_a_change_of_nothing_is_free() -> None:
    review = Change({}, {HELLO: campaign()}).judged()
    assert (review.judgements, review.demands, review.diagnostics) == ((), (), ())


def test_everything_at_once() -> None:
    text = platform(
        "{name: a, when: change.kind == 'changed', level: warn}",
        more='owners: ["@shop/platform"]\n',
    )
    wider = Change({PLATFORM: text}, {HELLO: campaign("customer.lifetime_orders >= 0")})
    assert codes(wider.judged(diff=wider.counted(1, 9))) == [
        ("HB701", "warning"),
        ("HB708", "error"),
        ("HB707", "error"),
    ]
    approved = wider.judged(["shop/platform"], diff=wider.counted(1, 9))
    assert codes(approved) == [("HB701", "warning"), ("HB708", "note")]
