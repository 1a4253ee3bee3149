"""A campaign's messages as one page: pick a persona, a variant and a locale, on a phone or a desktop.

Every choice is a radio button, and one line of style a choice hides what is not chosen: the page runs
nothing, loads nothing and opens from a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handbill.cli.rehearsal.shown import Shown
from handbill.diff.model import Rendering
from handbill.diff.renderers.html_messages import (
    LAZY,
    Pictures,
    message,
    note_badge,
)
from handbill.diff.renderers.html_page import escaped, name, page, switch, width_switch
from handbill.diff.renderers.html_style import COLORS, MESSAGES, PAGE, PREVIEW

_PICKED = (("persona", "p"), ("variant", "v"), ("locale", "l"))
"""What is picked, and the letter of its switches and classes."""


def preview_page(
    shown: Shown,
    pictures: Pictures,
    at: datetime,
    described: Mapping[str, str],
    desktop: bool = False,
) -> str:
    """`described` is persona → what its file says of it."""
    plan = shown.plan
    title = f"{plan.tenant}/{plan.campaign}"
    badge = {"active": "started", "paused": "note"}.get(shown.status, "")
    head = (
        f'<h1>{name(plan.campaign)}</h1><p class="sides"><span><b>{name(plan.tenant)}</b></span>'
        f'<span class="badge {badge}">{escaped(shown.status)}</span>'
        f"<span>as of {at:%Y-%m-%d %H:%M} UTC</span></p>"
    )
    styles = (COLORS, PAGE, MESSAGES, PREVIEW, *_hiding(shown))
    main = head + _pickers(shown) + _sets(shown, pictures, described) + _left_out(shown)
    return page(title, styles, width_switch(desktop), main)


def message_page(rendering: Rendering, pictures: Pictures, desktop: bool) -> str:
    """One message alone, for a picture of it: there at once, since nobody waits for it."""
    device = "desktop" if desktop else "handheld"
    seen = message(rendering, pictures, "").replace(LAZY, "", 1)
    inner = f'<div class="alone {device}">{seen}</div>'
    return page("message", (COLORS, PAGE, MESSAGES, PREVIEW, _ALONE), width_switch(desktop), inner)


_ALONE = ".bar{display:none}main{padding:0;max-width:none}body{background:var(--back)}"


def _hiding(shown: Shown) -> Sequence[str]:
    rules = []
    for what, letter in _PICKED:
        for place in range(len(shown.names(what))):
            chosen = f"{letter}{place}"
            rules.append(f":root:has(#{chosen}:checked) .set:not(.{chosen}){{display:none}}\n")
    return rules


def _pickers(shown: Shown) -> str:
    pickers = []
    for what, letter in _PICKED:
        names = shown.names(what)
        options = [(f"{letter}{place}", each) for place, each in enumerate(names)]
        pickers.append(switch(what.capitalize(), letter, options) if len(names) > 1 else "")
    return f'<div class="pickers">{"".join(pickers)}</div>'


def _sets(shown: Shown, pictures: Pictures, described: Mapping[str, str]) -> str:
    places = [{each: place for place, each in enumerate(shown.names(what))} for what, _ in _PICKED]
    groups: dict[tuple[str, str, str], list[Rendering]] = {}
    for each in shown.renderings:
        groups.setdefault((each.persona, each.variant, each.locale), []).append(each)
    found = []
    for key, messages in groups.items():
        at = [place[each] for place, each in zip(places, key, strict=True)]
        classes = " ".join(f"{letter}{n}" for (_, letter), n in zip(_PICKED, at, strict=True))
        cards = "".join(_card(each, pictures) for each in messages)
        found.append(
            f'<section class="set {classes}"><h2>To {name(key[0])}</h2>'
            f'<p class="lead">{name(described.get(key[0], ""))}</p>'
            f'<div class="cards">{cards}</div></section>'
        )
    return "".join(found) or '<div class="none">Nobody to show it to</div>'


def _card(rendering: Rendering, pictures: Pictures) -> str:
    note = note_badge(rendering)
    told = f"<p>{note}</p>" if note else ""
    return (
        f'<article class="one"><h3>{name(rendering.channel)}</h3>{told}'
        f"{message(rendering, pictures, '')}</article>"
    )


def _left_out(shown: Shown) -> str:
    if not shown.left_out:
        return ""
    return f'<p class="warning">{shown.left_out:,} more are not on this page.</p>'
