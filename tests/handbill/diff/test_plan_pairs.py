from __future__ import annotations

import msgspec
import pytest
from diff_world import HELLO, campaign, side

from handbill.diff.plan_pairs import WrittenPlan, decode_pair, decode_plan
from handbill.plan.canonical import ObjectError
from handbill.plan.model import Plan


def plan_bytes(*replaced: tuple[str, str], more: str = "") -> bytes:
    found = side({HELLO: campaign(*replaced, more=more)}).plan_bytes("fresh-fields", "hello")
    assert found is not None
    return found


def pair(before: bytes, after: bytes) -> tuple[Plan, Plan]:
    return decode_pair(WrittenPlan(before), WrittenPlan(after))


def test_the_same_messages_are_left_out_of_both() -> None:
    one, other = plan_bytes(), plan_bytes(more="priority: 70\n")
    before, after = pair(one, other)
    assert (before.variants, after.variants) == ((), ())
    assert (before.fields, after.fields) == ((), ()) and before.audience is after.audience
    whole = decode_plan(other)
    assert whole.fields != ()
    restored = msgspec.structs.replace(after, variants=whole.variants, fields=whole.fields)
    assert restored == whole


def test_the_same_messages_to_others() -> None:
    rule = ("orders >= 1", "orders >= 1 and customer.last_order_days is defined")
    one, other = plan_bytes(), plan_bytes(rule)
    before, after = pair(one, other)
    assert (before.variants, after.variants) == ((), ())
    assert before.fields == decode_plan(one).fields and after.fields == decode_plan(other).fields
    assert before.audience != after.audience


def test_other_messages_are_there() -> None:
    one, other = plan_bytes(), plan_bytes(("Double", "Triple"))
    assert pair(one, other) == (decode_plan(one), decode_plan(other))


def test_bytes_that_are_no_plan() -> None:
    one = plan_bytes()
    with pytest.raises(ObjectError):
        pair(one, one.replace(b'"mode":"first"', b'"mode":"worst"'))


def test_the_identity_of_a_renamed_campaign_is_its_oldest_name() -> None:
    assert WrittenPlan(plan_bytes()).identity == "hello"
    assert WrittenPlan(plan_bytes(more="was: [older, old]\n")).identity == "older"
