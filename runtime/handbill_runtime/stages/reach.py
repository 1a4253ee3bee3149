"""Whether one customer may and can be reached on one channel, and why not.

The suppression list is laid over the tenant's data and always wins. Pure functions of what was
read; the same checks are made again just before a message leaves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from handbill.plan.decisions import may_contact
from handbill.plan.model import Category, Environment
from handbill_runtime.ledger.model import Suppression

PHONE = re.compile(r"\+?[\d\s().-]{6,}")


class Recipient(msgspec.Struct, frozen=True, gc=False):
    """What the tenant's data says about reaching a customer."""

    customer: str
    consent: Collection[str]
    declined: Collection[str]
    addresses: Mapping[str, tuple[str, str]]
    """Channel → address and its key; a channel without an address is absent."""


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: str


def address_key(address: str) -> str:
    """The address as two spellings of it are compared: mail without case, phones as digits."""
    address = address.strip()
    if "@" in address:
        return address.casefold()
    if PHONE.fullmatch(address):
        return re.sub(r"[^\d+]", "", address)
    return address


def addresses_of(values: Iterable[tuple[str, str | None]]) -> Mapping[str, tuple[str, str]]:
    """What `Recipient.addresses` holds, from channels and what the data says."""
    found = {}
    for channel, value in values:
        if value is not None and (address := value.strip()):
            found[channel] = (address, address_key(address))
    return found


class Allowed:
    """Who may receive at all in an environment: `recipients: seeds | allowlist | everyone`.

    An entry is `channel:address`, or an address for every channel.
    """

    def __init__(self, environment: Environment, seeds: Iterable[str]) -> None:
        self._mode: Literal["seeds", "allowlist", "everyone"] = environment.recipients
        entries = seeds if self._mode == "seeds" else environment.allowlist
        self._keys = set()
        for entry in entries:
            channel, _, address = entry.partition(":")
            self._keys |= {(channel, address_key(address)), ("", address_key(entry))}

    def includes(self, channel: str, key: str) -> bool:
        if self._mode == "everyone":
            return True
        return (channel, key) in self._keys or ("", key) in self._keys


class SuppressionList:
    """The suppressions of some customers and addresses, by subject."""

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        self._by_subject: dict[tuple[str, str], list[Suppression]] = defaultdict(list)
        for suppression in suppressions:
            self._by_subject[suppression.subject, suppression.value].append(suppression)

    def on(self, channel: str, customer: str, key: str) -> list[Suppression]:
        found = self._by_subject.get(("customer", customer), []) + self._by_subject.get(
            ("address", key), []
        )
        return [row for row in found if row.channel == channel]

    def reason(self, category: Category, channel: str, customer: str, key: str) -> str | None:
        """`suppressed` or `unsubscribed` when the list forbids this message, else None."""
        rows = self.on(channel, customer, key)
        if any(row.cause == "bounced" and row.subject == "address" for row in rows):
            return "suppressed"
        for row in rows:
            if row.cause != "bounced" and _forbids(row, category, channel):
                return "unsubscribed" if row.cause == "unsubscribed" else "suppressed"
        return None

    def stopped(self, channel: str, customer: str, key: str) -> bool:
        """Whether everything was stopped on this channel."""
        return any(row.scope == "everything" for row in self.on(channel, customer, key))


def _forbids(row: Suppression, category: Category, channel: str) -> bool:
    rule = category.sms_consent if channel == "sms" else category.consent
    asks_nobody = rule == "none" and category.kind != "marketing"
    match row.scope:
        case "everything":
            return not asks_nobody
        case "marketing":
            return category.kind == "marketing"
        case "category":
            return row.category == category.name and not asks_nobody


def reach(
    category: Category,
    channel: str,
    recipient: Recipient,
    suppressions: SuppressionList,
    allowed: Allowed,
) -> Refusal | None:
    """Why the customer is not reached on this channel, or None."""
    if channel not in recipient.addresses:
        return Refusal("no_address")
    _, key = recipient.addresses[channel]
    if not allowed.includes(channel, key):
        return Refusal("not_a_recipient")
    if reason := suppressions.reason(category, channel, recipient.customer, key):
        return Refusal(reason)
    permitted = may_contact(
        category,
        channel,
        recipient.consent,
        recipient.declined,
        stopped=suppressions.stopped(channel, recipient.customer, key),
        requested=f"{channel}.{category.name}" in recipient.consent,
    )
    return None if permitted else Refusal("no_consent")
