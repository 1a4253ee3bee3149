"""Whether every message stays within what its channel takes, for every customer, locale and variant.

The bounds are computed from the compiled parts (`language/bounds/`); where one is over a limit, the
finding names the holes that make it long, how to cut them so that it fits, and a customer for whom it
really is too long.
"""

from __future__ import annotations

from handbill.lower.compiling import Compiling
from handbill.lower.judging import Judging, Place
from handbill.lower.message_limits import MessageLimits
from handbill.lower.part_limits import PartLimits
from handbill.lower.recipient import Recipient
from handbill.plan.model import Channel, Parts
from handbill.schema.models.channel import ChannelDocument


def check_limits(
    parts: Parts,
    contract: ChannelDocument,
    channel: Channel | None,
    place: Place,
    recipient: Recipient,
    compiling: Compiling,
) -> None:
    """Findings go to `compiling`. `channel` gives the vendors' requests, None where it is broken."""
    judging = Judging(place, compiling)
    for name, part in contract.parts.items():
        if name in parts and part.kind != "int":
            PartLimits(judging).check(name, part, parts[name])
    MessageLimits(judging, parts, contract, channel, recipient).check()
