"""Which texts of a document are sent as SMS, by the contracts of the channels."""

from __future__ import annotations

from collections.abc import Mapping

from handbill.schema.contracts import ChannelContract
from handbill.source.located import Path


def is_sms(path: Path, contracts: Mapping[str, ChannelContract]) -> bool:
    """Whether `path` is a part that costs segments: `message.sms.body`, or one of its languages."""
    for at, step in enumerate(path[:-2]):
        channel, part = path[at + 1], path[at + 2]
        if step == "message" and isinstance(channel, str) and isinstance(part, str):
            contract = contracts.get(channel)
            known = contract.parts.get(part) if contract else None
            return known is not None and known.max_segments is not None
    return False
