"""A message as a page: its frozen HTML, for those whose mail program does not show it well.

What is shown is what was sent, kept in the ledger beside the message (ledger/views.py), so that it is
the same after a restart and under a later release. The address says nothing about the customer, and
the page can run nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from handbill_runtime.ledger.ledger import Ledger
from handbill_runtime.link_pages import MESSAGE_PAGE, OWN_PAGE, page
from handbill_runtime.signed_links import ViewLinks

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

TITLE = "Message"
INVALID = "This link is not valid. Was it cut off when it was copied?"
GONE = "This message is no longer kept. The mail itself still shows it."


def view_routes(ledger: Callable[[], Ledger], now: Callable[[], datetime]) -> list[Route]:
    """`/v/TOKEN`: 200 with the message, 404 for a link that is none, 410 for one that is over."""
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    async def respond(request: Request) -> Response:
        message = ViewLinks("", ledger().secret()).message(str(request.path_params["token"]))
        if message is None:
            return HTMLResponse(page(INVALID, title=TITLE), 404, OWN_PAGE)
        shown = ledger().view(message, now())
        if shown is None:
            return HTMLResponse(page(GONE, title=TITLE), 410, OWN_PAGE)
        return HTMLResponse(shown, 200, MESSAGE_PAGE)

    return [Route("/v/{token}", respond)]
