"""A message as its reader sees it: a mail in a frame that can run nothing, a push on a lock screen, an
SMS as a bubble. The markup of a mail stands in a `srcdoc` attribute and nowhere else.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence

from handbill.diff.model import Rendering, Stretch
from handbill.diff.renderers.html_page import escaped, name

Pictures = Mapping[str, bytes]
"""Name of a picture (`<sha-256>.<kind>`) → its bytes."""
Changed = Mapping[str, Sequence[Stretch]]
"""Part → how it differs from the other side."""
_SAME: Changed = {}
LAZY = 'loading="lazy"'
"""Of the frames of mails: those that are not chosen, or far below, cost nothing."""
_PICTURE = re.compile(r"https?://[^\s\"'()<>]+/([0-9a-f]{64}\.(?:png|jpg|jpeg|gif|webp))")
_FRAME = re.compile(r"<(/?)(i?frame)", re.IGNORECASE)
"""The page's policy forbids frames from elsewhere, but browsers connect to them before they look at it."""
_LINK = re.compile(r"<link(?=[\s/>])", re.IGNORECASE)
"""The policy has no word about connecting ahead (`rel=preconnect`); of `<meta>` nothing is loaded, and a
head goes on behind it."""
LARGEST_PICTURE = 400_000
"""Bytes of a picture that a page holds; of a larger one the place stays empty."""


def message(
    rendering: Rendering | None,
    pictures: Pictures,
    caption: str,
    side: str = "",
    changed: Changed = _SAME,
) -> str:
    """One `figure`; `side` is `was`, `is` or nothing. None is a message that is not sent.

    Texts that are `changed` show how; a mail's markup is shown as it is.
    """
    inner = _NOTHING if rendering is None else _body(rendering, pictures, changed)
    told = f"<figcaption>{escaped(caption)}</figcaption>" if caption else ""
    return f'<figure class="message {escaped(side)}">{told}{inner}</figure>'


def stretches(found: Sequence[Stretch]) -> str:
    """A word diff."""
    tags = {"same": "span", "removed": "del", "added": "ins"}
    return "".join(f"<{tags[each.kind]}>{escaped(each.text)}</{tags[each.kind]}>" for each in found)


def is_kept_back(rendering: Rendering) -> bool:
    """Whether its note says that the person would not get it, as cli.rehearsal.rendering writes it."""
    return "would not be " in rendering.note


def with_pictures(markup: str, pictures: Pictures) -> str:
    """The markup with every picture of the tenant's as a data: URL."""
    return _PICTURE.sub(lambda found: _data_url(found[1], pictures) or found[0], markup)


def note_badge(rendering: Rendering | None) -> str:
    if rendering is None or not rendering.note:
        return ""
    return f'<span class="badge note">{name(rendering.note)}</span>'


_NOTHING = '<div class="none">No message</div>'


def _body(rendering: Rendering, pictures: Pictures, changed: Changed) -> str:
    parts = rendering.parts
    if not parts:
        return '<div class="none">Nothing to show</div>'
    if "html" in parts:
        return _mail(rendering, pictures, changed)
    if rendering.segments is not None:
        return _sms(rendering, changed)
    if "title" in parts or "body" in parts:
        return _push(rendering, pictures, changed)
    return _other(parts)


def _told(parts: Mapping[str, str], part: str, changed: Changed) -> str:
    """A part's text, with what changed in it."""
    if part in changed:
        return f"<bdi>{stretches(changed[part])}</bdi>"
    return name(parts.get(part, ""))


def _mail(rendering: Rendering, pictures: Pictures, changed: Changed) -> str:
    parts = rendering.parts
    source = _FRAME.sub(r"<\1no-\2", with_pictures(parts["html"], pictures))
    source = _LINK.sub("<meta data-link", source)
    rows = "".join(
        f'<dt>{part}</dt><dd class="{part}">{_told(parts, part, changed)}</dd>'
        for part in ("subject", "preheader")
        if parts.get(part)
    )
    title = f"Mail to {rendering.persona}: {parts.get('subject', '')}"
    return (
        f'<div class="mail"><dl>{rows}</dl><iframe sandbox="" {LAZY} '
        f'referrerpolicy="no-referrer" title="{escaped(title)}" srcdoc="{escaped(source)}">'
        f"</iframe></div>{_extra(parts, changed, ('subject', 'preheader', 'html', 'text'))}"
    )


def _push(rendering: Rendering, pictures: Pictures, changed: Changed) -> str:
    parts = rendering.parts
    image = _picture(parts.get("image", ""), pictures)
    return (
        '<div class="phone"><div class="push">'
        f"<small><span>{name(rendering.channel)}</span><span>now</span></small>"
        f"<b>{_told(parts, 'title', changed)}</b><p>{_told(parts, 'body', changed)}</p>{image}"
        f"</div></div>{_extra(parts, changed, ('title', 'body', 'image'))}"
    )


def _sms(rendering: Rendering, changed: Changed) -> str:
    count, parts = rendering.segments or 1, rendering.parts
    texts = "".join(f'<div class="bubble">{_told(parts, part, changed)}</div>' for part in parts)
    characters = sum(map(len, parts.values()))
    cost = f"{count} segment{'' if count == 1 else 's'} · {characters} characters"
    return f'<div class="texts">{texts}<small>{cost}</small></div>'


def _other(parts: Mapping[str, str]) -> str:
    rows = "".join(
        f"<tr><th>{name(part)}</th><td>{name(text)}</td></tr>" for part, text in parts.items()
    )
    return f'<div class="other"><table>{rows}</table></div>'


def _extra(parts: Mapping[str, str], changed: Changed, shown: Sequence[str]) -> str:
    """What a reader does not see at once: a link, a lifetime."""
    told = [f"{name(each)}: {_told(parts, each, changed)}" for each in parts if each not in shown]
    return f'<p class="extra">{"<br>".join(told)}</p>' if told else ""


def _picture(address: str, pictures: Pictures) -> str:
    found = _PICTURE.fullmatch(address)
    url = _data_url(found[1], pictures) if found else None
    if url is None:
        return f"<small>picture: {name(address)}</small>" if address else ""
    return f'<img alt="" src="{escaped(url)}">'


def _data_url(picture: str, pictures: Pictures) -> str | None:
    data = pictures.get(picture)
    if data is None or len(data) > LARGEST_PICTURE:
        return None
    kind = picture.rpartition(".")[2].replace("jpg", "jpeg")
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
