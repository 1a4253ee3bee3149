"""Channels and vendors."""

from __future__ import annotations

from handbill.schema.models.channel import ChannelDocument, VendorDocument


def test_a_channel() -> None:
    channel = ChannelDocument.model_validate(
        {"address": "phone", "parts": {"body": {"kind": "text"}}}
    )
    assert (channel.batch, channel.parts["body"].required, channel.max_bytes) == (50, False, None)


def test_statuses_may_be_numbers_and_ranges() -> None:
    responses = {"accepted": [200, "2xx"], "retry": ["500-599"], "id": "/a/0/b"}
    vendor = VendorDocument.model_validate({"driver": "http", "responses": responses})
    assert vendor.responses and vendor.responses.accepted == [200, "2xx"]


def test_a_body_is_any_json() -> None:
    body = {"a": [1, {"b": None, "c": True}], "d": "{{ parts.body }}"}
    vendor = VendorDocument.model_validate({"driver": "http", "request": {"body": body}})
    assert vendor.request and vendor.request.body == body
    assert vendor.request.method == "POST"
