"""Requests from a contract alone: JSON, forms, absent parts, and nothing smuggled."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from handbill.plan.model import Vendor
from handbill_runtime.drivers.body import Request, RequestContract, UnsafeRequest, reads_secret
from handbill_runtime.drivers.driver import Endpoint, Envelope
from handbill_runtime.errors import ProviderFault

AT = datetime(2026, 12, 5, tzinfo=UTC)


def put(*path: str) -> dict[str, Any]:
    field = {"op": "field", "path": list(path), "type": {"type": "string", "maximum": 1000}}
    return {"op": "put", "escape": "none", "expression": field}


def text(*ops: Any, needs: tuple[str, ...] = ()) -> dict[str, Any]:
    written = [op if isinstance(op, dict) else {"op": "text", "text": op} for op in ops]
    return {"kind": "text", "text": written, "needs": list(needs)}


def vendor(**changes: Any) -> Vendor:
    request = {
        "method": "POST",
        "path": text("/projects/", put("sender", "workspace"), "/send")["text"],
        "headers": {"Authorization": text("Bearer ", put("provider", "secret"))["text"]},
        "encoding": "json",
        "body": {
            "kind": "object",
            "members": {
                "to": text(put("message", "address")),
                "title": text(put("parts", "title"), needs=("title",)),
                "web": {
                    "kind": "object",
                    "members": {"link": text(put("parts", "link"), needs=("link",))},
                },
                "dry_run": {"kind": "literal", "value": False},
                "tags": {
                    "kind": "array",
                    "items": [text(put("message", "campaign")), {"kind": "literal", "value": 7}],
                },
            },
        },
    }
    request.update(changes)
    return msgspec.convert({"driver": "http", "request": request}, Vendor)


def fill(contract: Vendor, secret: str | None = "s3", **changes: Any) -> Request:
    envelope = {
        "id": "ab" * 32, "tenant": "fresh-fields", "campaign": "winback", "address": "tok/../1",
        "sender": "+15185550100", "workspace": "fresh fields", "parts": {"title": "Hi"},
        "unsubscribe_url": "", "date": AT, **changes,
    }  # fmt: skip
    endpoint = Endpoint("fcm", "https://fcm.example/v1/", secret, contract)
    return RequestContract(contract).fill(endpoint, Envelope(**envelope))


def test_json_without_what_the_message_lacks() -> None:
    request = fill(vendor())
    assert request.url == "https://fcm.example/v1/projects/fresh%20fields/send"
    assert request.headers == {"Content-Type": "application/json", "Authorization": "Bearer s3"}
    assert json.loads(request.content) == {
        "to": "tok/../1", "title": "Hi", "dry_run": False, "tags": ["winback", 7],
    }  # fmt: skip


def test_json_with_every_part_and_odd_characters() -> None:
    parts = {"title": 'He said "50%"\n—\u2028', "link": "https://x.example"}
    body = json.loads(fill(vendor(), parts=parts).content)
    assert body["title"] == parts["title"]
    assert body["web"] == {"link": "https://x.example"}


def test_a_form() -> None:
    body = {
        "kind": "object",
        "members": {
            "To": text(put("message", "address")),
            "Body": text(put("parts", "title")),
            "Tag": {"kind": "array", "items": [text("a"), text("b")]},
            "Flag": {"kind": "literal", "value": True},
            "Count": {"kind": "literal", "value": 3},
            "Nothing": {"kind": "literal"},
        },
    }
    body["members"]["Nothing"] = {"kind": "literal", "value": None}  # type: ignore[index]
    request = fill(vendor(encoding="form", body=body), address="+1 518", parts={"title": "a&b=é"})
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert (
        request.content == b"To=%2B1+518&Body=a%26b%3D%C3%A9&Tag=a&Tag=b&Flag=true&Count=3&Nothing="
    )


def test_a_form_holds_no_objects() -> None:
    inner = {"kind": "object", "members": {"x": text("1")}}
    body = {"kind": "object", "members": {"to": inner}}
    with pytest.raises(UnsafeRequest, match="form"):
        fill(vendor(encoding="form", body=body))


def test_holes_in_the_path_are_encoded_and_cannot_leave_it() -> None:
    contract = vendor(path=text("/devices/", put("message", "address"))["text"])
    assert fill(contract, address="a/b?c#d é").url == (
        "https://fcm.example/v1/devices/a%2Fb%3Fc%23d%20%C3%A9"
    )
    for address in ("..", "."):
        with pytest.raises(UnsafeRequest, match="path"):
            fill(contract, address=address)


def test_a_header_holds_no_line_break() -> None:
    contract = vendor(headers={"X-Title": text(put("parts", "title"))["text"]})
    assert fill(contract).headers["X-Title"] == "Hi"
    for value in ("Hi\r\nX-Evil: 1", "Hi\x00", "é", "Hi ", " "):
        with pytest.raises(UnsafeRequest, match="X-Title"):
            fill(contract, parts={"title": value})


def test_the_idempotency_header_is_the_message_id() -> None:
    contract = msgspec.structs.replace(vendor(), idempotency_header="Idempotency-Key")
    assert fill(contract).headers["Idempotency-Key"] == "ab" * 32


def test_a_body_that_lost_everything_is_an_empty_object() -> None:
    body = {"kind": "object", "members": {"x": text(put("parts", "nope"), needs=("nope",))}}
    assert fill(vendor(body=body)).content == b"{}"


def test_a_vendor_without_a_request_is_a_fault() -> None:
    with pytest.raises(ProviderFault) as caught:
        RequestContract(Vendor(driver="http"))
    assert caught.value.code == "HB923"


def test_an_unbound_secret_is_empty() -> None:
    contract = vendor(headers={"X-Secret": text(put("provider", "secret"))["text"]})
    assert fill(contract, secret=None).headers["X-Secret"] == ""


def test_a_contract_says_whether_it_needs_the_secret() -> None:
    assert reads_secret(vendor())
    assert not reads_secret(vendor(headers={}))
    assert not reads_secret(Vendor(driver="smtp"))
