"""Plans that say the same hold it once, stay equal, and the pool never grows without end."""

from __future__ import annotations

from corner_shop import Shop

from handbill.plan.canonical import canonical_bytes, decode_object
from handbill_runtime.stages.sharing import SharedValues


def test_two_plans_hold_one_copy_and_say_what_they_said(shop: Shop) -> None:
    data = canonical_bytes(shop.plan("points").plan)
    shared = SharedValues()
    one, two = shared.share(decode_object(data)), shared.share(decode_object(data))
    assert canonical_bytes(one) == canonical_bytes(two) == data
    assert one.identity is two.identity and one.salt is two.salt  # type: ignore[union-attr]
    assert one.fields[0].type is two.fields[0].type  # type: ignore[union-attr]
    apart = decode_object(data)
    assert apart.salt is not one.salt  # type: ignore[union-attr]


def test_the_pool_forgets_and_what_was_shared_stays(shop: Shop) -> None:
    shared = SharedValues(most_characters=20)
    first = shared.text("a text of some length")
    assert shared.text("a text of " + "some length") is first
    shared.text("another")
    assert shared.text("a text of " + "some length") is not first
    assert first == "a text of some length"
