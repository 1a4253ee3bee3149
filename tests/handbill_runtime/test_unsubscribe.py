"""One click, over real HTTP, to the suppression list; nothing that only looks changes anything."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn

from handbill_runtime.ledger.model import NewMessage, Occurrence, Run, Selection, Suppression
from handbill_runtime.ledger.sqlite import SqliteLedger
from handbill_runtime.links_server import links_app
from handbill_runtime.signed_links import UnsubscribeLinks
from handbill_runtime.unsubscribe import find_message

NOON = datetime(2026, 12, 5, 17, 0, tzinfo=UTC)
MESSAGE = "ab" * 32


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqliteLedger]:
    opened = SqliteLedger(tmp_path / "ledger.db")
    opened.take_lease("test", NOON)
    occurrence = Occurrence("corner", "points", "")
    run = opened.add_run(Run(occurrence, "", "points", "sha256:p", NOON, NOON, date(2026, 12, 5)))
    opened.add_selections(run, [Selection("ann", "UTC", "selected")])
    opened.add_messages(
        run,
        [
            NewMessage(
                MESSAGE, "ann", "UTC", "email", "main:0", "Ann@shop.example", "ann@shop.example",
                "only", "en-US", True, NOON, NOON + timedelta(days=1),
            )
        ],
    )  # fmt: skip
    yield opened
    opened.close()


@pytest.fixture
def site(ledger: SqliteLedger) -> Iterator[str]:
    app = links_app(lambda: SqliteLedger(ledger.path), lambda: NOON, {"corner": "Corner <Shop>"})
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def suppressed(ledger: SqliteLedger) -> list[Suppression]:
    return list(ledger.suppressions("corner", ["ann"], ["ann@shop.example"]))


def link(ledger: SqliteLedger, site: str) -> str:
    return UnsubscribeLinks(site, ledger.secret()).url(MESSAGE)


def test_the_mailboxs_button_is_one_post(ledger: SqliteLedger, site: str) -> None:
    body = {"List-Unsubscribe": "One-Click"}
    assert httpx.post(link(ledger, site), data=body).status_code == 200
    assert [(row.subject, row.value, row.scope, row.cause) for row in suppressed(ledger)] == [
        ("customer", "ann", "marketing", "unsubscribed"),
        ("address", "ann@shop.example", "marketing", "unsubscribed"),
    ]
    assert {(row.message, row.at, row.channel) for row in suppressed(ledger)} == {
        (MESSAGE, NOON, "email")
    }


def test_following_the_link_changes_nothing_and_offers_a_button(
    ledger: SqliteLedger, site: str
) -> None:
    answer = httpx.get(link(ledger, site))
    assert answer.status_code == 200
    assert "Corner &lt;Shop&gt;" in answer.text
    assert '<form method="post"><button>' in answer.text
    assert suppressed(ledger) == []
    done = httpx.post(link(ledger, site))
    assert "no more offers" in done.text
    assert len(suppressed(ledger)) == 2


def test_posting_twice_is_once(ledger: SqliteLedger, site: str) -> None:
    httpx.post(link(ledger, site))
    httpx.post(link(ledger, site))
    assert len(suppressed(ledger)) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token.partition(".")[0],
        lambda token: "cd" * 32 + "." + token.partition(".")[2],
        lambda token: token + "A",
        lambda token: ".",
        lambda token: "é." + token.partition(".")[2],
    ],
)
def test_a_link_cannot_be_guessed(
    ledger: SqliteLedger, site: str, spoil: Callable[[str], str]
) -> None:
    token = UnsubscribeLinks(site, ledger.secret()).token(MESSAGE)
    answer = httpx.post(f"{site}/u/{spoil(token)}")
    assert answer.status_code == 404
    assert suppressed(ledger) == []


def test_another_ledgers_link_and_a_message_that_is_gone(
    ledger: SqliteLedger, tmp_path: Path
) -> None:
    other = SqliteLedger(tmp_path / "other.db")
    foreign = UnsubscribeLinks("", other.secret()).token(MESSAGE)
    assert find_message(ledger, foreign) is None
    gone = UnsubscribeLinks("", ledger.secret()).token("cd" * 32)
    assert find_message(ledger, gone) is None
    other.close()


def test_who_may_look_at_a_message_may_not_unsubscribe_by_that(
    ledger: SqliteLedger, site: str
) -> None:
    token = UnsubscribeLinks(site, ledger.secret()).view.token(MESSAGE)
    assert httpx.post(f"{site}/u/{token}").status_code == 404
    assert suppressed(ledger) == []


def test_the_page_is_nobody_elses(ledger: SqliteLedger, site: str) -> None:
    answer = httpx.get(link(ledger, site))
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
