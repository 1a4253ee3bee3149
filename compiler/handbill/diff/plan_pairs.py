"""Two plans of one campaign, decoded as far as they differ.

Messages are nearly all of a plan, and a change of a limit or a rule leaves them as they are. Canonical
bytes are equal where values are: so messages that are the same on both sides are left out of both, and
a diff of everybody's plans holds what differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from handbill.plan.canonical import ObjectError, decode_object
from handbill.plan.model import Plan

_parts = msgspec.json.Decoder(dict[str, msgspec.Raw])
_identity = msgspec.json.Decoder(str)
_encoder = msgspec.json.Encoder(order="sorted")
_plans = msgspec.json.Decoder(Plan)
_NOTHING = msgspec.Raw(b"[]")


@dataclass(frozen=True, slots=True)
class WrittenPlan:
    """The canonical bytes of a plan, and its fields, each as it is written."""

    data: bytes
    parts: Mapping[str, msgspec.Raw] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", _parts.decode(self.data))

    @property
    def identity(self) -> str:
        return _identity.decode(self.parts["identity"])


def decode_plan(data: bytes) -> Plan:
    found = decode_object(data)
    assert isinstance(found, Plan)
    return found


def decode_pair(before: WrittenPlan, after: WrittenPlan) -> tuple[Plan, Plan]:
    """Both plans; where both have the same messages, with no `variants` at all, and with no `fields`
    where those are the same too."""
    one, other = before.parts, after.parts
    same = {name: _NOTHING for name in ("fields", "variants") if one[name] == other[name]}
    if "variants" not in same:
        return decode_plan(before.data), decode_plan(after.data)
    old, new = (_part(_encoder.encode({**each, **same})) for each in (one, other))
    if old.audience == new.audience:
        new = msgspec.structs.replace(new, audience=old.audience)  # held once
    return old, new


def _part(data: bytes) -> Plan:
    """What is left of a plan; the whole was read by its digest."""
    try:
        return _plans.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ObjectError(f"not a plan object: {error}") from error
