"""Who a message is from: the form of a sender follows from what the channel's addresses are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from handbill.diagnostics.diagnostic import Diagnostic
from handbill.schema.contracts import ChannelContract
from handbill.source.located import LocatedDocument, Path

_MAILBOX = re.compile(
    r"(?:[^<>\"@,;\r\n]+ <(?P<inner>[^<>\s@]+@[^<>\s@]+)>|(?P<bare>[^<>\s@,;]+@[^<>\s@,;]+))\Z"
)
_DOMAIN = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}\Z")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}\Z|[0-9]{3,6}\Z")


def check_sender(
    document: LocatedDocument, sender: Mapping[str, Any], path: Path, contract: ChannelContract
) -> Iterator[Diagnostic]:
    """Findings about `from` of one channel: RFC 5322's mailbox for email, E.164 or a short code for
    phone; anything goes for other addresses."""
    address = contract.document.address
    written = sender.get("from")
    place = (*path, "from")
    if written is None:
        if address in ("email", "phone") and path[0] == "channels":
            hint = f"from: {_EXAMPLES[address]}"
            message = f"`{contract.name}` needs `from`: who the message is from"
            yield Diagnostic("HB302", message, document.key_range_of(path), hint=hint)
    elif address == "email" and not _is_mailbox(written):
        message = f"`{written[:60]}` is not a sender of mail"
        hint = f"from: {_EXAMPLES['email']}"
        yield Diagnostic("HB305", message, document.range_of(place), hint=hint)
    elif address == "phone" and not _PHONE.match(written):
        message = f"`{written[:60]}` is not a phone number that can send"
        hint = f"from: {_EXAMPLES['phone']} (+, country, number), or a short code"
        yield Diagnostic("HB305", message, document.range_of(place), hint=hint)


_EXAMPLES = {"email": '"Fresh Fields <hello@mail.shop.example>"', "phone": '"+15185550100"'}


def _is_mailbox(text: str) -> bool:
    match = _MAILBOX.match(text)
    address = (match["inner"] or match["bare"]) if match else ""
    return bool(address) and bool(_DOMAIN.match(address.rpartition("@")[2])) and len(text) <= 320
