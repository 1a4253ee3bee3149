"""HTTP against a real server: what each answer, and each silence, is called."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from handbill.plan.model import Responses, Vendor
from handbill_runtime.drivers.driver import (
    Accepted,
    Answer,
    Endpoint,
    Envelope,
    Refused,
    Retry,
    Uncertain,
)
from handbill_runtime.drivers.http import HttpDriver

PUSH = Envelope(
    "ab" * 32, "fresh-fields", "winback", "token-1", "", "", {"title": "Hi"}, "",
    datetime(2026, 12, 5, tzinfo=UTC),
)  # fmt: skip
FIELD = {"op": "field", "path": ["parts", "title"], "type": {"type": "string", "maximum": 99}}
VENDOR = msgspec.convert(
    {
        "driver": "http",
        "request": {
            "method": "POST",
            "path": [{"op": "text", "text": "/send"}],
            "headers": {},
            "encoding": "json",
            "body": {
                "kind": "object",
                "members": {
                    "title": {
                        "kind": "text",
                        "text": [{"op": "put", "escape": "none", "expression": FIELD}],
                    }
                },
            },
        },
        "responses": {
            "accepted": ["2xx"],
            "retry": ["429", "500-599"],
            "unreachable": ["404", "410"],
            "id_pointer": "/results/0/a~1b",
        },
        "idempotency_header": "Idempotency-Key",
    },
    Vendor,
)


def deliver(
    url: str, envelopes: Sequence[Envelope] = (PUSH,), vendor: Vendor = VENDOR
) -> Sequence[Answer]:
    async def run() -> Sequence[Answer]:
        driver = HttpDriver()
        try:
            return await driver.deliver(Endpoint("fcm", url, None, vendor), envelopes)
        finally:
            await driver.close()

    return asyncio.run(run())


def test_a_batch_is_answered_in_its_order(http_server: Any) -> None:
    def reply(request: Any) -> Any:
        title = json.loads(request.body)["title"]
        body = json.dumps({"results": [{"a/b": f"id-{title}"}]}).encode()
        return Reply(200, body)

    Reply = _reply_type(http_server)
    http_server.reply = reply
    envelopes = [replace(PUSH, id=f"{n:064x}", parts={"title": str(n)}) for n in range(50)]
    answers = deliver(http_server.url, envelopes)
    assert answers == [Accepted(f"id-{n}") for n in range(50)]
    keys = {request.headers["Idempotency-Key"] for request in http_server.received}
    assert keys == {envelope.id for envelope in envelopes}


def _reply_type(server: Any) -> Any:
    return type(server.reply(None))


@pytest.mark.parametrize(
    ("status", "headers", "answer"),
    [
        (202, {}, Accepted("")),
        (429, {"Retry-After": "17"}, Retry("429 {}", 17.0)),
        (503, {}, Retry("503 {}", None)),
        (503, {"Retry-After": "soon"}, Retry("503 {}", None)),
        (404, {}, Refused("404 {}", unreachable=True)),
        (400, {}, Refused("400 {}")),
        (302, {"Location": "http://127.0.0.1:1/"}, Uncertain("302 {}")),
    ],
)
def test_statuses(http_server: Any, status: int, headers: dict[str, str], answer: Answer) -> None:
    Reply = _reply_type(http_server)
    http_server.reply = lambda request: Reply(status, b"{}", headers)
    assert list(deliver(http_server.url)) == [answer]
    assert len(http_server.received) == 1


def test_a_date_to_retry_after_counts_from_the_answers_own_date(http_server: Any) -> None:
    Reply = _reply_type(http_server)
    headers = {"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}
    http_server.reply = lambda request: Reply(503, b"{}", headers)
    (answer,) = deliver(http_server.url)
    assert answer == Retry("503 {}", 24 * 3600.0)  # never longer than a day


def test_silence_after_the_request_is_uncertain(http_server: Any) -> None:
    Reply = _reply_type(http_server)
    http_server.reply = lambda request: Reply(None)
    (answer,) = deliver(http_server.url)
    assert isinstance(answer, Uncertain)
    assert len(http_server.received) == 1


def test_no_connection_is_a_retry() -> None:
    (answer,) = deliver("http://127.0.0.1:1")
    assert isinstance(answer, Retry)


def test_without_declared_responses_only_429_is_tried_again(http_server: Any) -> None:
    Reply = _reply_type(http_server)
    plain = msgspec.structs.replace(VENDOR, responses=None)
    http_server.reply = lambda request: Reply(500)
    assert isinstance(deliver(http_server.url, vendor=plain)[0], Uncertain)
    http_server.reply = lambda request: Reply(429)
    assert isinstance(deliver(http_server.url, vendor=plain)[0], Retry)


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"results": []}', b'{"results": 3}'])
def test_an_answer_without_the_id_is_still_accepted(http_server: Any, body: bytes) -> None:
    Reply = _reply_type(http_server)
    http_server.reply = lambda request: Reply(200, body)
    assert list(deliver(http_server.url)) == [Accepted("")]


def test_what_cannot_be_sent_is_refused(http_server: Any) -> None:
    (bad_url,) = deliver("ftp://127.0.0.1")
    assert isinstance(bad_url, Refused)
    (no_request,) = deliver(http_server.url, vendor=Vendor(driver="http"))
    assert isinstance(no_request, Refused)
    form = {"kind": "object", "members": {"x": {"kind": "object", "members": {}}}}
    request = msgspec.to_builtins(VENDOR.request) | {"encoding": "form", "body": form}
    nested = msgspec.convert({"driver": "http", "request": request}, Vendor)
    (unsafe,) = deliver(http_server.url, vendor=nested)
    assert isinstance(unsafe, Refused)
    assert http_server.received == []


def test_ranges_of_statuses() -> None:
    from handbill_runtime.drivers.http import _listed

    responses = Responses(accepted=("200", "202-204", "3xx"))
    accepted = [status for status in range(100, 600) if _listed(status, responses.accepted)]
    assert accepted == [200, 202, 203, 204, *range(300, 400)]
