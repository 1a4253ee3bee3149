"""The pure decisions: who is held out, which variant, may it be sent, and under what name.

Everything here is a function of its arguments: no clock, no store, no randomness. Python and SQL
forms of the hash are equal to the bit; `docs/plan.md` publishes vectors for others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol, assert_never

from handbill.plan.canonical import canonical_bytes
from handbill.plan.model import MILLION, Category, Window

HASH_RANGE = 2**32
SEPARATOR = "\x1f"
MINUTES_OF_DAY = 24 * 60


def message_id(
    tenant: str, identity: str, occurrence: str, customer: str, channel: str, step: str
) -> str:
    """64 hexadecimal digits: SHA-256 of the canonical array of the six parts.

    Independent of the plan's version, so that neither a crash nor a recompile can send twice.
    `step` is the message's name and position, `main:0`.
    """
    array = [tenant, identity, occurrence, customer, channel, step]
    return hashlib.sha256(canonical_bytes(array)).hexdigest()


# ── assignment ───────────────────────────────────────────────────────────────────────────────────


def fraction(salt: str, customer_id: str) -> int:
    """The customer's place from 0 to 2³² - 1: the first 8 hex digits of MD5(salt ‖ 0x1f ‖ id)."""
    text = f"{salt}{SEPARATOR}{customer_id}"
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest()[:4], "big")


def fraction_sql(salt: str, customer_id: str) -> str:
    """`fraction` in DuckDB's SQL, a UBIGINT; `customer_id` is a SQL expression of type VARCHAR."""
    prefix = (salt + SEPARATOR).replace("'", "''")
    return f"CAST('0x' || left(md5('{prefix}' || {customer_id}), 8) AS UBIGINT)"


def is_held_out(salt: str, share: int, customer_id: str) -> bool:
    """Whether the customer is among the `share` parts per million that `salt` holds out."""
    return fraction(salt, customer_id) * MILLION < share * HASH_RANGE


def held_out_sql(salt: str, share: int, customer_id: str) -> str:
    if share <= 0:
        return "FALSE"
    return f"({fraction_sql(salt, customer_id)} * {MILLION} < {share * HASH_RANGE})"


class Weighted(Protocol):
    @property
    def weight(self) -> int: ...


def variant_index(salt: str, variants: Sequence[Weighted], customer_id: str) -> int:
    """Which variant, from 0: the shares of [0, 1) in the order given. Weights sum to at least 1."""
    total = sum(variant.weight for variant in variants)
    place = fraction(salt, customer_id) * total
    reached = 0
    for index, variant in enumerate(variants):
        reached += variant.weight
        if place < reached * HASH_RANGE:
            return index
    raise ValueError("the weights of the variants sum to nothing")


def variant_index_sql(salt: str, variants: Sequence[Weighted], customer_id: str) -> str:
    """`variant_index` as a SQL expression of type INTEGER."""
    total = sum(variant.weight for variant in variants)
    if len(variants) == 1:
        return "0"
    whens = []
    reached = 0
    for index, variant in enumerate(variants[:-1]):
        reached += variant.weight
        # place * total < reached * 2^32, with the division done here: ceil keeps it exact.
        bound = -(-reached * HASH_RANGE // total)
        whens.append(f"WHEN {bound} > {{place}} THEN {index}")
    place = fraction_sql(salt, customer_id)
    cases = " ".join(when.format(place=place) for when in whens)
    return f"CASE {cases} ELSE {len(variants) - 1} END"


# ── consent ──────────────────────────────────────────────────────────────────────────────────────


def may_contact(
    category: Category,
    channel: str,
    consent: Collection[str],
    declined: Collection[str],
    stopped: bool,
    requested: bool = False,
) -> bool:
    """Whether the category's rule lets this channel reach a customer.

    `consent` and `declined` list `channel.category`; `declined` may name a whole channel too, and
    is read without regard to case and to spaces around. `stopped` says that the customer told us
    to stop altogether on this channel; `requested` that this event or list asked for the message.
    """
    rule = category.sms_consent if channel == "sms" else category.consent
    key = f"{channel}.{category.name}"
    asks = category.kind == "marketing" or rule in ("opt_in", "opt_out")
    if asks and any(entry.strip().casefold() in (key, channel) for entry in declined):
        return False
    match rule:
        case "none":
            return True
        case "not-stopped":
            return not stopped
        case "requested":
            return requested and not stopped
        case "opt_in":
            return key in consent and not stopped
        case "opt_out":
            return not stopped
        case _:
            assert_never(rule)


# ── windows of local time ────────────────────────────────────────────────────────────────────────


def in_window(window: Window, minute: int) -> bool:
    """Whether a local minute of the day lies in the window; start > end passes midnight."""
    if window.start <= window.end:
        return window.start <= minute < window.end
    return minute >= window.start or minute < window.end


def in_any_window(windows: Iterable[Window], minute: int) -> bool:
    return any(in_window(window, minute) for window in windows)


def is_sending_hour(quiet: Sequence[Window], allowed: Sequence[Window], minute: int) -> bool:
    """Not in quiet hours, and in an allowed window where there is one."""
    return not in_any_window(quiet, minute) and (not allowed or in_any_window(allowed, minute))


def minutes_until_sending_hour(
    quiet: Sequence[Window], allowed: Sequence[Window], minute: int
) -> int | None:
    """Local minutes to wait, 0 for now; None when no minute of the day is a sending hour."""
    for wait in range(MINUTES_OF_DAY):
        if is_sending_hour(quiet, allowed, (minute + wait) % MINUTES_OF_DAY):
            return wait
    return None
