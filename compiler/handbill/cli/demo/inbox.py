"""The receivers' inbox as web pages: what has arrived, newest first, and each message as it looks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from handbill.cli.demo.receipt_book import ReceiptBook, Received
from handbill.cli.demo.show import message_page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

MOST = 300

_STYLE = """
body{margin:0;background:#f6f8fa;color:#1d2733;font:15px/1.5 system-ui,sans-serif}
main{max-width:980px;margin:0 auto;padding:28px 16px}h1{font-size:24px}p{color:#5c6b7a}
div{overflow-x:auto}table{border-collapse:collapse;width:100%;background:#fff}
td,th{padding:8px 12px;text-align:left;border-bottom:1px solid #dde3ea}a{color:#0b6b3a}
"""


def inbox_routes(books: Sequence[Path]) -> list[Route]:
    """`/` lists, `/inbox/BOOK/PLACE` shows one message in a sandboxed page."""
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    async def listing(request: Request) -> Response:
        return HTMLResponse(inbox_page([_newest(path) for path in books]))

    async def one(request: Request) -> Response:
        book, place = int(request.path_params["book"]), int(request.path_params["place"])
        received = _one(books[book], place) if book < len(books) else None
        if received is None:
            return HTMLResponse("<p>There is no such message.</p>", status_code=404)
        headers = {"Content-Security-Policy": "sandbox; script-src 'none'"}
        return HTMLResponse(message_page(received), headers=headers)

    return [
        Route("/", listing, methods=["GET"]),
        Route("/inbox/{book:int}/{place:int}", one, methods=["GET"]),
    ]


def _newest(path: Path) -> list[tuple[int, Received]]:
    book = ReceiptBook(path)
    try:
        return book.newest(MOST)
    finally:
        book.close()


def _one(path: Path, place: int) -> Received | None:
    book = ReceiptBook(path)
    try:
        return book.one(place)
    finally:
        book.close()


def inbox_page(books: Sequence[Sequence[tuple[int, Received]]]) -> str:
    """Every value that arrived is escaped: the page shows hostile text, it does not run it."""
    rows = "".join(
        f"<tr><td>{escape(each.channel)}</td><td>{escape(each.recipient)}</td>"
        f'<td><a href="/inbox/{number}/{place}">{escape(each.summary) or "(no subject)"}</a></td></tr>'
        for number, book in enumerate(books)
        for place, each in book
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Inbox</title><style>{_STYLE}</style><main><h1>Inbox of the stand-in providers</h1>"
        f"<p>Newest first, at most {MOST} of each kind.</p><div><table>"
        f"<tr><th>Channel</th><th>To</th><th>Message</th></tr>{rows}</table></div></main></html>"
    )
