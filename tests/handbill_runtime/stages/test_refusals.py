"""Every way to write a refusal either counts or leaves the row out: nobody who declined is mailed."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from corner_shop import Shop, VirtualClock

from handbill.plan.model import Category
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.stages.refusals import NOT_UNDERSTOOD, reads_declined, relies_on_declined

NEWS = """
    category: news
    status: active
    trigger: {at: 2026-12-05T12:00, timezone: tenant}
    audience: everyone
    message:
      email: {subject: "Double points", template: mail.html}
    """


def mailed(mail_server: Any) -> list[str]:
    return sorted(str(mail["To"]) for mail in mail_server.mails())


@pytest.mark.parametrize(
    "entry",
    [
        "email.news",
        "sms.news|email.news",
        "Email.News",
        " email.news ",
        "email.news|",
        "email",
        "EMAIL",
        '"email.news, sms.news"',
        """ "[""email.news""]" """.strip(),
        "email.news;sms.news",
        "email.newz",
        "mail.news",
        "news",
        "ema\u0130l.news",
        "sms.news|" + "e" * 60 + ".news",
        "-",
    ],
)
def test_a_refusal_in_any_spelling(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any, entry: str
) -> None:
    shop.campaign("points", NEWS)
    shop.customers(f"""
        id,email,declined,orders
        ann,ann@shop.example,{entry},1
        bob,bob@shop.example,,1
        cat,cat@shop.example,sms.news|push|email.promotions,1
        """)
    shop.go(ledger, clock)
    assert mailed(mail_server) == ["bob@shop.example", "cat@shop.example"]


def test_consent_does_not_outweigh_a_refusal(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    shop.customers("""
        id,email,consent,declined,orders
        ann,ann@shop.example,email.promotions,email.promotions,1
        bob,bob@shop.example,email.promotions,email.news,1
        cat,cat@shop.example,email.promotions,email,1
        """)
    shop.go(ledger, clock)
    assert mailed(mail_server) == ["bob@shop.example"]
    assert {
        verdict
        for (verdict,) in ledger.db.execute(
            "SELECT reason FROM selections WHERE verdict = 'suppressed'"
        )
    } == {"no_consent"}


def test_lists_in_parquet(
    shop: Shop, ledger: SqliteLedger, clock: VirtualClock, mail_server: Any
) -> None:
    shop.campaign("points", NEWS)
    duckdb.connect().sql(f"""
        COPY (SELECT id, id || '@shop.example' AS email, declined, 1 AS orders FROM (VALUES
            ('ann', ['email.news']), ('bob', [' Email.News']), ('cat', ['email.news, sms.news']),
            ('dan', ['sms.news', NULL]), ('eve', NULL), ('fay', []), ('gil', ['email.old'])
        ) AS written(id, declined))
        TO '{shop.root}/data/corner/customers.parquet' (FORMAT parquet)
    """)
    with shop.work(ledger, None, clock).open_customers() as customers:  # type: ignore[arg-type]
        assert customers.quarantined == {NOT_UNDERSTOOD: 2}
    shop.go(ledger, clock)
    assert mailed(mail_server) == ["dan@shop.example", "eve@shop.example", "fay@shop.example"]


@pytest.mark.parametrize(
    ("kind", "consent", "sms", "relies", "reads"),
    [
        ("marketing", "opt_in", "opt_in", False, True),
        ("marketing", "none", "none", False, True),
        ("marketing", "opt_in", "opt_out", True, True),
        ("transactional", "none", "opt_in", False, True),
        ("transactional", "none", "not-stopped", False, False),
        ("safety", "none", "none", False, False),
    ],
)
def test_who_asks(kind: Any, consent: Any, sms: Any, relies: bool, reads: bool) -> None:
    category = Category(name="x", kind=kind, consent=consent, sms_consent=sms)
    assert relies_on_declined([category]) is relies
    assert reads_declined([category]) is reads
    assert not relies_on_declined([]) and not reads_declined([])
