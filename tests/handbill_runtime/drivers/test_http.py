"""HTTP against a real server: what each answer, and each silence, is called."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from handbill.plan.model import Responses, Vendor
from handbill_runtime.drivers.body import RequestContract
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


def _odd(server: Any, odd: Any) -> list[Answer]:
    """Twenty messages, of which the eighth is answered oddly."""
    Reply = _reply_type(server)

    def reply(request: Any) -> Any:
        return odd if json.loads(request.body)["title"] == "7" else Reply(200, b"{}")

    server.reply = reply
    return list(
        deliver(
            server.url,
            [replace(PUSH, id=f"{n:064x}", parts={"title": str(n)}) for n in range(20)],
        )
    )


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"zz", {"Content-Type": "text/plain; charset=hex"}),
        (b"\\ud800", {"Content-Type": "text/plain; charset=unicode_escape"}),
        (b"zzzzz", {"Content-Encoding": "gzip"}),
        (b"[" * 50_000, {}),
        (b'{"results": [{"a/b": ' + b"9" * 5000 + b"}]}", {}),
        (b"x" * 5_000_000, {}),
    ],
)
def test_an_odd_body_of_one_answer_spoils_nothing(
    http_server: Any, body: bytes, headers: dict[str, str]
) -> None:
    answers = _odd(http_server, _reply_type(http_server)(200, body, headers))
    assert answers == [Accepted("")] * 20


def test_half_a_character_in_an_answer_is_replaced(http_server: Any) -> None:
    Reply = _reply_type(http_server)
    http_server.reply = lambda request: Reply(200, b'{"results": [{"a/b": "\\ud800x"}]}')
    (accepted,) = deliver(http_server.url)
    assert isinstance(accepted, Accepted)
    accepted.provider_id.encode()
    http_server.reply = lambda request: Reply(400, b"Num\xe9ro \xe0 refuser")
    assert list(deliver(http_server.url)) == [Refused("400 Num\ufffdro \ufffd refuser")]


def test_a_bug_met_by_one_message_is_only_its_own(
    http_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = RequestContract.fill

    def fill(self: RequestContract, endpoint: Endpoint, envelope: Envelope) -> Any:
        if envelope.parts["title"] == "3":
            raise ZeroDivisionError("bug")
        return original(self, endpoint, envelope)

    monkeypatch.setattr(RequestContract, "fill", fill)
    answers = _odd(http_server, _reply_type(http_server)(200, b"{}"))
    assert isinstance(answers.pop(3), Uncertain)
    assert answers == [Accepted("")] * 19


def test_no_proxy_or_password_file_of_the_machine_is_used(
    http_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    (answer,) = deliver(http_server.url)
    assert isinstance(answer, Accepted)
    assert "Authorization" not in http_server.received[0].headers
