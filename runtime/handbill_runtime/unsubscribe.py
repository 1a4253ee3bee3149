"""One-click unsubscribe (RFC 8058): links that cannot be guessed, and the endpoint behind them.

A link names one message and is signed with the ledger's own secret. Following it changes nothing
(mail scanners follow links); a POST, from the mailbox's button or from the page's, stops all
marketing on that channel for the customer and the address.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.ledger.model import Message, Suppression
from handbill_runtime.link_pages import OWN_PAGE, page
from handbill_runtime.signed_links import UnsubscribeLinks

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route


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


def unsubscribe_routes(
    ledger: Callable[[], Ledger],
    now: Callable[[], datetime],
    names: Mapping[str, str] | None = None,
) -> list[Route]:
    """`/u/TOKEN`. `ledger` answers in the thread that serves; `names` maps a tenant to what shoppers
    call it."""
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    def answer(sentence: str, status: int = 200, button: str = "") -> Response:
        return HTMLResponse(page(sentence, button), status, OWN_PAGE)

    async def respond(request: Request) -> Response:
        message = find_message(ledger(), str(request.path_params["token"]))
        if message is None:
            return answer("This link is not valid.", 404)
        name = (names or {}).get(message.occurrence.tenant, message.occurrence.tenant)
        if request.method == "POST":
            unsubscribe(ledger(), message, now())
            return answer(f"You will get no more offers by {message.channel} from {name}.")
        return answer(f"Stop offers by {message.channel} from {name}?", button="Stop")

    return [Route("/u/{token}", respond, methods=["GET", "POST"])]


def find_message(ledger: Ledger, token: str) -> Message | None:
    message = UnsubscribeLinks("", ledger.secret()).message(token)
    return None if message is None else ledger.message(message)
