from __future__ import annotations

import msgspec
from diff_world import HELLO, campaign, side

from handbill.diff.plan_pairs import decode_pair, decode_plan, identity_of


def plan_bytes(*replaced: tuple[str, str], more: str = "") -> bytes:
    found = side({HELLO: campaign(*replaced, more=more)}).plan_bytes("fresh-fields", "hello")
    assert found is not None
    return found


def test_the_same_messages_are_left_out_of_both() -> None:
    one, other = plan_bytes(), plan_bytes(more="priority: 70\n")
    before, after = decode_pair(one, other)
    assert (before.variants, after.variants) == ((), ())
    whole = decode_plan(other)
    assert msgspec.structs.replace(after, variants=whole.variants) == whole


def test_other_messages_are_there() -> None:
    one, other = plan_bytes(), plan_bytes(("Double", "Triple"))
    assert decode_pair(one, other) == (decode_plan(one), decode_plan(other))


def test_the_identity_of_a_renamed_campaign_is_its_oldest_name() -> None:
    assert identity_of(plan_bytes()) == "hello"
    assert identity_of(plan_bytes(more="was: [older, old]\n")) == "older"
