"""Stand-ins for providers: a mail server and an HTTP service, each a process with its own book.

`python -m handbill.cli.demo.receivers smtp|http --port N --book FILE` serves on 127.0.0.1 until it
is ended. They accept everything; the HTTP one answers as FCM, Twilio or a plain webhook would, and
shows its own book and those of `--also` as an inbox at `/`.
"""

from __future__ import annotations

import argparse
import asyncio
import email
import email.policy
import json
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from handbill.cli.demo.inbox import inbox_routes
from handbill.cli.demo.lifeline import end_with_starter
from handbill.cli.demo.receipt_book import ReceiptBook, Received

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response


class MailHandler:
    """aiosmtpd's hooks: write the mail down, then accept it."""

    def __init__(self, book: ReceiptBook) -> None:
        self._book = book

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        content: bytes = envelope.content  # type: ignore[attr-defined]
        recipients: list[str] = envelope.rcpt_tos  # type: ignore[attr-defined]
        message = email.message_from_bytes(content, policy=email.policy.default)
        for recipient in recipients:
            self._book.write(received_mail(message, recipient, content))
        return "250 OK"


def received_mail(message: EmailMessage, recipient: str, content: bytes) -> Received:
    """The message id is the part of Message-ID before the `@`."""
    return Received(
        message=str(message["Message-ID"] or "").strip("<>").partition("@")[0],
        channel="email",
        recipient=recipient,
        summary=str(message["Subject"] or ""),
        body=content.decode("utf-8", "replace"),
        sender=_display_name(message),
    )


def _display_name(message: EmailMessage) -> str:
    """The first author's, or else their address."""
    addresses = getattr(message["From"], "addresses", ())
    return next((each.display_name or each.addr_spec for each in addresses), "")


async def serve_smtp(port: int, book: ReceiptBook) -> None:
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(MailHandler(book), enable_SMTPUTF8=True, data_size_limit=None, loop=loop),
        "127.0.0.1",
        port,
    )
    await server.serve_forever()


def http_application(book: ReceiptBook, books: Sequence[Path]) -> Starlette:
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def receive(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", "replace")
        path = request.url.path
        if path.startswith("/fcm/"):
            received, status, answer = received_push(body)
        elif path.startswith("/twilio/"):
            received, status, answer = received_sms(body, request.headers.get("X-Message-Id", ""))
        else:
            received, status, answer = received_hook(body, path)
        book.write(received)
        return JSONResponse(answer, status_code=status)

    everything = Route("/{path:path}", receive, methods=["POST", "PUT"])
    return Starlette(routes=[*inbox_routes(books), everything])


Answer = tuple[Received, int, dict[str, str]]


def received_push(body: str) -> Answer:
    message = json.loads(body)["message"]
    identity = message["data"]["message_id"]
    title = message["notification"]["title"]
    received = Received(identity, "push", message["token"], title, body)
    return received, 200, {"name": f"projects/demo/messages/{identity[:24]}"}


def received_sms(body: str, identity: str) -> Answer:
    fields = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
    text, sender = fields["Body"], fields.get("From", "")
    received = Received(identity, "sms", fields["To"], text[:60], text, sender)
    return received, 201, {"sid": f"SM{identity[:32]}", "status": "queued"}


def received_hook(body: str, path: str) -> Answer:
    """`path` ends in TENANT/CAMPAIGN."""
    document = json.loads(body)
    tenant = path.split("/")[-2]
    received = Received(document["id"], "webhook", document["to"], document["title"], body, tenant)
    return received, 202, {"id": document["id"]}


def serve_http(port: int, book: ReceiptBook, books: Sequence[Path]) -> None:
    import uvicorn

    uvicorn.run(
        http_application(book, books),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("kind", choices=["smtp", "http"])
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--book", type=Path, required=True)
    arguments.add_argument("--also", type=Path, action="append", default=[])
    arguments.add_argument("--lifeline", action="store_true", help="end when stdin ends")
    chosen = arguments.parse_args()
    if chosen.lifeline:
        end_with_starter()
    book = ReceiptBook(chosen.book)
    if chosen.kind == "smtp":
        asyncio.run(serve_smtp(chosen.port, book))
    else:
        serve_http(chosen.port, book, [chosen.book, *chosen.also])


if __name__ == "__main__":
    main()
