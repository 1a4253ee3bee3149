"""The names that a request may hold beside the parts, and how large each can be."""

from __future__ import annotations

import json

from handbill.lower.recipient import Recipient
from handbill.plan.types import StringType


def recipient(address: StringType) -> Recipient:
    return Recipient("fresh", "hello", "+1518", "AC", address, "phone")


def test_names_are_known_or_bounded() -> None:
    longest = recipient(StringType(20)).longest_names()
    assert longest["message", "campaign"] == "hello"
    assert longest["sender", "workspace"] == "AC"
    assert len(longest["message", "id"]) == 64
    assert len(longest["message", "address"]) == 20
    assert set(longest) == set(recipient(StringType(20)).names())


def test_the_address_in_json() -> None:
    longest = recipient(StringType(20)).longest_names()["message", "address"]
    assert recipient(StringType(20)).address_bytes == len(json.dumps(longest)) - 2 == 120
    assert recipient(StringType(20, "link")).address_bytes == 20
