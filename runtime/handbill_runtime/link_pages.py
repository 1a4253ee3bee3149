"""The pages behind links in messages: each whole in itself, and none of them for search engines."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

NOT_FOUND = "There is nothing at this address. Was the link cut off when it was copied?"
_QUIET = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
OWN_PAGE: Mapping[str, str] = {
    **_QUIET,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
}
"""Headers of a page that Handbill wrote."""
MESSAGE_PAGE: Mapping[str, str] = {
    **_QUIET,
    "Content-Security-Policy": "default-src 'none'; img-src https: http: data:;"
    " style-src 'unsafe-inline' https:; font-src https:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
    " allow-top-navigation-by-user-activation",
}
"""Headers of a message shown as a page: pictures, styles and links are all that works in it."""


def page(sentence: str, button: str = "", title: str = "Unsubscribe") -> str:
    """A page that needs nothing from elsewhere; its form posts back to its own address."""
    form = f'<form method="post"><button>{escape(button)}</button></form>' if button else ""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title>"
        "<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;"
        "padding:0 1rem}button{font:inherit;padding:.5rem 1.5rem}</style>"
        f"<p>{escape(sentence)}</p>{form}</html>"
    )
