"""The frame of every page: a document that holds all it shows, runs nothing and loads nothing.

`escaped` is the one way in which foreign text comes into it.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
"""No script, no frame from elsewhere, no picture but those that the page holds. A mail in a frame with
`srcdoc` is bound by it as well (HTML Standard, 7.6: such documents inherit the policy)."""
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect "
    "width='16' height='16' rx='4' fill='%230b6b3a'/%3E%3Cpath d='M4 5h8M4 8h8M4 11h5' "
    "stroke='%23fff' stroke-width='1.6'/%3E%3C/svg%3E"
)


def escaped(text: object) -> str:
    """For text and for attributes in double quotes."""
    return html.escape(str(text), quote=True)


def name(text: object) -> str:
    """A foreign name, that cannot turn the direction of what stands around it."""
    return f"<bdi>{escaped(text)}</bdi>"


def page(title: str, styles: Sequence[str], bar: str, main: str) -> str:
    """`title` is plain text; the others are what this package made."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escaped(POLICY)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        f'<link rel="icon" href="{escaped(_ICON)}"><title>{escaped(title)}</title>'
        f"<style>{''.join(styles)}</style></head><body>"
        f'<div class="bar"><div><strong>Handbill</strong>{bar}{_color_switch()}</div></div>'
        f"<main>{main}</main></body></html>\n"
    )


def switch(legend: str, group: str, options: Sequence[tuple[str, str]], chosen: int = 0) -> str:
    """Radio buttons in a row; an option is its element's id, and its words."""
    labels = "".join(
        f'<label><input type="radio" name="{escaped(group)}" id="{escaped(identifier)}"'
        f"{' checked' if place == chosen else ''}>{escaped(words)}</label>"
        for place, (identifier, words) in enumerate(options)
    )
    return f'<fieldset><legend>{escaped(legend)}</legend><div class="seg">{labels}</div></fieldset>'


def width_switch(desktop: bool = False) -> str:
    options = [("w-phone", "Phone"), ("w-desktop", "Desktop")]
    return switch("Width", "w", options, int(desktop))


def _color_switch() -> str:
    options = [("c-auto", "Auto"), ("c-light", "Light"), ("c-dark", "Dark")]
    return switch("Colours", "c", options)
