"""One received message as a page: a mail as its own HTML, anything else as a phone would show it."""

from __future__ import annotations

import email
import email.policy
import json
from email.message import EmailMessage
from html import escape

from handbill.cli.demo.receipt_book import Received

_PHONE = (
    '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<style>body{margin:0;background:#dfe3e8;font:15px/1.45 system-ui,sans-serif;padding:28px}"
    "div{background:#fff;border-radius:16px;padding:14px 18px;max-width:320px;"
    "box-shadow:0 1px 4px #0003;overflow-wrap:anywhere}b{display:block;font-size:12px;"
    "color:#667;margin-bottom:4px;text-transform:uppercase}</style>"
)
_PLAIN = '<!doctype html><meta charset="utf-8"><pre style="white-space:pre-wrap">'


def message_page(received: Received) -> str:
    """HTML. A mail's own markup is shown as it is: the page that embeds it must be sandboxed."""
    if received.channel == "email":
        body = _mail(received).get_body(preferencelist=("html", "plain"))
        if body is None:
            return ""
        content = str(body.get_content())
        return content if body.get_content_subtype() == "html" else f"{_PLAIN}{escape(content)}"
    return f"{_PHONE}<div><b>{escape(received.channel)}</b>{_phone_text(received)}</div>"


def from_line(received: Received) -> str:
    """Whose message it is, in full where it is a mail. Plain text."""
    if received.channel == "email":
        return str(_mail(received)["From"] or "")
    return received.sender


def _mail(received: Received) -> EmailMessage:
    return email.message_from_bytes(received.body.encode(), policy=email.policy.default)


def _phone_text(received: Received) -> str:
    if received.channel == "sms":
        return escape(received.body)
    document = json.loads(received.body)
    shown = document.get("message", {}).get("notification", document)
    title, body = shown.get("title", received.summary), shown.get("body", "")
    return f"<strong>{escape(str(title))}</strong><br>{escape(str(body))}"
