"""One-click unsubscribe (RFC 8058): links that cannot be guessed, and the endpoint behind them.

A link names one message and is signed with the ledger's own secret. Following it changes nothing
(mail scanners follow links); a POST, from the mailbox's button or from the page's, stops all
marketing on that channel for the customer and the address.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.model import Message, Suppression

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

SIGNATURE_LENGTH = 22
"""Base64 digits of the signature: 132 bits."""


class UnsubscribeLinks:
    """Makes and reads the links below one public URL."""

    def __init__(self, public_url: str, secret: bytes) -> None:
        self._root = public_url.rstrip("/")
        self._secret = secret

    def url(self, message: str) -> str:
        return f"{self._root}/u/{self.token(message)}"

    def token(self, message: str) -> str:
        return f"{message}.{self._signature(message)}"

    def message(self, token: str) -> str | None:
        """The message id of a token that this ledger signed."""
        message, _, signature = token.partition(".")
        known = self._signature(message).encode()
        return message if hmac.compare_digest(signature.encode(), known) else None

    def _signature(self, message: str) -> str:
        text = f"unsubscribe\x1f{message}".encode()
        digest = hmac.new(self._secret, text, hashlib.sha256).digest()
        return urlsafe_b64encode(digest).decode("ascii")[:SIGNATURE_LENGTH]


def unsubscribe(ledger: Ledger, message: Message, now: datetime) -> None:
    """Stop all marketing on the message's channel, for its customer and for its address."""
    tenant, channel = message.occurrence.tenant, message.channel
    ledger.suppress(
        [
            Suppression(
                tenant, channel, "customer", message.customer, "unsubscribed", "marketing", now,
                message=message.id,
            ),
            Suppression(
                tenant, channel, "address", message.address_key, "unsubscribed", "marketing", now,
                message=message.id,
            ),
        ]
    )  # fmt: skip


def unsubscribe_app(
    open_ledger: Callable[[], Ledger],
    now: Callable[[], datetime],
    names: Mapping[str, str] | None = None,
) -> Starlette:
    """The endpoint as an ASGI app. `open_ledger` is called once, in the app's own thread.

    `names` maps a tenant to what shoppers call it.
    """
    from starlette.applications import Starlette
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    opened: list[Ledger] = []

    async def respond(request: Request) -> Response:
        if not opened:
            opened.append(open_ledger())
        message = find_message(opened[0], str(request.path_params["token"]))
        if message is None:
            return HTMLResponse(page("This link is not valid."), status_code=404)
        name = (names or {}).get(message.occurrence.tenant, message.occurrence.tenant)
        if request.method == "POST":
            unsubscribe(opened[0], message, now())
            return HTMLResponse(
                page(f"You will get no more offers by {message.channel} from {name}.")
            )
        return HTMLResponse(page(f"Stop offers by {message.channel} from {name}?", button="Stop"))

    return Starlette(routes=[Route("/u/{token}", respond, methods=["GET", "POST"])])


def find_message(ledger: Ledger, token: str) -> Message | None:
    message = UnsubscribeLinks("", ledger.secret()).message(token)
    return None if message is None else ledger.message(message)


def page(sentence: str, button: str = "") -> str:
    """A page that needs nothing from elsewhere; its form posts back to its own address."""
    form = f'<form method="post"><button>{escape(button)}</button></form>' if button else ""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        "<title>Unsubscribe</title>"
        "<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;"
        "padding:0 1rem}button{font:inherit;padding:.5rem 1.5rem}</style>"
        f"<p>{escape(sentence)}</p>{form}</html>"
    )
