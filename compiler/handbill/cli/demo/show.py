"""One received message as a page: a mail as its own HTML, anything else as a phone would show it."""

from __future__ import annotations

import email
import email.policy
import json
from html import escape

from handbill.cli.demo.receipt_book import Received

_PHONE = (
    '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<style>body{margin:0;background:#dfe3e8;font:15px/1.45 system-ui,sans-serif;padding:28px}"
    "div{background:#fff;border-radius:16px;padding:14px 18px;max-width:320px;"
    "box-shadow:0 1px 4px #0003;overflow-wrap:anywhere}b{display:block;font-size:12px;"
    "color:#667;margin-bottom:4px;text-transform:uppercase}</style>"
)


def message_page(received: Received) -> str:
    """HTML. A mail's own markup is shown as it is: the page that embeds it must be sandboxed."""
    if received.channel == "email":
        message = email.message_from_bytes(received.body.encode(), policy=email.policy.default)
        body = message.get_body(preferencelist=("html", "plain"))
        return str(body.get_content()) if body is not None else ""
    return f"{_PHONE}<div><b>{escape(received.channel)}</b>{_phone_text(received)}</div>"


def _phone_text(received: Received) -> str:
    if received.channel == "sms":
        return escape(received.body)
    document = json.loads(received.body)
    shown = document.get("message", {}).get("notification", document)
    title, body = shown.get("title", received.summary), shown.get("body", "")
    return f"<strong>{escape(str(title))}</strong><br>{escape(str(body))}"
