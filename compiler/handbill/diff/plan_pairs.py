"""Two plans of one campaign, decoded as far as they differ.

Messages are nearly all of a plan, and a change of a limit or a rule leaves them as they are. Canonical
bytes are equal where values are: so messages that are the same on both sides are left out of both.
"""

from __future__ import annotations

import msgspec

from handbill.plan.canonical import decode_object
from handbill.plan.model import Plan


class _Outline(msgspec.Struct, frozen=True, tag_field="object", tag="plan"):
    identity: str
    variants: msgspec.Raw


_decoder = msgspec.json.Decoder(_Outline)


def identity_of(data: bytes) -> str:
    """The identity of a plan, from its canonical bytes."""
    return _decoder.decode(data).identity


def decode_plan(data: bytes) -> Plan:
    found = decode_object(data)
    assert isinstance(found, Plan)
    return found


def decode_pair(before: bytes, after: bytes) -> tuple[Plan, Plan]:
    """Both plans; with no `variants` at all where both have the same."""
    one, other = (bytes(_decoder.decode(data).variants) for data in (before, after))
    if one != other:
        return decode_plan(before), decode_plan(after)
    return _without(before, one), _without(after, other)


def _without(data: bytes, variants: bytes) -> Plan:
    """`variants` is the last member that canonical bytes of a plan have."""
    end = b'"variants":' + variants + b"}"
    assert data.endswith(end)
    return decode_plan(data.removesuffix(end) + b'"variants":[]}')
