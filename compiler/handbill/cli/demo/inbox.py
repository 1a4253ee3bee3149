"""The receivers' inbox as web pages: what has arrived, newest first, and each message as it looks.

Everything in them was written by somebody else. Text is escaped; a mail's own HTML is a document of
its own, sandboxed both by the page that frames it and by its own headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from handbill.cli.demo.receipt_book import Heading, ReceiptBook, Received
from handbill.cli.demo.show import from_line, message_page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

MOST = 300
Listed = tuple[int, Heading]
"""The number of its book, and the message."""
T = TypeVar("T")

_STYLE = """
body{margin:0;background:#f6f8fa;color:#1d2733;font:15px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:28px 16px}h1{font-size:24px}p,small{color:#5c6b7a}
div{overflow-x:auto}table{border-collapse:collapse;width:100%;background:#fff}
td,th{padding:8px 12px;text-align:left;border-bottom:1px solid #dde3ea;vertical-align:top}
td:nth-child(3){overflow-wrap:anywhere;max-width:280px}a{color:#0b6b3a}
input,button{font:inherit;padding:6px 10px;border:1px solid #b8c2cc;border-radius:8px}
input{width:min(420px,70%)}dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;
background:#fff;border:1px solid #dde3ea;padding:14px 18px;margin:0 0 16px}dt{color:#5c6b7a}
dd{margin:0;overflow-wrap:anywhere}iframe{width:100%;height:75vh;border:1px solid #dde3ea;
background:#fff}
"""
_INERT = {
    "Content-Security-Policy": (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        "style-src 'unsafe-inline'; img-src http: https: data:; font-src http: https: data:"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""A received document may show itself and open what a reader clicks on; it may run nothing, send
nothing and know nothing of the page around it."""
_OWN = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'"
}


def inbox_routes(books: Sequence[Path]) -> list[Route]:
    """`/?q=WORDS` lists; `/inbox/BOOK/PLACE` shows a message with its headers, `…/body` it alone."""
    from starlette.responses import HTMLResponse
    from starlette.routing import Route

    async def listing(request: Request) -> Response:
        words = request.query_params.get("q", "")
        return HTMLResponse(inbox_page(_newest(books, words), words), headers=_OWN)

    def find(request: Request) -> tuple[Heading, Received] | None:
        book, place = int(request.path_params["book"]), int(request.path_params["place"])
        return _read(books[book], lambda open: open.one(place)) if book < len(books) else None

    async def one(request: Request) -> Response:
        found = find(request)
        if found is None:
            return await nothing(request)
        return HTMLResponse(one_page(*found, f"{request.url.path}/body"), headers=_OWN)

    async def body(request: Request) -> Response:
        found = find(request)
        if found is None:
            return await nothing(request)
        return HTMLResponse(_links_in_new_tabs(message_page(found[1])), headers=_INERT)

    async def nothing(request: Request) -> Response:
        return HTMLResponse("<p>There is no such message.</p>", status_code=404)

    return [
        Route("/", listing, methods=["GET"]),
        Route("/inbox/{book:int}/{place:int}", one, methods=["GET"]),
        Route("/inbox/{book:int}/{place:int}/body", body, methods=["GET"]),
    ]


def _read(path: Path, question: Callable[[ReceiptBook], T]) -> T:
    book = ReceiptBook(path)
    try:
        return question(book)
    finally:
        book.close()


def _newest(books: Sequence[Path], words: str) -> list[Listed]:
    """Of all books together, those that hold every word in some column."""
    most = -1 if words.split() else MOST
    listed = [
        (number, heading)
        for number, path in enumerate(books)
        for heading in _read(path, lambda book: book.newest(most))
        if _holds(heading, words)
    ]
    listed.sort(key=lambda each: (each[1].received_at, each[1].place), reverse=True)
    return listed[:MOST]


def _holds(heading: Heading, words: str) -> bool:
    text = " ".join((*_columns(heading), heading.received_at)).casefold()
    return all(word in text for word in words.casefold().split())


def _columns(heading: Heading) -> tuple[str, str, str, str]:
    source = f"{heading.sender} · {heading.channel}" if heading.sender else heading.channel
    return _clock(heading.received_at), source, heading.recipient, heading.summary


def _clock(received_at: str) -> str:
    """This machine's time of day."""
    return datetime.fromisoformat(received_at).astimezone().strftime("%H:%M:%S")


def inbox_page(listed: Iterable[Listed], words: str = "") -> str:
    """Every value that arrived is escaped: the page shows hostile text, it does not run it."""
    rows = "".join(_row(number, heading) for number, heading in listed)
    count = f"at most {MOST}" + (f", with “{escape(words)}”" if words else "")
    return _page(
        "Inbox",
        "<h1>Inbox of the stand-in providers</h1>"
        f'<form><input type="search" name="q" value="{escape(words)}" '
        'aria-label="Words to look for" placeholder="a retailer, an address, words of the subject"> '
        f"<button>Find</button></form><p>Newest first, {count}. Times are this machine’s own.</p>"
        "<div><table><tr><th>Time</th><th>Retailer and channel</th><th>To</th><th>Message</th></tr>"
        f"{rows or '<tr><td colspan=4>Nothing.</td></tr>'}</table></div>",
    )


def _row(number: int, heading: Heading) -> str:
    clock, source, recipient, summary = (escape(each) for each in _columns(heading))
    return (
        f'<tr><td><time datetime="{escape(heading.received_at)}">{clock}</time></td>'
        f"<td>{source}</td><td>{recipient}</td>"
        f'<td><a href="/inbox/{number}/{heading.place}">{summary or "(no subject)"}</a></td></tr>'
    )


def one_page(heading: Heading, received: Received, body: str) -> str:
    """Headers as text, and the message in a frame; `body` is the URL of it alone."""
    lines = [
        ("From", from_line(received)),
        ("To", heading.recipient),
        ("Subject", heading.summary),
        ("Received", f"{heading.received_at} by {heading.channel}"),
        ("Message id", received.message),
    ]
    shown = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in lines if text)
    return _page(
        heading.summary or "(no subject)",
        f'<p><a href="/">Inbox</a> · <a href="{body}">the message alone</a></p><dl>{shown}</dl>'
        '<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The message" '
        f'src="{body}"></iframe>',
    )


def _page(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><main>{content}</main></html>"
    )


def _links_in_new_tabs(page: str) -> str:
    """A link that opened inside the frame would be as powerless as the mail itself."""
    return re.sub(r"<head\b[^>]*>", r'\g<0><base target="_blank">', page, count=1, flags=re.I)
