"""Who may be reached, as a table."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from handbill.plan.model import Category, Environment
from handbill_runtime.ledger.model import Suppression
from handbill_runtime.stages.reach import (
    Allowed,
    Recipient,
    SuppressionList,
    address_key,
    addresses_of,
    reach,
)

NOON = datetime(2026, 12, 5, tzinfo=UTC)
MAIL, PHONE = "Ann@Shop.example", "+1 (518) 555-0100"


def category(kind: Any = "marketing", consent: Any = "opt_in", sms: Any = None) -> Category:
    return Category(name="promotions", kind=kind, consent=consent, sms_consent=sms or consent)


def environment(recipients: Any = "everyone", allowlist: tuple[str, ...] = ()) -> Environment:
    return Environment(
        name="test", recipients=recipients, data_root="", store="", ledger="", public_url="",
        assets_url="", providers={}, allowlist=allowlist,
    )  # fmt: skip


def ann(consent: str = "", declined: str = "", **addresses: str) -> Recipient:
    found = addresses_of((addresses or {"email": MAIL}).items())
    return Recipient("ann", consent.split(), declined.split(), found)


def listed(
    cause: Any = "unsubscribed",
    scope: Any = "marketing",
    subject: Any = "customer",
    value: str = "ann",
    channel: str = "email",
    name: str = "",
) -> Suppression:
    return Suppression("corner", channel, subject, value, cause, scope, NOON, name)


def answer(
    kind: Category,
    who: Recipient,
    *rows: Suppression,
    channel: str = "email",
    allowed: Allowed | None = None,
) -> str:
    found = reach(kind, channel, who, SuppressionList(rows), allowed or Allowed(environment(), ()))
    return found.reason if found is not None else who.addresses[channel][0]


BOUNCED = listed("bounced", "everything", "address", "ann@shop.example")


@pytest.mark.parametrize(
    ("kind", "who", "rows", "expected"),
    [
        (category(), ann("email.promotions"), [], MAIL),
        (category(), ann("push.promotions email.news"), [], "no_consent"),
        (category(), ann(email="  "), [], "no_address"),
        (category(), ann(sms=PHONE), [], "no_address"),
        (category(consent="opt_out"), ann(), [], MAIL),
        (category(consent="opt_out"), ann(declined="email.promotions"), [], "no_consent"),
        (category(consent="requested"), ann(), [], "no_consent"),
        (category(consent="requested"), ann("email.promotions"), [], MAIL),
        (category(consent="none"), ann(), [], MAIL),
        # the list wins over every consent in the data
        (category(), ann("email.promotions"), [listed()], "unsubscribed"),
        (category(consent="none"), ann(), [listed()], "unsubscribed"),
        (category(), ann("email.promotions"), [listed("complained")], "suppressed"),
        (category(), ann("email.promotions"), [listed(scope="everything")], "unsubscribed"),
        (
            category(),
            ann("email.promotions"),
            [listed(scope="category", name="promotions")],
            "unsubscribed",
        ),
        (category(), ann("email.promotions"), [listed(scope="category", name="news")], MAIL),
        (category(), ann("email.promotions"), [listed(channel="sms")], MAIL),
        (category(), ann("email.promotions"), [listed(value="bob")], MAIL),
        (
            category(),
            ann("email.promotions"),
            [listed(subject="address", value="ann@shop.example")],
            "unsubscribed",
        ),
        # service mail goes on after an unsubscribe from marketing, not after a stop
        (category("transactional", "not-stopped"), ann(), [listed()], MAIL),
        (
            category("transactional", "not-stopped"),
            ann(),
            [listed(scope="everything")],
            "unsubscribed",
        ),
        (category("safety", "none"), ann(), [listed(scope="everything")], MAIL),
        # a dead address is dead for everything
        (category("safety", "none"), ann(), [BOUNCED], "suppressed"),
        (category(), ann("email.promotions"), [BOUNCED], "suppressed"),
    ],
)
def test_reach(kind: Category, who: Recipient, rows: list[Suppression], expected: str) -> None:
    assert answer(kind, who, *rows) == expected


def test_sms_has_a_rule_of_its_own() -> None:
    kind = category("safety", "none", sms="not-stopped")
    stop = listed(scope="everything", channel="sms")
    assert answer(kind, ann(sms=PHONE), channel="sms") == PHONE
    assert answer(kind, ann(sms=PHONE), stop, channel="sms") == "unsubscribed"


def test_outside_production_only_seeds_or_a_list() -> None:
    kind, who = category(consent="none"), ann(email=MAIL, sms=PHONE)
    seeds = Allowed(environment("seeds"), ["email:ann@shop.example"])
    assert answer(kind, who, allowed=seeds) == MAIL
    assert answer(kind, who, channel="sms", allowed=seeds) == "not_a_recipient"
    nobody = Allowed(environment("seeds", allowlist=("ann@shop.example",)), [])
    assert answer(kind, who, allowed=nobody) == "not_a_recipient"
    some = Allowed(environment("allowlist", ("ann@shop.example", "sms:+15185550100")), ["email:x"])
    assert answer(kind, who, allowed=some) == MAIL
    assert answer(kind, who, channel="sms", allowed=some) == PHONE
    assert answer(kind, ann(email="bob@shop.example"), allowed=some) == "not_a_recipient"
    token = Allowed(environment("allowlist", ("abc:DEF",)), [])
    assert answer(kind, ann(push="abc:DEF"), channel="push", allowed=token) == "abc:DEF"
    assert answer(kind, ann(push="abc:def"), channel="push", allowed=token) == "not_a_recipient"


def test_two_spellings_of_one_address() -> None:
    assert address_key(" Ann@Shop.Example ") == address_key("ann@shop.example")
    assert address_key("+1 (518) 555-0100") == address_key("+15185550100")
    assert address_key("tokenABC") != address_key("tokenabc")
    assert address_key("12-34") == "12-34"
