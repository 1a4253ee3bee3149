"""Messages kept as pages: only those that link to themselves, only for a while, whatever becomes of
their body.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from handbill_runtime.ledger.model import (
    Claim,
    NewMessage,
    Occurrence,
    Run,
    Selection,
    Settlement,
    State,
)
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.ledger.views import KEPT

NOON = datetime(2026, 12, 5, 17, 0, tzinfo=UTC)
PAGE = "<p>Grüße, 漢字 🧀</p>" * 50


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(tmp_path / "ledger.db")
    opened.take_lease("test", NOON)
    yield opened
    opened.close()


def sent(ledger: SqliteLedger, customer: str, page: str, at: datetime = NOON) -> str:
    """A message that was accepted."""
    message = customer * 64
    occurrence = Occurrence("corner", "points", customer)
    run = ledger.add_run(Run(occurrence, "", "points", "sha256:p", at, at, date(2026, 12, 5)))
    ledger.add_selections(run, [Selection(customer, "UTC", "selected")])
    ledger.add_messages(
        run,
        [
            NewMessage(
                message, customer, "UTC", "email", "main:0", f"{customer}@x", f"{customer}@x",
                "only", "en-US", True, at, at + timedelta(days=1),
            )
        ],
    )  # fmt: skip
    later = at + timedelta(days=1)
    ledger.claim([Claim(message, b"{}", "sha256:p", "only", "en-US", later, page)], at)
    ledger.mark_sending([message], "mail", at)
    ledger.settle([Settlement(message, State.ACCEPTED)], "mail", at)
    return message


def test_a_page_outlives_its_body_and_the_process(ledger: SqliteLedger) -> None:
    message = sent(ledger, "a", PAGE)
    found = ledger.message(message)
    assert found is not None and found.body == b""
    again = SqliteLedger(ledger.path)
    assert again.view(message, NOON + timedelta(days=59)) == PAGE
    again.close()


def test_what_links_to_nothing_is_not_kept(ledger: SqliteLedger) -> None:
    assert ledger.view(sent(ledger, "b", ""), NOON) is None
    assert ledger.view("c" * 64, NOON) is None
    assert ledger.db.execute("SELECT count(*) FROM views").fetchone() == (0,)


def test_a_page_is_over_and_then_forgotten(ledger: SqliteLedger) -> None:
    message = sent(ledger, "a", PAGE)
    assert ledger.view(message, NOON + KEPT) is None
    sent(ledger, "b", PAGE, NOON + KEPT)
    assert ledger.db.execute("SELECT count(*) FROM views").fetchone() == (1,)


def test_a_ledger_of_the_format_before_gets_the_table(ledger: SqliteLedger) -> None:
    ledger.db.execute("DROP TABLE views")
    ledger.db.execute("PRAGMA user_version = 1")
    again = SqliteLedger(ledger.path)
    assert again.view("a" * 64, NOON) is None
    again.close()
